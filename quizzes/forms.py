"""What learners send to practice, checked before anything uses it."""

from typing import Any

from django import forms

from quizzes.models import QuestionReport
from quizzes.pool import Pool, Scope
from quizzes.practice import COUNTS, DEFAULT_COUNT, MAX_MILLIS, MIN_MILLIS
from quizzes.rendering import VersionContent
from quizzes.reports import NOTE_LENGTH


class PracticeForm(forms.Form):
    """What to practise, and how many items."""

    scope = forms.CharField(label="What to practise", required=False, max_length=100)
    count = forms.TypedChoiceField(
        label="How many questions",
        choices=[(count, str(count)) for count in COUNTS],
        coerce=int,
        initial=DEFAULT_COUNT,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose 5, 10, 20 or 40 questions."},
    )

    def __init__(self, data: Any, *, pool: Pool) -> None:
        super().__init__(data)
        self.pool = pool

    def clean_count(self) -> int:
        """Return the number; ten where the address names none."""
        return self.cleaned_data["count"] or DEFAULT_COUNT

    def clean_scope(self) -> Scope:
        """Return the scope itself; one without items today is refused."""
        scope = self.pool.scopes.get(self.cleaned_data["scope"])
        if scope is None:
            raise forms.ValidationError(
                "There are no questions on this for your exam date. Choose another part."
            )
        return scope


class AgainForm(forms.Form):
    """The session, or the mock, whose missed items are practised again."""

    again = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    mock = forms.IntegerField(min_value=1, max_value=2**62, required=False)

    def clean(self) -> None:
        """Refuse a form that names neither."""
        super().clean()
        if not self.cleaned_data.get("again") and not self.cleaned_data.get("mock"):
            raise forms.ValidationError("Name the session.")


class MillisField(forms.IntegerField):
    """How long an answer took, as the browser says; None for what cannot be.

    It never stands in an answer's way: who leaves a question open over lunch, or sends
    nonsense, has answered all the same.
    """

    def clean(self, value: Any) -> int | None:
        try:
            millis = super().clean(value)
        except forms.ValidationError:
            return None
        return millis if millis is not None and MIN_MILLIS <= millis <= MAX_MILLIS else None


class AnswerForm(forms.Form):
    """One choice of one question, and how long it took where the browser knows."""

    choice = forms.IntegerField(
        max_value=2**62,
        error_messages={
            "required": "Choose an answer, then check it.",
            "invalid": "That is not one of the answers. Choose one below.",
        },
    )
    millis = MillisField(required=False)

    def __init__(self, data: Any, *, content: VersionContent) -> None:
        super().__init__(data)
        self.content = content

    def clean_choice(self) -> Any:
        """Return the choice itself; another question's choice is refused."""
        choice = self.content.choice(self.cleaned_data["choice"])
        if choice is None:
            raise forms.ValidationError("That is not one of the answers. Choose one below.")
        return choice


class StartForm(forms.Form):
    """The signed start that the first question's form carries."""

    start = forms.CharField(max_length=4_000)


class ReportForm(forms.Form):
    """What is wrong with a question."""

    reason = forms.ChoiceField(
        label="What is wrong?",
        choices=QuestionReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is wrong.",
            "invalid_choice": "Choose one of the reasons below.",
        },
    )
    note = forms.CharField(
        label="In your words",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Such as the page of the code book. Leave out names and anything about patients.",
    )


class NoticesForm(forms.Form):
    """The last of the notices that are put away, and the page that they stood on."""

    last = forms.IntegerField(min_value=1, max_value=2**62)
    back = forms.ChoiceField(choices=[("/practice/", "Practice"), ("/progress/", "Progress")])
