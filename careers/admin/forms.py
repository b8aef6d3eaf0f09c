"""The forms of the rows."""

from typing import Any

from django import forms

from careers.mentions import faults_of
from careers.models import Entry


class EntryForm(forms.ModelForm):
    """Refuses texts with figures of their own, or with names of figures that are not there."""

    instance: Entry

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for field, faults in faults_of(self.instance, values).items():
            self.add_error(field, faults)
        return values


class FigureForm(EntryForm):
    """A figure; whoever changes it may say why."""

    change_reason = forms.CharField(
        label="Reason for the change",
        required=False,
        # As long as the history's own column.
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Stands in the public list of changes and in the history. Name no person.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if reason := values.get("change_reason"):
            self.instance._change_reason = reason  # type: ignore[attr-defined]
            self.instance._change_note = reason  # type: ignore[attr-defined]
        return values
