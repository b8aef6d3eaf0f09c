"""What readers, rulings and checks say about items."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from prepsite.codes.models import CodeChange
from quizzes.models.bank import Question, QuestionVersion


class AppendOnlyError(Exception):
    """A fact was to be changed or deleted that only ever gets company."""


class AppendOnlyModel(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name} is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{self._meta.verbose_name} is append-only.")


class BlindSolve(AppendOnlyModel):
    """An answer given by a reader who saw stem, note and choices, and nothing else.

    It counts for every version with the same sheet, so that a better worded reason
    does not undo it and a changed stem does.
    """

    class Confidence(models.TextChoices):
        LOW = "low"
        MEDIUM = "medium"
        HIGH = "high"

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="blind_solves", db_index=False
    )
    sheet_digest = models.CharField(max_length=16)
    solver = models.CharField(max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        help_text="Who answered in the admin or brought the record; empty for the files'.",
    )
    picked = models.CharField(max_length=1, help_text="Letter in the file.")
    agreed = models.BooleanField()
    confidence = models.CharField(max_length=6, choices=Confidence)
    reason = models.TextField()
    solved_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now, null=True, editable=False)

    class Meta:
        ordering = ["question", "solved_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "sheet_digest", "solver"], name="quizzes_blind_solve_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.solver}: {'agreed' if self.agreed else 'disagreed'}"


class KeyRuling(AppendOnlyModel):
    """A correction of a version's key: which choices count, or that all do.

    A version's latest ruling is the one that holds.
    """

    version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="rulings", db_index=False
    )
    credit_all = models.BooleanField(default=False, help_text="Every answer counts as correct.")
    accepted = models.CharField(
        max_length=4, blank=True, help_text="Letters that count as correct, such as BD."
    )
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False)

    class Meta:
        ordering = ["version", "id"]
        indexes = [
            # The rulings of a version, read with its content.
            models.Index(fields=["version"], name="quizzes_ruling_of_version")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(credit_all=True) ^ ~models.Q(accepted=""),
                name="quizzes_ruling_says_one_thing",
                violation_error_message="Name the accepted letters, or give credit for all.",
            )
        ]

    def __str__(self) -> str:
        return "credit for all" if self.credit_all else f"accepted: {self.accepted}"


class Finding(models.Model):
    """What a check found wrong with an item. Derived: ``refresh_findings`` makes it anew."""

    class Severity(models.TextChoices):
        ERROR = "error", "Error"
        WARNING = "warning", "Warning"

    question = models.ForeignKey(Question, models.CASCADE, related_name="findings", db_index=False)
    check_name = models.CharField("check", max_length=40)
    severity = models.CharField(max_length=7, choices=Severity)
    field = models.CharField(max_length=60)
    message = models.TextField()
    found_at = models.DateTimeField("found", default=timezone.now)

    class Meta:
        ordering = ["question", "severity", "id"]
        indexes = [
            # An item's findings, and whether it has one of a severity.
            models.Index(fields=["question", "severity"], name="quizzes_finding_of_question")
        ]

    def __str__(self) -> str:
        return f"{self.get_severity_display()}: {self.message}"


class CodeReview(models.Model):
    """An item that names a code which a loaded code set changed, and whether it was seen to.

    Open ones are derived, as findings are; that somebody looked and found the item right is
    a fact, and stays.
    """

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="code_reviews", db_index=False
    )
    change = models.ForeignKey(CodeChange, models.CASCADE, related_name="+")
    found_at = models.DateTimeField("found", default=timezone.now)
    settled_at = models.DateTimeField("looked at", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "changed code of an item"
        verbose_name_plural = "changed codes of items"
        ordering = ["question", "id"]
        constraints = [
            # Also serves the list of an item's changes.
            models.UniqueConstraint(
                fields=["question", "change"], name="quizzes_code_review_unique"
            )
        ]

    def __str__(self) -> str:
        return str(self.change)
