"""What learners say is wrong with an item, what staff decide, and who hears of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from prepsite.accounts.models import Learner
from quizzes.models.attempts import Answer
from quizzes.models.bank import QuestionVersion
from quizzes.models.reviews import AppendOnlyModel, KeyRuling


class Decision(AppendOnlyModel):
    """What staff decided about a version, in words that everybody may read.

    Every key ruling has one; the others answer reports.
    """

    class Kind(models.TextChoices):
        NO_CHANGE = "no_change", "No change"
        REWORDED = "reworded", "Reworded"
        KEY_RULING = "key_ruling", "Key corrected"

    version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="decisions", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField()
    ruling = models.ForeignKey(
        KeyRuling, models.PROTECT, null=True, related_name="decisions", editable=False
    )
    new_version = models.ForeignKey(
        QuestionVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_listed = models.BooleanField("stands on the page of errata", default=True)
    at = models.DateTimeField("decided", default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="no_change", ruling=None, new_version=None)
                | models.Q(kind="reworded", ruling=None, new_version__isnull=False)
                | models.Q(kind="key_ruling", ruling__isnull=False, new_version=None),
                name="quizzes_decision_says_one_thing",
            ),
            models.CheckConstraint(condition=~models.Q(words=""), name="quizzes_decision_in_words"),
        ]
        indexes = [
            # The public page, the newest first.
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(is_listed=True),
                name="quizzes_decisions_listed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_kind_display()}"


class QuestionReport(models.Model):
    """One learner's doubt about a question that they answered; staff decide on it once.

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
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, editable=False, related_name="reports"
    )

    class Meta:
        verbose_name = "report"
        ordering = ["at", "id"]
        constraints = [
            # The same report, sent twice, is one.
            models.UniqueConstraint(fields=["answer", "reason"], name="quizzes_report_once")
        ]
        indexes = [
            # The reports that wait for a decision, the oldest first.
            models.Index(
                fields=["at"],
                condition=models.Q(decision=None),
                name="quizzes_undecided_reports",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer.version}: {self.get_reason_display()}"


class Notice(models.Model):
    """That a decision concerns an answer: it was scored anew, or its learner had reported it.

    ``learner`` is whose the answer is. ``seen_at`` is set once, when they put it away.
    """

    learner = models.ForeignKey(Learner, models.CASCADE, db_index=False)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="notices", db_index=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="notices", db_index=False)
    is_rescored = models.BooleanField(
        help_text="The decision made a right answer of a wrong one, or a wrong one of a right one."
    )
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "decision"], name="quizzes_notice_once")
        ]
        indexes = [
            # What a learner has not put away yet.
            models.Index(
                fields=["learner"],
                condition=models.Q(seen_at=None),
                name="quizzes_unseen_notices",
            ),
            # All notices of a learner, for merge, export and erasure.
            models.Index(fields=["learner"], name="quizzes_notices_of_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} for learner {self.learner_id}"
