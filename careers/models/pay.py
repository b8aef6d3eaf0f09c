"""What coders earn: nationally, by credential, state, specialty and place of work."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from careers.estimator.orders import closes_circle
from careers.models.base import Entry, Figure, OptionalFigure, Sourced, YearSpan
from careers.models.official import Area


class Statistic(models.TextChoices):
    """What kind of number a salary figure is; medians and averages are never mixed."""

    MEDIAN = "median", "median"
    AVERAGE = "average", "average"
    RANGE = "range", "typical range"
    TOP = "top", "top of the scale"


class SalaryFigure(YearSpan, Figure):
    """A line of the national overview, or another source's figure set against it."""

    shown_in = "overview"

    label = models.CharField(max_length=80)
    statistic = models.CharField(max_length=7, choices=Statistic)
    in_overview = models.BooleanField(
        default=True, help_text="Off: shown only where the sources are compared."
    )

    class Meta(Figure.Meta):
        constraints = [*Figure.Meta.constraints, YearSpan.YEARS_IN_ORDER]

    def __str__(self) -> str:
        return f"{self.label} ({self.years} years)" if self.years else self.label

    def get_absolute_url(self) -> str:
        """Return its place on the page; one that is only compared stands in the comparison."""
        if not self.in_overview:
            for comparison in SourceComparison.objects.filter(figure=self)[:1]:
                return str(comparison.get_absolute_url())
        return super().get_absolute_url()


class SourceComparison(Sourced):
    """Why a source's salary figure differs from another's."""

    shown_in = "comparison"
    page_relations = (
        "source",
        "quoted_in",
        "figure",
        "figure__source",
        "figure__quoted_in",
    )

    figure = models.ForeignKey(SalaryFigure, models.CASCADE, related_name="comparisons")
    counts = models.CharField(max_length=200, help_text="Whom the source counts.")
    effect = models.CharField(max_length=200, help_text="What that does to the figure.")
    is_baseline = models.BooleanField("baseline", default=False)

    def __str__(self) -> str:
        return self.slug


class CertificationPay(Figure):
    """Pay and open doors at one level of certification."""

    shown_in = "certifications"

    status = models.CharField(max_length=80)
    job_access = models.CharField(max_length=200)

    class Meta(Figure.Meta):
        verbose_name_plural = "certification pay"

    def __str__(self) -> str:
        return self.status


class CredentialStep(Entry):
    """One level of certification ranks above another, whatever their figures say.

    Together the steps are a partial order. The estimator never lets pay fall along it.
    """

    page_relations = ("lower", "higher")

    lower = models.ForeignKey(CertificationPay, models.CASCADE, related_name="steps_up")
    higher = models.ForeignKey(CertificationPay, models.CASCADE, related_name="steps_down")

    class Meta(Entry.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["lower", "higher"],
                name="careers_credential_step_once",
                violation_error_message="This step is there already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lower} < {self.higher}"

    def get_absolute_url(self) -> str:
        """Return its place on the estimator's page, which lists the order."""
        return f"{reverse('careers:estimate')}#{self.anchor}"

    def clean(self) -> None:
        """Refuse a step that lets something rank above itself."""
        super().clean()
        if self.lower_id is None or self.higher_id is None:
            return
        others = CredentialStep.objects.exclude(pk=self.pk)
        steps = [(str(low), str(high)) for low, high in others.values_list("lower", "higher")]
        if closes_circle(str(self.lower_id), str(self.higher_id), steps):
            raise ValidationError(
                {"higher": f"{self.lower} ranks above {self.higher} already, or is the same."}
            )


class CertificationPremium(Figure):
    """A figure for what certification adds to pay."""

    shown_in = "premium"

    label = models.CharField(max_length=120)
    remark = models.CharField(max_length=200, blank=True)
    in_overview = models.BooleanField(
        default=False, help_text="Also shown under the national overview."
    )

    def __str__(self) -> str:
        return self.label


class StatePay(Figure):
    """A state's mean salary and its rank as the source gives it."""

    shown_in = "states"

    class End(models.TextChoices):
        HIGHEST = "highest", "highest-paying"
        LOWEST = "lowest", "lowest-paying"

    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="guide_figures",
        help_text="The area whose page shows it beside the official figures.",
    )
    state = models.CharField(max_length=40)
    end = models.CharField("end of the list", max_length=7, choices=End)
    rank = models.PositiveSmallIntegerField()
    remark = models.CharField(max_length=200, blank=True)

    class Meta(Figure.Meta):
        verbose_name_plural = "state pay"

    def __str__(self) -> str:
        return self.state


class SpecialtyPay(Figure):
    """Pay, usual credential and demand in one specialty."""

    shown_in = "specialties"

    class Demand(models.TextChoices):
        MEDIUM = "medium", "Medium"
        MEDIUM_HIGH = "medium-high", "Medium-High"
        HIGH = "high", "High"
        VERY_HIGH = "very-high", "Very High"

    specialty = models.CharField(max_length=80)
    certification = models.CharField(max_length=80)
    demand = models.CharField(max_length=11, choices=Demand)
    is_general = models.BooleanField(
        "general",
        default=False,
        db_default=False,
        help_text="No specialty of its own: the estimator ranks every other one above it.",
    )

    class Meta(Figure.Meta):
        verbose_name_plural = "specialty pay"

    def __str__(self) -> str:
        return self.specialty


class NicheFact(OptionalFigure):
    """A fact about the specialty that the guide singles out."""

    shown_in = "niche"

    specialty = models.ForeignKey(SpecialtyPay, models.CASCADE, related_name="facts")
    label = models.CharField(max_length=60)
    text = models.TextField()
    since_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The year from which the amount counts."
    )

    def __str__(self) -> str:
        return self.label


class WorkModel(Figure):
    """The share of jobs done in one place of work, and what that does to pay."""

    shown_in = "work_models"

    name = models.CharField(max_length=40)
    pay_effect = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class RemoteAdvantage(OptionalFigure):
    """A reason to work from home."""

    shown_in = "remote"

    label = models.CharField(max_length=60)
    text = models.TextField()

    def __str__(self) -> str:
        return self.label
