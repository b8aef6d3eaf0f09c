"""Everything that the page shows, read with one query for each model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from careers import models
from careers.blocks import (
    Column,
    Listing,
    Point,
    Table,
    amount_column,
    make_listing,
    make_table,
    point_of,
)
from careers.models import Block


class Rows:
    """The rows of each model, read at most once and only if a section shows them."""

    def __init__(self) -> None:
        self._read: dict[type[models.Entry], list[Any]] = {}

    def of[M: models.Entry](self, model: type[M]) -> list[M]:
        """Return all rows of a model in their order on the page."""
        if model not in self._read:
            self._read[model] = list(model.objects.for_page())
        return self._read[model]

    def headlines(self) -> Iterator[models.Figure]:
        """Yield the key figures among the rows that were read."""
        for rows in self._read.values():
            yield from (row for row in rows if isinstance(row, models.Figure) and row.headline)


@dataclass(frozen=True)
class Shown:
    """What a section shows between its text and its note."""

    tables: list[Table] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A section with what it shows."""

    section: models.Section
    shown: Shown


@dataclass(frozen=True)
class Guide:
    """The whole page."""

    headlines: list[models.Figure]
    parts: list[Part]
    sources: list[models.Source]


def read_guide() -> Guide:
    """Read the page's content."""
    rows = Rows()
    parts = [
        Part(section, BUILDERS[Block(section.block)](rows) if section.block else Shown())
        for section in rows.of(models.Section)
    ]
    return Guide(list(rows.headlines()), parts, rows.of(models.Source))


def _overview(rows: Rows) -> Shown:
    figures = [row for row in rows.of(models.SalaryFigure) if row.in_overview]
    column, written = amount_column("Amount", figures)
    table = make_table(
        "national-pay-table",
        "National pay of medical coders and records specialists",
        [Column("Measure", "heading"), column],
        ((row, [str(row), written(row)]) for row in figures),
    )
    premiums = [row for row in rows.of(models.CertificationPremium) if row.in_overview]
    # The row itself stands under the premiums: a second element may not have its id.
    points = [
        Point("", _sentence(row.remark), row.label, "", row.amount_in_words, "", row.provenance)
        for row in premiums
    ]
    return Shown([table], [make_listing(points)] if points else [])


def _sentence(remark: str) -> str:
    """Return a table's remark as a sentence of a list."""
    return f"{remark}." if remark else ""


def _certifications(rows: Rows) -> Shown:
    figures = rows.of(models.CertificationPay)
    column, written = amount_column("Average salary", figures)
    table = make_table(
        "certifications-table",
        "Pay and access to jobs by certification",
        [Column("Certification", "heading"), column, Column("Work it opens")],
        ((row, [row.status, written(row), row.job_access]) for row in figures),
    )
    return Shown([table])


def _premium(rows: Rows) -> Shown:
    figures = rows.of(models.CertificationPremium)
    column, written = amount_column("Amount", figures)
    table = make_table(
        "premium-table",
        "What certification adds to pay",
        [Column("Measure", "heading"), column, Column("Remark")],
        ((row, [row.label, written(row), row.remark]) for row in figures),
    )
    return Shown([table])


def _comparison(rows: Rows) -> Shown:
    compared = rows.of(models.SourceComparison)
    table = make_table(
        "comparison-table",
        "National figures and whom they count",
        [
            Column("Figure", "heading"),
            Column("Amount", "number"),
            Column("Whom it counts"),
            Column("What that does"),
        ],
        (
            (
                row,
                [
                    f"{row.figure.label} (baseline)" if row.is_baseline else row.figure.label,
                    row.figure.amount_in_words,
                    row.counts,
                    row.effect,
                ],
            )
            for row in compared
        ),
        provenance_of="figure",
    )
    return Shown([table])


def _states(rows: Rows) -> Shown:
    tables = []
    for end in models.StatePay.End:
        figures = [row for row in rows.of(models.StatePay) if row.end == end]
        column, written = amount_column("Mean salary", figures)
        has_remarks = any(row.remark for row in figures)
        columns = [Column("State", "heading"), Column("Rank", "number"), column]
        tables.append(
            make_table(
                f"states-{end}-table",
                f"{end.label.capitalize()} states",
                [*columns, Column("What stands behind it")] if has_remarks else columns,
                (
                    (row, [row.state, str(row.rank), written(row), row.remark][: 3 + has_remarks])
                    for row in figures
                ),
            )
        )
    return Shown(tables)


def _specialties(rows: Rows) -> Shown:
    figures = rows.of(models.SpecialtyPay)
    column, written = amount_column("Salary range", figures)
    table = make_table(
        "specialties-table",
        "Pay, certification and demand by specialty",
        [Column("Specialty", "heading"), column, Column("Certification"), Column("Demand")],
        (
            (row, [row.specialty, written(row), row.certification, row.get_demand_display()])
            for row in figures
        ),
    )
    return Shown([table])


