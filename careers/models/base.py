"""What all rows share: a key, a place, a source, a date, an amount."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.dateformat import format as format_date
from simple_history.models import HistoricalRecords

from careers.amounts import PHRASES, Unit, format_amount, format_years


class EntryQuerySet(models.QuerySet[Any, Any]):
    """Queries of the page."""

    def for_page(self) -> "EntryQuerySet":
        """Return the rows with all that a page shows of them; fetching more raises."""
        rows = self.fetch_mode(models.FETCH_RAISE)
        relations = self.model.page_relations
        return rows.select_related(*relations) if relations else rows


class Entry(models.Model):
    """A row of the page: known to files by its slug, in order by its position."""

    page_relations: ClassVar[tuple[str, ...]] = ()
    # The block whose section shows the rows.
    shown_in: ClassVar[str] = ""
    # Texts in Markdown, in which figures stand as [[kind:key]].
    prose: ClassVar[tuple[str, ...]] = ()

    slug = models.SlugField(
        "key", max_length=60, unique=True, help_text="The row's name in the content files."
    )
    position = models.PositiveIntegerField(
        default=0, help_text="Rows stand in the order of this number."
    )

    objects = EntryQuerySet.as_manager()
    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True
        ordering = ["position", "slug"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row, with everything derived from its texts."""
        self.derive()
        # The row, its history and the public log stand or fall together.
        with transaction.atomic():
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return its place on the page whose section shows it."""
        section = apps.get_model("careers", "Section")
        shown = section.objects.select_related("page").filter(block=self.shown_in).first()
        page = shown.page.get_absolute_url() if shown else reverse("careers:index")
        return f"{page}#{self.anchor}"

    def derive(self) -> None:
        """Fill columns that follow from others; the loader calls it for bulk writes."""

    @property
    def anchor(self) -> str:
        """The id of the row's element on the page."""
        return f"{self._meta.model_name}-{self.slug}"


class Source(Entry):
    """Who published a figure, and where."""

    shown_in = "sources"

    name = models.CharField(max_length=60, help_text="As it stands beside a figure.")
    publisher = models.CharField(max_length=120, blank=True)
    release = models.CharField(
        max_length=120, blank=True, help_text="Edition or survey year. Blank if not known."
    )
    url = models.URLField("address", max_length=300, blank=True)
    note = models.TextField(blank=True, help_text="What it counts, and what to keep in mind.")

    def __str__(self) -> str:
        return self.name


class AsOfPrecision(models.TextChoices):
    """How much of an as-of date the source states."""

    YEAR = "year", "year"
    MONTH = "month", "month"
    DAY = "day", "day"


_DATE_FORMATS = {AsOfPrecision.YEAR: "Y", AsOfPrecision.MONTH: "F Y", AsOfPrecision.DAY: "F j, Y"}


@dataclass(frozen=True)
class Provenance:
    """Source and date as they stand beside a figure; equal ones may share one line."""

    name: str
    anchor: str
    as_of: str
    quoted_in: str = ""
    quoted_in_anchor: str = ""
    checked: str = ""
    url: str = ""

    def __str__(self) -> str:
        """Return the words as they stand in a text, without links."""
        dated = f"as quoted in {self.quoted_in} ({self.as_of})" if self.quoted_in else self.as_of
        return f"{self.name}, {dated}"


