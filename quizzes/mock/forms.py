"""What learners send to a mock, checked before anything uses it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from quizzes.itemspec import LETTERS
from quizzes.mock.plans import LENGTHS, OWN_MOST, PACES, Plan
from quizzes.mock.reporting import SHOWS
from quizzes.mock.sitting import MOST_MILLIS, SlotState

OWN = "own"
UNTIMED = "none"
# What a column of positive integers holds.
MOST = 2**31 - 1


class PlanForm(forms.Form):
    """What kind of mock, and with how much time."""

    length = forms.ChoiceField(
        label="Which mock",
        choices=[*((str(length), f"{length} questions") for length in LENGTHS), (OWN, "My own")],
        error_messages={
            "required": "Choose a length.",
            "invalid_choice": "Choose 100, 50 or 25 questions, or your own.",
        },
    )
    areas = forms.MultipleChoiceField(
        label="Areas",
        required=False,
        error_messages={"invalid_choice": "One of the areas does not exist. Choose again."},
    )
    number = forms.IntegerField(
        label="How many questions",
        required=False,
        min_value=1,
        max_value=OWN_MOST,
        error_messages={
            "invalid": f"Write a number from 1 to {OWN_MOST}.",
            "min_value": f"Write a number from 1 to {OWN_MOST}.",
            "max_value": f"Write a number from 1 to {OWN_MOST}.",
        },
    )
    pace = forms.ChoiceField(
        label="Time",
        choices=[*((str(pace), f"×{pace}") for pace in PACES), (UNTIMED, "No clock")],
        error_messages={
            "required": "Choose how much time.",
            "invalid_choice": "Choose one of the times below.",
        },
    )

    def __init__(self, data: Any, *, areas: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["areas"].choices = areas  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Ask for what a mock of one's own needs; the exam's always has a clock."""
        super().clean()
        length, pace = self.cleaned_data.get("length"), self.cleaned_data.get("pace")
        if length == OWN:
            if not self.cleaned_data.get("areas") and "areas" not in self.errors:
                self.add_error("areas", "Choose at least one area.")
            if not self.cleaned_data.get("number") and "number" not in self.errors:
                self.add_error("number", f"Write a number from 1 to {OWN_MOST}.")
        elif length and pace == UNTIMED:
            self.add_error("pace", "Only a mock of your own goes without a clock.")

    def plan(self) -> Plan:
        """Return what was asked for; only of a valid form."""
        data = self.cleaned_data
        pace = None if data["pace"] == UNTIMED else Decimal(data["pace"])
        if data["length"] == OWN:
            return Plan(data["number"], tuple(data["areas"]), pace)
        return Plan(int(data["length"]), (), pace)


class BoundedField(forms.IntegerField):
    """A number of a script; what cannot be counts as 0 and never costs a choice."""

    def __init__(self, most: int) -> None:
        super().__init__(required=False)
        self.most = most

    def clean(self, value: Any) -> int:
        """Return the number between 0 and the most that there can be."""
        try:
            number = super().clean(value)
        except forms.ValidationError:
            return 0
        return max(0, min(number or 0, self.most))


class SlotForm(forms.Form):
    """The whole state of a question: what is picked, flagged, struck out and noted.

    ``note`` is only kept where it was sent. ``clear`` takes
    the choice back. ``look`` says that the request tells nothing but time spent.
    """

    choice = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=2**62,
        error_messages={"invalid": "That is not one of the answers. Choose one below."},
    )
    flagged = forms.BooleanField(required=False)
    struck = forms.MultipleChoiceField(
        required=False, choices=[(letter, letter) for letter in LETTERS]
    )
    note = forms.CharField(
        required=False,
        max_length=2_000,
        error_messages={"max_length": "A note has at most 2,000 characters; this is longer."},
    )
    spent = BoundedField(MOST_MILLIS)
    tab = forms.SlugField(required=False, max_length=22)
    counter = BoundedField(MOST)
    clear = forms.BooleanField(required=False)
    look = forms.BooleanField(required=False)
    fragment = forms.BooleanField(required=False)

    def state(self) -> SlotState:
        """Return the state that the form describes; only of a valid form."""
        data = self.cleaned_data
        return SlotState(
            picked_id=None if data["clear"] else data["choice"],
            flagged=data["flagged"],
            struck="".join(sorted(set(data["struck"]))),
            spent=data["spent"],
            tab=data["tab"],
            counter=data["counter"],
        )


class PaletteForm(forms.Form):
    """Which questions the palette shows."""

    show = forms.ChoiceField(
        required=False, choices=[("unanswered", "Unanswered"), ("flagged", "Flagged")]
    )


class ReportFilterForm(forms.Form):
    """Which questions a report shows."""

    show = forms.ChoiceField(required=False, choices=[(show, show) for show in SHOWS])
