from django.contrib import admin
from django.http import HttpRequest

from prepsite.content import revision
from prepsite.content.models import PublicationState


@admin.register(PublicationState)
class PublicationStateAdmin(admin.ModelAdmin):
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
        PublicationState.objects.filter(pk=1).update(show_cpt_content=obj.show_cpt_content)
        revision.bump()
