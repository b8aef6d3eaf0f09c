"""What learners do: attempts with slots made beforehand, answered one at a time."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from prepsite.accounts.models import Learner
from quizzes.models.bank import Choice, Question, QuestionVersion


class Attempt(models.Model):
    """A practice session or a mock exam. Its slots exist from the start.

    A mock is open until ``finished_at``; ``ending`` says how it ended. ``plan`` is what
    was asked for: areas (none for the blueprint), pace, number of questions.
    """

    class Mode(models.TextChoices):
        PRACTICE = "practice", "Practice"
        MOCK = "mock", "Mock exam"

    class Ending(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        TIME_UP = "time_up", "Time was up"
        UNSCORED = "unscored", "Closed without a score"
        # At sign-in, because the account had one open; opened again if that is undone.
        MERGED = "merged", "Closed at sign-in"

    learner = models.ForeignKey(Learner, models.SET_NULL, null=True, db_index=False)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.PRACTICE)
    scope = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=120)
    seed = models.PositiveBigIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # When the answers went into the items' statistics: once, and only what is finished.
    counted_at = models.DateTimeField(null=True, editable=False)
    rated_slots = models.PositiveSmallIntegerField(
        null=True,
        editable=False,
        help_text="Of a whole mock by the blueprint: its questions. Its score, as a share of"
        " them, then tells how well items discriminate. Empty for everything else.",
    )
    # The same start, sent twice, makes one attempt.
    start_token = models.UUIDField(unique=True, null=True, editable=False)
    plan = models.JSONField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True, help_text="Of a mock with a clock.")
    # With a default in the database too: while a release is rolled out, the former one
    # still adds rows.
    ending = models.CharField(max_length=9, choices=Ending, blank=True, default="", db_default="")

    # Where a merge took it from, so that the merge can be undone.
    merged_from = models.ForeignKey(
        Learner, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            # A learner's sessions, the newest first.
            models.Index(fields=["learner", "-started_at"], name="quizzes_attempts_of_learner"),
            # What the next roll-up of statistics looks at.
            models.Index(
                fields=["finished_at"],
                condition=models.Q(counted_at=None),
                name="quizzes_attempts_uncounted",
            ),
            # Where the shell of a merged learner is undone, erased or purged.
            models.Index(
                fields=["merged_from"],
                condition=models.Q(merged_from__isnull=False),
                name="quizzes_attempts_merged_from",
            ),
            # The mocks whose time is up and that nobody has submitted.
            models.Index(
                fields=["deadline"],
                condition=models.Q(mode="mock", finished_at=None),
                name="quizzes_open_mocks",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["learner"],
                condition=models.Q(mode="mock", finished_at=None),
                name="quizzes_one_open_mock",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.started_at:%Y-%m-%d}"


class Answer(models.Model):
    """One slot of an attempt: a version, and what was picked. Written once."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers", db_index=False)
    slot = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, models.PROTECT)
    picked = models.ForeignKey(Choice, models.PROTECT, null=True, db_index=False)
    correct = models.BooleanField(null=True)
    # The learner's first answer to the question; set when answering, never recomputed.
    first_try = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    millis = models.PositiveIntegerField(
        null=True, help_text="Milliseconds from question to answer, where the browser told."
    )

    class Meta:
        ordering = ["attempt", "slot"]
        constraints = [
            # Also serves the slots of an attempt in order.
            models.UniqueConstraint(fields=["attempt", "slot"], name="quizzes_slot_unique"),
            models.CheckConstraint(
                condition=models.Q(answered_at=None, picked=None, correct=None, first_try=None)
                | models.Q(
                    answered_at__isnull=False,
                    picked__isnull=False,
                    correct__isnull=False,
                    first_try__isnull=False,
                ),
                name="quizzes_answer_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.slot} of attempt {self.attempt_id}"

    def get_absolute_url(self) -> str:
        """Return where its learner looks back at it."""
        if self.attempt.mode == Attempt.Mode.MOCK:
            return reverse("quizzes:exam-report", args=[self.attempt_id]) + f"#question-{self.slot}"
        return reverse("quizzes:slot", args=[self.attempt_id, self.slot])

    def report_url(self) -> str:
        """Return where its learner reports the question."""
        kind = "exam-item-report" if self.attempt.mode == Attempt.Mode.MOCK else "report"
        return reverse(f"quizzes:{kind}", args=[self.attempt_id, self.slot])


class SeenQuestion(models.Model):
    """What a learner has done with a question so far.

    Derived from the answers: ``rebuild_stats`` recounts it, and so does a merge.
    """

    learner = models.ForeignKey(Learner, models.CASCADE, db_index=False)
    question = models.ForeignKey(Question, models.CASCADE, db_index=False)
    times_answered = models.PositiveIntegerField(default=0)
    times_correct = models.PositiveIntegerField(default=0)
    last_correct = models.BooleanField()
    last_answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            # Also serves all questions that a learner has seen.
            models.UniqueConstraint(fields=["learner", "question"], name="quizzes_seen_unique")
        ]

    def __str__(self) -> str:
        return f"{self.times_correct} of {self.times_answered}"
