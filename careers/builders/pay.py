"""What the guide says of pay: nationally, by credential, state, specialty and place of work."""

from careers import models
from careers.blocks import (
    Column,
    Point,
    Shown,
    amount_column,
    make_listing,
    make_table,
    point_of,
)
from careers.builders import drawn
from careers.rows import Rows


def overview(rows: Rows) -> Shown:
    """Return the national table, and what the guide notes under it."""
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


def certifications(rows: Rows) -> Shown:
    """Return pay and open doors by certification."""
    figures = rows.of(models.CertificationPay)
    column, written = amount_column("Average salary", figures)
    table = make_table(
        "certifications-table",
        "Pay and access to jobs by certification",
        [Column("Certification", "heading"), column, Column("Work it opens")],
        ((row, [row.status, written(row), row.job_access]) for row in figures),
    )
    return Shown(
        [table],
        drawings=drawn.ranges(
            "certifications-drawing", "Pay by certification", figures, lambda row: row.status
        ),
    )


def premium(rows: Rows) -> Shown:
    """Return what certification adds to pay."""
    figures = rows.of(models.CertificationPremium)
    column, written = amount_column("Amount", figures)
    table = make_table(
        "premium-table",
        "What certification adds to pay",
        [Column("Measure", "heading"), column, Column("Remark")],
        ((row, [row.label, written(row), row.remark]) for row in figures),
    )
    return Shown([table], drawings=drawn.premiums(figures))


def comparison(rows: Rows) -> Shown:
    """Return whom each national figure counts."""
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


def states(rows: Rows) -> Shown:
    """Return the guide's highest and lowest states."""
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


def specialties(rows: Rows) -> Shown:
    """Return pay, credential and demand by specialty."""
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
    return Shown(
        [table],
        drawings=drawn.ranges(
            "specialties-drawing", "Pay by specialty", figures, lambda row: row.specialty
        ),
    )


def niche(rows: Rows) -> Shown:
    """Return the facts about the niche."""
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


def work_models(rows: Rows) -> Shown:
    """Return the places of work."""
    figures = rows.of(models.WorkModel)
    column, written = amount_column("Share of coding jobs", figures)
    table = make_table(
        "work-models-table",
        "Places of work and their effect on pay",
        [Column("Work model", "heading"), column, Column("Effect on pay")],
        ((row, [row.name, written(row), row.pay_effect]) for row in figures),
    )
    return Shown([table])


def remote(rows: Rows) -> Shown:
    """Return the advantages of remote work."""
    points = (
        point_of(row, label=row.label, text=row.text, amount=row.amount_in_words)
        for row in rows.of(models.RemoteAdvantage)
    )
    return Shown(listings=[make_listing(points)])
