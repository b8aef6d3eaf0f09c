"""The form of the content files: one schema for each file, in the order of loading."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from careers import models
from careers.amounts import Unit
from careers.fieldtypes import (
    Address,
    Annual,
    AsOf,
    Count,
    Error,
    Hourly,
    Label,
    Line,
    Month,
    Number,
    Prose,
    Slug,
    Text,
    Title,
    Year,
)
from careers.oews.rules import WAGES, contradictions


class Item(BaseModel):
    """One entry of a file; its fields are columns unless a subclass spreads them."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    slug: Slug

    def columns(self) -> dict[str, Any]:
        """Return column values; references are still slugs."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Amount(BaseModel):
    """A number or a range, as numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: Number
    high: Number | None = None
    open_ended: bool = False
    approximate: bool = False
    unit: Unit

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.high is not None and self.high <= self.low:
            raise ValueError("high must be above low")
        return self


class SourcedItem(Item):
    """An entry with its source and date."""

    source: Slug
    quoted_in: Slug | None = None
    as_of: AsOf
    checked_on: dt.date | None = None
    review_by: dt.date | None = None

    @model_validator(mode="after")
    def _quoted_elsewhere(self) -> Self:
        if self.quoted_in == self.source:
            raise ValueError("quoted_in: a source is quoted in another work, not in itself")
        return self

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        columns["as_of"], columns["as_of_precision"] = self.as_of
        return columns


class FigureItem(SourcedItem):
    """An entry with an amount."""

    amount: Amount
    headline: Annotated[str, StringConstraints(max_length=60)] = ""

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        amount: Amount | None = columns.pop("amount")
        return columns | (amount.model_dump() if amount else {})


class OptionalFigureItem(FigureItem):
    """An entry that may have an amount."""

    amount: Amount | None = None  # type: ignore[assignment]