class Sourced(Entry):
    """A statement with its source and its date.

    A figure that one work quotes from another keeps both: ``source`` made it,
    ``quoted_in`` is where we read it, and ``as_of`` is then the date of the quoting
    work, because the figure's own date is not stated there.
    """

    page_relations: ClassVar[tuple[str, ...]] = ("source", "quoted_in")

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    quoted_in = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The work that quotes the source. Blank if read in the source.",
    )
    as_of = models.DateField(
        "as of",
        help_text="The source's date; for a quoted figure, the quoting work's.",
    )
    as_of_precision = models.CharField(
        "precision of the date",
        max_length=5,
        choices=AsOfPrecision,
        default=AsOfPrecision.YEAR,
        help_text="How much of the date is stated and shown.",
    )
    checked_on = models.DateField(
        null=True, blank=True, help_text="When it was last compared with its source."
    )
    review_by = models.DateField(
        null=True, blank=True, help_text="When staff should look for a newer figure."
    )

    class Meta(Entry.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(quoted_in=None) | ~Q(quoted_in=F("source")),
                name="%(app_label)s_%(class)s_quoted_elsewhere",
                violation_error_message="A source is quoted in another work, not in itself.",
            ),
        ]

    @property
    def dated(self) -> str:
        """The as-of date, no more precise than the source states it."""
        return format_date(self.as_of, _DATE_FORMATS[AsOfPrecision(self.as_of_precision)])

    @property
    def provenance(self) -> Provenance:
        """Source and date for the page."""
        quoted_in = self.quoted_in
        return Provenance(
            self.source.name,
            self.source.anchor,
            self.dated,
            quoted_in.name if quoted_in else "",
            quoted_in.anchor if quoted_in else "",
            format_date(self.checked_on, _DATE_FORMATS[AsOfPrecision.DAY])
            if self.checked_on
            else "",
            (quoted_in or self.source).url,
        )


_AMOUNT_ORDER = models.CheckConstraint(
    condition=Q(high=None) | Q(high__gt=F("low")),
    name="%(app_label)s_%(class)s_high_above_low",
    violation_error_message="The upper end must be above the lower one.",
)


class Figure(Sourced):
    """An amount: one number, a range, or either with an open end."""

    low = models.DecimalField(
        "amount or lower end", max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    high = models.DecimalField("upper end", max_digits=12, decimal_places=2, null=True, blank=True)
    open_ended = models.BooleanField("or more", default=False, help_text="Shown as +.")
    approximate = models.BooleanField("about", default=False, help_text="Shown as ~.")
    unit = models.CharField(max_length=9, choices=Unit, default=Unit.USD_YEAR)
    headline = models.CharField(
        max_length=60,
        blank=True,
        help_text="Its name among the key figures on top. Blank: not there.",
    )

    class Meta(Sourced.Meta):
        abstract = True
        constraints = [*Sourced.Meta.constraints, _AMOUNT_ORDER]

    @property
    def amount(self) -> str:
        """The amount as it is printed, without the words of its unit."""
        if self.low is None:
            return ""
        return format_amount(
            self.low,
            self.high,
            Unit(self.unit),
            open_ended=self.open_ended,
            approximate=self.approximate,
        )

    @property
    def amount_in_words(self) -> str:
        """The amount with its unit: ``$48,780 a year``."""
        return f"{self.amount} {PHRASES[Unit(self.unit)]}".strip() if self.amount else ""


class OptionalFigure(Figure):
    """A statement that may carry an amount."""

    low = models.DecimalField(  # type: ignore[assignment]
        "amount or lower end",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    class Meta(Figure.Meta):
        abstract = True
        constraints = [
            *Figure.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(low=None) | (Q(high=None) & Q(headline="")),
                name="%(app_label)s_%(class)s_low_before_high",
                violation_error_message="An upper end or a headline needs an amount.",
            ),
        ]


class YearSpan(models.Model):
    """Years of experience, or years into a career."""

    years_from = models.PositiveSmallIntegerField(null=True, blank=True)
    years_to = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Blank: no upper end."
    )

    class Meta:
        abstract = True

    # Abstract parents do not add up their constraints, so each child lists this one.
    YEARS_IN_ORDER: ClassVar[models.CheckConstraint] = models.CheckConstraint(
        condition=Q(years_to=None) | Q(years_from__isnull=False, years_to__gt=F("years_from")),
        name="%(app_label)s_%(class)s_years_in_order",
        violation_error_message="The last year must come after the first.",
    )

    @property
    def years(self) -> str:
        """The span as it is printed: ``0–2`` or ``8+``."""
        return format_years(self.years_from, self.years_to)
