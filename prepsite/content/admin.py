from django.contrib import admin
from django.http import HttpRequest

from prepsite.content import revision
from prepsite.content.historyadmin import HistoryAdmin
from prepsite.content.models import PublicationState


@admin.register(PublicationState)
class PublicationStateAdmin(HistoryAdmin):
    list_display = ["__str__", "show_cpt_content"]
    readonly_fields = ["revision"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: PublicationState | None = None
    ) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: PublicationState, form: object, change: bool
    ) -> None:
        # The revision may have risen since the form was opened: it is not written back.
        obj.save(update_fields=["show_cpt_content"])
        revision.bump()
