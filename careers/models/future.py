"""Where the work leads: ladder, other careers, outlook, AI and advice."""

from django.db import models

from careers.models.base import Entry, Figure, Sourced, YearSpan
from careers.models.pay import CertificationPremium


class LadderLevel(YearSpan, Figure):
    """A rung of the career ladder."""

    shown_in = "ladder"

    level = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    skills = models.CharField(max_length=200)

    class Meta(Figure.Meta):
        constraints = [*Figure.Meta.constraints, YearSpan.YEARS_IN_ORDER]

    def __str__(self) -> str:
        return self.title


class AlternativePath(YearSpan, Figure):
    """A career that coders move into, with the years that it takes if they are stated."""

    shown_in = "alternatives"

    career = models.CharField(max_length=80)
    route = models.CharField(max_length=200, help_text="What it takes to get there.")

    class Meta(Figure.Meta):
        constraints = [*Figure.Meta.constraints, YearSpan.YEARS_IN_ORDER]

    def __str__(self) -> str:
        return self.career


class OutlookFigure(Figure):
    """A number of the job outlook."""

    shown_in = "outlook"

    label = models.CharField(max_length=80)
    period_from = models.PositiveSmallIntegerField(null=True, blank=True)
    period_to = models.PositiveSmallIntegerField(null=True, blank=True)
    remark = models.CharField(max_length=200, blank=True)

    class Meta(Figure.Meta):
        constraints = [
            *Figure.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(period_from=None, period_to=None)
                | models.Q(period_from__isnull=False, period_to__gt=models.F("period_from")),
                name="%(app_label)s_%(class)s_period_in_order",
                violation_error_message="A period has two years, the later one last.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.period}" if self.period else self.label

    @property
    def period(self) -> str:
        """The years that a projection spans."""
        return f"{self.period_from}–{self.period_to}" if self.period_from else ""


class OutlookDriver(Sourced):
    """Something that raises the demand for coders."""

    shown_in = "outlook"

    text = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text


class AiPoint(Sourced):
    """A point of the answer to whether AI replaces coders."""

    shown_in = "ai"

    label = models.CharField(max_length=60)
    text = models.TextField()

    class Meta(Sourced.Meta):
        verbose_name = "AI point"

    def __str__(self) -> str:
        return self.label


class AdviceStage(YearSpan, Entry):
    """A stretch of years that shares its advice."""

    shown_in = "advice"

    title = models.CharField(max_length=60)

    class Meta(Entry.Meta):
        constraints = [YearSpan.YEARS_IN_ORDER]

    def __str__(self) -> str:
        return f"Year {self.years}: {self.title}"


class AdviceStep(Sourced):
    """One step to better pay; a figure in it is the row that states it elsewhere."""

    shown_in = "advice"
    page_relations = (
        "source",
        "quoted_in",
        "path__source",
        "path__quoted_in",
        "premium__source",
        "premium__quoted_in",
    )

    stage = models.ForeignKey(AdviceStage, models.CASCADE, related_name="steps")
    text = models.TextField()
    path = models.ForeignKey(
        AlternativePath,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The career whose pay belongs to this step.",
    )
    premium = models.ForeignKey(
        CertificationPremium,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The premium that belongs to this step.",
    )

    def __str__(self) -> str:
        return self.text[:80]
