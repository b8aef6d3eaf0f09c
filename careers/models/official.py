"""What the US Bureau of Labor Statistics publishes of wages, area by area."""

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.dateformat import format as format_date

from careers.models.base import Entry, Sourced
from careers.oews.rules import PERCENTILES, WAGES, contradictions

NATION = "united-states"


class Area(Entry):
    """The nation, a state, the District of Columbia or a territory."""

    class Kind(models.TextChoices):
        NATION = "nation", "nation"
        STATE = "state", "state"
        DISTRICT = "district", "federal district"
        TERRITORY = "territory", "territory"

    fips = models.CharField("FIPS code", max_length=2, unique=True)
    postal = models.CharField("postal code", max_length=2, unique=True)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.STATE)
    neighbours = models.CharField(
        max_length=60, blank=True, help_text="Postal codes of adjoining areas, in any order."
    )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page of the state; the nation has the overview."""
        if self.kind == self.Kind.NATION:
            return reverse("careers:index")
        return reverse("careers:state", args=[self.slug])


def _amount(name: str, *, cents: bool) -> models.DecimalField:
    """Return a column for a wage in US dollars; empty where BLS released none."""
    return models.DecimalField(
        name,
        max_digits=7,
        decimal_places=2 if cents else 0,
        null=True,
        blank=True,
        # What was not released is empty, never zero.
        validators=[MinValueValidator(Decimal("0.01") if cents else 1)],
    )


class Wage(Sourced):
    """One area in one release of BLS's wage survey (OEWS), occupation 29-2072.

    Wages are those of everybody in the occupation, in US dollars; an empty column was
    not released. Relative standard errors are percent of the estimate.
    """

    shown_in = "nation"
    page_relations = (*Sourced.page_relations, "area")

    area = models.ForeignKey(Area, models.PROTECT, related_name="wages")
    release = models.DateField(help_text="The survey's reference month, as its first day.")
    employment = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )
    employment_rse = models.DecimalField(
        "error of employment, %",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    mean_rse = models.DecimalField(
        "error of the mean, %",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    hourly_mean = _amount("hourly mean", cents=True)
    hourly_p10 = _amount("hourly 10th percentile", cents=True)
    hourly_p25 = _amount("hourly 25th percentile", cents=True)
    hourly_median = _amount("hourly median", cents=True)
    hourly_p75 = _amount("hourly 75th percentile", cents=True)
    hourly_p90 = _amount("hourly 90th percentile", cents=True)
    annual_mean = _amount("annual mean", cents=False)
    annual_p10 = _amount("annual 10th percentile", cents=False)
    annual_p25 = _amount("annual 25th percentile", cents=False)
    annual_median = _amount("annual median", cents=False)
    annual_p75 = _amount("annual 75th percentile", cents=False)
    annual_p90 = _amount("annual 90th percentile", cents=False)
    jobs_per_1000 = models.DecimalField(
        "jobs in 1,000 jobs",
        max_digits=7,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    location_quotient = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    notes = models.CharField(
        max_length=400, blank=True, help_text="What is to be kept in mind of these numbers."
    )

    PERCENTILES: ClassVar[tuple[str, ...]] = tuple(PERCENTILES)

    class Meta(Sourced.Meta):
        constraints = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=["area", "release"],
                name="careers_wage_once",
                violation_error_message="This area stands in this release already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area.name}, {self.released}"

    def clean(self) -> None:
        """Refuse wages that contradict each other, and a release that is no month."""
        super().clean()
        complaints: dict[str, list[str]] = {}
        for column, complaint in contradictions({name: getattr(self, name) for name in WAGES}):
            complaints.setdefault(column, []).append(complaint[:1].upper() + complaint[1:])
        # Two days of one month would be two releases.
        if self.release and self.release.day != 1:
            complaints["release"] = ["A release is named by the first day of its month."]
        if complaints:
            raise ValidationError(complaints)

    def get_absolute_url(self) -> str:
        """Return its place on the page of its area."""
        if self.area.kind == Area.Kind.NATION:
            return super().get_absolute_url()
        return self.area.get_absolute_url()

    @property
    def released(self) -> str:
        """The survey's month: ``May 2025``."""
        return format_date(self.release, "F Y")
