"""What a learner may tell about themselves."""

from django import forms
from django.utils import timezone


class ExamDateForm(forms.Form):
    """The date of the exam; left empty, today's items count."""

    exam_date = forms.DateField(
        label="Date of your exam",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as year-month-day, such as 2027-02-15."},
    )

    def clean_exam_date(self):  # type: ignore[no-untyped-def]
        """Refuse a date in the past, or further away than code books are planned."""
        exam_date = self.cleaned_data["exam_date"]
        today = timezone.localdate()
        if exam_date and exam_date < today:
            raise forms.ValidationError("This date has passed. Choose today or a later day.")
        if exam_date and exam_date.year > today.year + 5:
            raise forms.ValidationError("Choose a date within the next five years.")
        return exam_date
