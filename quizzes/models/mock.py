"""A mock exam while it is sat: its slots with what was chosen last, and private notes.

Answers are made of the slots once, at submission; until then nothing of a mock counts.
"""

from django.db import models
from django.utils import timezone

from prepsite.accounts.models import Learner
from quizzes.models.attempts import Attempt
from quizzes.models.bank import Choice, Question, QuestionVersion


class MockSlot(models.Model):
    """One question of a mock, and what the learner last said about it in time.

    ``tab`` and ``counter`` name the request that wrote it last. A browser counts its saves
    of a mock, over all its tabs: the same name with a counter that is not higher is a
    replay, or came later than what the learner said after it.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="mock_slots", db_index=False)
    slot = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    picked = models.ForeignKey(Choice, models.PROTECT, null=True, related_name="+", db_index=False)
    first_picked = models.ForeignKey(
        Choice, models.PROTECT, null=True, related_name="+", db_index=False
    )
    changes = models.PositiveSmallIntegerField(default=0, help_text="Changes of the choice.")
    struck = models.CharField(max_length=4, blank=True, help_text="Letters that were struck out.")
    flagged = models.BooleanField(default=False)
    millis = models.PositiveIntegerField(default=0, help_text="Milliseconds spent looking at it.")
    tab = models.CharField(max_length=22, blank=True)
    counter = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["attempt", "slot"]
        constraints = [
            # Also serves the slots of a mock in order.
            models.UniqueConstraint(fields=["attempt", "slot"], name="quizzes_mock_slot_unique"),
            models.CheckConstraint(
                condition=models.Q(picked=None) | models.Q(first_picked__isnull=False),
                name="quizzes_mock_slot_first_pick",
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.slot} of mock {self.attempt_id}"


class ItemNote(models.Model):
    """What a learner wrote down about a question for themselves; nobody else reads it."""

    learner = models.ForeignKey(Learner, models.CASCADE, db_index=False)
    question = models.ForeignKey(Question, models.CASCADE, db_index=False)
    text = models.TextField(max_length=2_000)
    saved_at = models.DateTimeField(default=timezone.now)
    # Where a merge took it from, so that the merge can be undone.
    merged_from = models.ForeignKey(
        Learner, models.SET_NULL, null=True, editable=False, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["saved_at", "pk"]
        constraints = [
            # A learner has one note of their own on a question.
            models.UniqueConstraint(
                fields=["learner", "question"],
                condition=models.Q(merged_from=None),
                name="quizzes_own_note_unique",
            )
        ]
        indexes = [
            # All notes of a learner on one question.
            models.Index(fields=["learner", "question"], name="quizzes_notes_of_learner"),
            # Where the shell of a merged learner is undone, erased or purged.
            models.Index(
                fields=["merged_from"],
                condition=models.Q(merged_from__isnull=False),
                name="quizzes_notes_merged_from",
            ),
        ]

    def __str__(self) -> str:
        return f"note on {self.question}"
