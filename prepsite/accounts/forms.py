"""What a learner may tell about themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from prepsite.accounts import timezones
from prepsite.accounts.models import Learner


class ExamDateForm(forms.Form):
    """The date of the exam; left empty, today's items count."""

    exam_date = forms.DateField(
        label="Date of your exam",
        required=False,
        help_text="Leave it empty if you have no date yet.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as year-month-day, such as 2027-02-15."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)

    def clean_exam_date(self):  # type: ignore[no-untyped-def]
        """Refuse a date in the past, or further away than code books are planned."""
        exam_date = self.cleaned_data["exam_date"]
        today = timezone.localdate()
        if exam_date and exam_date < today:
            raise forms.ValidationError("This date has passed. Choose today or a later day.")
        if exam_date and exam_date.year > today.year + 5:
            raise forms.ValidationError("Choose a date within the next five years.")
        return exam_date


def _time_zones() -> list[Any]:
    return [("", f"The site’s own ({settings.TIME_ZONE})"), *timezones.choices()]


class ProfileForm(ExamDateForm):
    """What the account page asks: the exam date, where the learner is, how pages look."""

    time_zone = forms.ChoiceField(
        label="Time zone",
        required=False,
        choices=_time_zones,
        help_text="Decides when a new day of practice begins.",
        error_messages={"invalid_choice": "Choose a time zone from the list."},
    )
    theme = forms.ChoiceField(
        label="Theme",
        choices=Learner.Theme.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a theme.",
            "invalid_choice": "Choose one of the three themes.",
        },
    )
    shortcuts = forms.BooleanField(label="Keyboard shortcuts in practice", required=False)


class UndoForm(forms.Form):
    """Which merge is to be undone."""

    merge = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class ForgetForm(forms.Form):
    """A second thought before what a browser practised is erased."""

    sure = forms.BooleanField(
        label="Yes, erase it all",
        error_messages={"required": "Tick the box to say that you are sure."},
    )


class DeletionForm(forms.Form):
    """The second thought before an account goes: its e-mail address, typed."""

    email = forms.EmailField(
        label="Your e-mail address, to confirm",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Type your e-mail address to confirm.",
            "invalid": "Type the e-mail address of this account.",
        },
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self._email = email

    def clean_email(self) -> str:
        """Refuse another address than the account's."""
        email: str = self.cleaned_data["email"]
        if email.lower() != self._email:
            raise forms.ValidationError(f"This is not the address of this account, {self._email}.")
        return email
