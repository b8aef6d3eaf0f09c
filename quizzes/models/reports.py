"""What learners say is wrong with an item."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from quizzes.models.attempts import Answer


class QuestionReport(models.Model):
    """One learner's doubt about a question that they answered; an editor settles it once.

    It hangs on the answer, so it goes wherever a merge or an erasure takes the session.
    """

    class Reason(models.TextChoices):
        WRONG_KEY = "wrong_key", "The answer marked right is wrong"
        SEVERAL_RIGHT = "several_right", "More than one answer is right"
        OUTDATED = "outdated", "It is out of date"
        UNCLEAR = "unclear", "It is unclear or lacks a fact"
        TYPO = "typo", "A typing mistake"
        OTHER = "other", "Something else"

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="reports", db_index=False)
    reason = models.CharField(max_length=13, choices=Reason)
    note = models.TextField("what the learner wrote", blank=True)
    at = models.DateTimeField("reported", default=timezone.now)
    outcome = models.TextField(
        "what was done", blank=True, help_text="In your own words; learners may read it."
    )
    settled_at = models.DateTimeField("settled", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "report"
        ordering = ["at", "id"]
        constraints = [
            # The same report, sent twice, is one.
            models.UniqueConstraint(fields=["answer", "reason"], name="quizzes_report_once"),
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | ~models.Q(outcome=""),
                name="quizzes_report_settled_with_outcome",
            ),
        ]
        indexes = [
            # The reports that wait for an editor, the oldest first.
            models.Index(
                fields=["at"],
                condition=models.Q(settled_at=None),
                name="quizzes_open_reports",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer.version}: {self.get_reason_display()}"
