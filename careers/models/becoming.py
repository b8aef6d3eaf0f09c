"""What it takes to become certified: facts about the exam, and what it costs."""

from django.db import models

from careers.models.base import Figure, OptionalFigure


class ExamFact(OptionalFigure):
    """A fact about the exam, or about the time after it."""

    class Group(models.TextChoices):
        EXAM = "exam", "the exam"
        APPRENTICE = "apprentice", "apprentice status"

    group = models.CharField(max_length=10, choices=Group)
    label = models.CharField(max_length=60)
    text = models.TextField()

    def __str__(self) -> str:
        return self.label

    @property
    def shown_in(self) -> str:  # type: ignore[override]
        """The block of its group."""
        return "apprentice" if self.group == self.Group.APPRENTICE else "exam_facts"


class ExamCost(Figure):
    """A price that has to be paid for the credential."""

    shown_in = "exam_costs"

    label = models.CharField(max_length=80)
    remark = models.CharField(max_length=200, blank=True)
    pays_back = models.BooleanField(
        default=False, help_text="On: the pay-back time is reckoned for it."
    )

    def __str__(self) -> str:
        return self.label
