"""Corrections of keys."""

from typing import Any

from django import forms
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from quizzes import publication, rulings
from quizzes.admin.staff import staff
from quizzes.itemspec import LETTERS
from quizzes.models import KeyRuling


class RulingForm(ModelForm):
    """A correction of a key: letters that count, or credit for all."""

    accepted = forms.MultipleChoiceField(
        choices=[(letter, letter) for letter in LETTERS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Letters as in the file. Leave all empty to give credit for every answer.",
    )

    class Meta:
        model = KeyRuling
        fields = ["version", "accepted", "credit_all", "reason"]

    def clean_accepted(self) -> str:
        return "".join(self.cleaned_data["accepted"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("accepted")) == bool(data.get("credit_all")):
            self.add_error("accepted", "Name the accepted letters, or give credit for all.")
        return data


@admin.register(KeyRuling)
class KeyRulingAdmin(admin.ModelAdmin):
    """Rulings are added, never changed; adding one scores all answers anew."""

    form = RulingForm
    list_display = ["version", "__str__", "reason", "at", "by"]
    list_select_related = ["version__question", "by"]
    search_fields = ["version__question__key", "reason"]
    autocomplete_fields = ["version"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and bool(
            request.user.has_perm(publication.PUBLISH)
        )

    def has_change_permission(self, request: HttpRequest, obj: KeyRuling | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: KeyRuling | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: KeyRuling, form: ModelForm, change: bool
    ) -> None:
        decision = rulings.rule(
            obj.version,
            accepted=obj.accepted,
            credit_all=obj.credit_all,
            reason=obj.reason,
            by=staff(request),
        )
        obj.pk = decision.ruling_id
