"""What visitors ask of the guide, checked before anything uses it."""

from typing import Any

from django import forms

from careers.estimator.tables import Attribute, Choices, Inputs, Work

NOT_SURE = ("", "Not sure")
WORK_LABELS = {Work.ON_SITE: "On-site", Work.HYBRID: "Hybrid", Work.REMOTE: "Fully remote"}


def _choice(label: str, complaint: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        help_text=help_text,
        error_messages={"invalid_choice": complaint},
    )


class EstimateForm(forms.Form):
    """Whom an estimate is for; whatever is left open stays out of it."""

    state = _choice("State or territory", "We know no such area. Choose one from the list.")
    certification = _choice(
        "Certification", "We have no pay for this certification. Choose one from the list."
    )
    specialty = _choice("Specialty", "We have no pay for this specialty. Choose one from the list.")
    experience = _choice("Experience", "We have no pay for these years. Choose from the list.")
    work = _choice("Place of work", "Choose on-site, hybrid or fully remote.")

    def __init__(self, data: Any, *, inputs: Inputs) -> None:
        super().__init__(data, label_suffix="")
        areas = [(area.key, area.name) for area in inputs.areas.values()]
        self._offer("state", [("", f"All of the {inputs.nation.name}"), *areas])
        for attribute in Attribute:
            rows = inputs.tables[attribute].rows.values()
            self._offer(attribute, [NOT_SURE, *((row.key, row.label) for row in rows)])
        self._offer("work", [NOT_SURE, *((work, label) for work, label in WORK_LABELS.items())])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = choices

    @classmethod
    def is_asked(cls, data: Any) -> bool:
        """Tell whether an address asks for an estimate; other parameters do not."""
        return any(name in data for name in cls.base_fields)

    def choices(self) -> Choices:
        """Return what was chosen, once the form is valid."""
        return Choices(**self.cleaned_data)