def _niche(rows: Rows) -> Shown:
    specialties = {row.pk: row for row in rows.of(models.SpecialtyPay)}
    points: list[Point] = []
    for fact in rows.of(models.NicheFact):
        # The range is the specialty's own, stated once: staff edit one row.
        specialty = specialties.pop(fact.specialty_id, None)
        if specialty:
            points.append(
                Point(
                    "",
                    f"Salary range of the specialty {specialty.specialty}.",
                    "Pay",
                    amount=specialty.amount_in_words,
                    provenance=specialty.provenance,
                )
            )
        since = f" since {fact.since_year}" if fact.since_year else ""
        points.append(
            point_of(
                fact, label=fact.label, text=fact.text, amount=f"{fact.amount_in_words}{since}"
            )
        )
    return Shown(listings=[make_listing(points)])


def _work_models(rows: Rows) -> Shown:
    figures = rows.of(models.WorkModel)
    column, written = amount_column("Share of coding jobs", figures)
    table = make_table(
        "work-models-table",
        "Places of work and their effect on pay",
        [Column("Work model", "heading"), column, Column("Effect on pay")],
        ((row, [row.name, written(row), row.pay_effect]) for row in figures),
    )
    return Shown([table])


def _remote(rows: Rows) -> Shown:
    points = (
        point_of(row, label=row.label, text=row.text, amount=row.amount_in_words)
        for row in rows.of(models.RemoteAdvantage)
    )
    return Shown(listings=[make_listing(points)])


def _ladder(rows: Rows) -> Shown:
    figures = rows.of(models.LadderLevel)
    column, written = amount_column("Salary range", figures)
    table = make_table(
        "ladder-table",
        "The ladder from entry-level coder to director",
        [
            Column("Level", "number"),
            Column("Title", "heading"),
            column,
            Column("Experience", "number"),
            Column("Key skills"),
        ],
        (
            (row, [str(row.level), row.title, written(row), f"{row.years} years", row.skills])
            for row in figures
        ),
    )
    return Shown([table])


def _alternatives(rows: Rows) -> Shown:
    figures = rows.of(models.AlternativePath)
    column, written = amount_column("Salary range", figures)
    table = make_table(
        "alternatives-table",
        "Careers that build on coding",
        [Column("Career", "heading"), Column("How to get there"), column],
        ((row, [row.career, _route(row), written(row)]) for row in figures),
    )
    return Shown([table])


def _route(path: models.AlternativePath) -> str:
    return f"{path.route}; {path.years} years of experience" if path.years else path.route


def _outlook(rows: Rows) -> Shown:
    figures = rows.of(models.OutlookFigure)
    column, written = amount_column("Figure", figures)
    table = make_table(
        "outlook-table",
        "Growth, openings and employment",
        [Column("Measure", "heading"), column, Column("Remark")],
        ((row, [str(row), written(row), row.remark]) for row in figures),
    )
    drivers = (point_of(row, text=row.text) for row in rows.of(models.OutlookDriver))
    listing = make_listing(drivers, title="What drives the demand", anchor="outlook-drivers")
    return Shown([table], [listing])


def _ai(rows: Rows) -> Shown:
    points = (point_of(row, label=row.label, text=row.text) for row in rows.of(models.AiPoint))
    return Shown(listings=[make_listing(points)])


def _advice(rows: Rows) -> Shown:
    steps = rows.of(models.AdviceStep)
    return Shown(
        listings=[
            make_listing(
                (_step(step) for step in steps if step.stage_id == stage.pk),
                title=str(stage),
                anchor=stage.anchor,
            )
            for stage in rows.of(models.AdviceStage)
        ]
    )


def _step(step: models.AdviceStep) -> Point:
    figure = step.path or step.premium
    return Point(
        step.anchor,
        step.text,
        figure_label=str(figure) if figure else "",
        amount=figure.amount_in_words if figure else "",
        provenance=(figure or step).provenance,
    )


def _resources(rows: Rows) -> Shown:
    points = (
        Point(
            row.anchor,
            row.offers,
            f"{row.name} ({row.full_name})" if row.full_name else row.name,
            url=row.url,
        )
        for row in rows.of(models.Resource)
    )
    return Shown(listings=[make_listing(points)])


BUILDERS: dict[Block, Callable[[Rows], Shown]] = {
    Block.OVERVIEW: _overview,
    Block.CERTIFICATIONS: _certifications,
    Block.PREMIUM: _premium,
    Block.COMPARISON: _comparison,
    Block.STATES: _states,
    Block.SPECIALTIES: _specialties,
    Block.NICHE: _niche,
    Block.WORK_MODELS: _work_models,
    Block.REMOTE: _remote,
    Block.LADDER: _ladder,
    Block.ALTERNATIVES: _alternatives,
    Block.OUTLOOK: _outlook,
    Block.AI: _ai,
    Block.ADVICE: _advice,
    Block.RESOURCES: _resources,
}