class Span(BaseModel):
    """A span of years; without a last one it has no end."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: Annotated[int, Field(ge=0, le=2100)]
    last: Annotated[int, Field(ge=0, le=2100)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last <= self.first:
            raise ValueError("last must come after first")
        return self


def _spread(columns: dict[str, Any], name: str, prefix: str) -> dict[str, Any]:
    """Replace a span by the two columns that hold it."""
    span: Span | None = columns.pop(name)
    columns[f"{prefix}_from"] = span.first if span else None
    columns[f"{prefix}_to"] = span.last if span else None
    return columns


class SourceItem(Item):
    name: Label
    publisher: Annotated[str, StringConstraints(max_length=120)] = ""
    release: Annotated[str, StringConstraints(max_length=120)] = ""
    url: Address | Literal[""] = ""
    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class PageItem(Item):
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    nav_title: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    description: Annotated[str, StringConstraints(min_length=50, max_length=160)]
    answer: Prose = ""
    updated_on: dt.date


class SectionItem(Item):
    page: Slug
    title: Title
    body: Prose = ""
    block: models.Block | Literal[""] = ""
    note: Prose = ""


class ResourceItem(Item):
    name: Title
    full_name: Annotated[str, StringConstraints(max_length=120)] = ""
    url: Address
    offers: Line


class AreaItem(Item):
    fips: Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
    postal: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    kind: models.Area.Kind = models.Area.Kind.STATE
    neighbours: Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}( [A-Z]{2})*)?$")] = ""


class WageItem(SourcedItem):
    """One area in one release; a number that is absent was not released."""

    area: Slug
    release: Month
    employment: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None
    employment_rse: Error | None = None
    mean_rse: Error | None = None
    hourly_mean: Hourly | None = None
    hourly_p10: Hourly | None = None
    hourly_p25: Hourly | None = None
    hourly_median: Hourly | None = None
    hourly_p75: Hourly | None = None
    hourly_p90: Hourly | None = None
    annual_mean: Annual | None = None
    annual_p10: Annual | None = None
    annual_p25: Annual | None = None
    annual_median: Annual | None = None
    annual_p75: Annual | None = None
    annual_p90: Annual | None = None
    jobs_per_1000: Annotated[Decimal, Field(ge=0, max_digits=7, decimal_places=3)] | None = None
    location_quotient: Annotated[Decimal, Field(ge=0, max_digits=5, decimal_places=2)] | None = None
    notes: Annotated[str, StringConstraints(max_length=400)] = ""

    @model_validator(mode="after")
    def _no_contradiction(self) -> Self:
        wages = {name: getattr(self, name) for name in WAGES}
        if found := next(contradictions(wages), None):
            raise ValueError(": ".join(found))
        return self


class QuestionItem(Item):
    question: Annotated[str, StringConstraints(min_length=1, max_length=160)]
    answer: Prose


class ExamFactItem(OptionalFigureItem):
    group: models.ExamFact.Group
    label: Label
    text: Text


class ExamCostItem(FigureItem):
    label: Title
    remark: Annotated[str, StringConstraints(max_length=200)] = ""
    pays_back: bool = False


class SalaryItem(FigureItem):
    label: Title
    statistic: Literal["median", "average", "range", "top"]
    years: Span | None = None
    in_overview: bool = True

    def columns(self) -> dict[str, Any]:
        return _spread(super().columns(), "years", "years")


class ComparisonItem(SourcedItem):
    figure: Slug
    counts: Line
    effect: Line
    is_baseline: bool = False


class CertificationItem(FigureItem):
    status: Title
    job_access: Line


class CredentialStepItem(Item):
    lower: Slug
    higher: Slug


class PremiumItem(FigureItem):
    label: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    remark: Annotated[str, StringConstraints(max_length=200)] = ""
    in_overview: bool = False


class StateItem(FigureItem):
    area: Slug | None = None
    state: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    end: models.StatePay.End
    rank: Count
    remark: Annotated[str, StringConstraints(max_length=200)] = ""


class SpecialtyItem(FigureItem):
    specialty: Title
    certification: Title
    demand: models.SpecialtyPay.Demand
    is_general: bool = False


class NicheItem(OptionalFigureItem):
    specialty: Slug
    label: Label
    text: Text
    since_year: Year | None = None


class WorkModelItem(FigureItem):
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    pay_effect: Line


class RemoteItem(OptionalFigureItem):
    label: Label
    text: Text


class LadderItem(FigureItem):
    level: Count
    title: Title
    years: Span
    skills: Line

    def columns(self) -> dict[str, Any]:
        return _spread(super().columns(), "years", "years")


class AlternativeItem(FigureItem):
    career: Title
    route: Line
    years: Span | None = None

    def columns(self) -> dict[str, Any]:
        return _spread(super().columns(), "years", "years")


class OutlookItem(FigureItem):
    label: Title
    period: Span | None = None
    remark: Annotated[str, StringConstraints(max_length=200)] = ""

    def columns(self) -> dict[str, Any]:
        return _spread(super().columns(), "period", "period")


class DriverItem(SourcedItem):
    text: Line


class AiItem(SourcedItem):
    label: Label
    text: Text


class StageItem(Item):
    title: Label
    years: Span

    def columns(self) -> dict[str, Any]:
        return _spread(super().columns(), "years", "years")


class StepItem(SourcedItem):
    stage: Slug
    text: Text
    path: Slug | None = None
    premium: Slug | None = None


@dataclass(frozen=True)
class Kind:
    """A file, the rows it fills, and the files that its entries refer to by slug."""

    name: str
    model: type[models.Entry]
    schema: type[Item]
    own_references: dict[str, str] = field(default_factory=dict)
    # The folder of tables that hold its entries, if they do not stand in a file of its own.
    tables: str = ""

    def path_in(self, folder: Path) -> Path:
        """Return where its entries stand in a folder of content files."""
        return folder / (self.tables or f"{self.name}.yaml")

    @property
    def references(self) -> dict[str, str]:
        """Map each referring field to the kind that it names."""
        if not issubclass(self.schema, SourcedItem):
            return self.own_references
        return {"source": "sources", "quoted_in": "sources"} | self.own_references


# Each kind stands after those that it refers to.
KINDS = (
    Kind("sources", models.Source, SourceItem),
    Kind("pages", models.Page, PageItem),
    Kind("sections", models.Section, SectionItem, {"page": "pages"}),
    Kind("questions", models.Question, QuestionItem),
    Kind("areas", models.Area, AreaItem),
    Kind("wages", models.Wage, WageItem, {"area": "areas"}, tables="oews"),
    Kind("exam_facts", models.ExamFact, ExamFactItem),
    Kind("exam_costs", models.ExamCost, ExamCostItem),
    Kind("resources", models.Resource, ResourceItem),
    Kind("salaries", models.SalaryFigure, SalaryItem),
    Kind("comparisons", models.SourceComparison, ComparisonItem, {"figure": "salaries"}),
    Kind("certifications", models.CertificationPay, CertificationItem),
    Kind(
        "credential_steps",
        models.CredentialStep,
        CredentialStepItem,
        {"lower": "certifications", "higher": "certifications"},
    ),
    Kind("premiums", models.CertificationPremium, PremiumItem),
    Kind("states", models.StatePay, StateItem, {"area": "areas"}),
    Kind("specialties", models.SpecialtyPay, SpecialtyItem),
    Kind("niche", models.NicheFact, NicheItem, {"specialty": "specialties"}),
    Kind("work_models", models.WorkModel, WorkModelItem),
    Kind("remote", models.RemoteAdvantage, RemoteItem),
    Kind("ladder", models.LadderLevel, LadderItem),
    Kind("alternatives", models.AlternativePath, AlternativeItem),
    Kind("outlook", models.OutlookFigure, OutlookItem),
    Kind("drivers", models.OutlookDriver, DriverItem),
    Kind("ai", models.AiPoint, AiItem),
    Kind("stages", models.AdviceStage, StageItem),
    Kind(
        "steps",
        models.AdviceStep,
        StepItem,
        {"stage": "stages", "path": "alternatives", "premium": "premiums"},
    ),
)
