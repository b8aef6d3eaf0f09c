"""What visitors ask of the pages of the states, checked before anything uses it."""

from typing import Any

from django import forms

from careers.states.table import ASCENDING, COLUMNS, DESCENDING, TableQuery, first_order

MAX_FILTER = 40


class TableForm(forms.Form):
    """How the table is sorted, and which areas it shows."""

    q = forms.CharField(
        required=False,
        max_length=MAX_FILTER,
        error_messages={"max_length": f"Type at most {MAX_FILTER} letters."},
    )
    sort = forms.ChoiceField(
        required=False,
        choices=list(COLUMNS.items()),
        error_messages={"invalid_choice": "The table has no such column to sort by."},
    )
    order = forms.ChoiceField(
        required=False,
        choices=[(ASCENDING, "lowest first"), (DESCENDING, "highest first")],
        error_messages={"invalid_choice": "The order is asc or desc."},
    )

    def query(self, picked: list[str]) -> TableQuery:
        """Return what was asked for; what is wrong is left out, ``problem`` says so."""
        self.is_valid()
        valid: dict[str, Any] = self.cleaned_data
        sort = valid.get("sort") or TableQuery.sort
        order = valid.get("order") or first_order(sort)
        return TableQuery(sort, order, valid.get("q", ""), tuple(dict.fromkeys(picked)))

    @property
    def problem(self) -> str:
        """What is wrong, in words."""
        return " ".join(str(error) for errors in self.errors.values() for error in errors)
