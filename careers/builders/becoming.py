"""What it takes to become certified."""

from collections.abc import Iterable
from decimal import Decimal

from careers import models
from careers.amounts import Unit, format_amount
from careers.blocks import (
    Cell,
    Column,
    Point,
    Row,
    Shown,
    Table,
    amount_column,
    make_listing,
    make_table,
    point_of,
    shared,
)
from careers.payback import PayBack
from careers.rows import Rows

# The row of the premiums with which the fee is compared.
PREMIUM = "premium-in-dollars"
LEFT_OUT = (
    "Taxes: you keep less than the whole premium.",
    "Membership, code books, courses, and the hours that you study.",
    "The first job: before it there is no premium, and a CPC-A may see less of it at first.",
    "Chance: the premium is an average of many people, not a promise to you.",
)


def exam_facts(rows: Rows) -> Shown:
    """Return the facts about the exam."""
    return _facts(rows, models.ExamFact.Group.EXAM)


def apprentice(rows: Rows) -> Shown:
    """Return the facts about apprentice status."""
    return _facts(rows, models.ExamFact.Group.APPRENTICE)


def _facts(rows: Rows, group: models.ExamFact.Group) -> Shown:
    points = (
        point_of(row, label=row.label, text=row.text, amount=row.amount_in_words)
        for row in rows.of(models.ExamFact)
        if row.group == group
    )
    return Shown(listings=[make_listing(points)])


def exam_costs(rows: Rows) -> Shown:
    """Return the prices; two sources that differ stand side by side."""
    figures = rows.of(models.ExamCost)
    column, written = amount_column("Price", figures)
    table = make_table(
        "exam-costs-table",
        "What the exam costs",
        [Column("What for", "heading"), column, Column("Remark")],
        ((row, [row.label, written(row), row.remark]) for row in figures),
    )
    return Shown([table])


def pay_back(rows: Rows) -> Shown:
    """Return how soon each price comes back that is marked so, step by step.

    Nothing if the premium is gone, nought, or not in dollars a year.
    """
    premium = next(
        (
            row
            for row in rows.of(models.CertificationPremium)
            if row.slug == PREMIUM and row.unit == Unit.USD_YEAR and row.low
        ),
        None,
    )
    costs = [row for row in rows.of(models.ExamCost) if row.pays_back and row.unit == Unit.USD]
    if premium is None or not costs:
        return Shown()
    a_month = format_amount(PayBack(Decimal(0), premium.low).premium_a_month, None, Unit.USD)
    made = [_paid_back(row, PayBack(row.high or row.low, premium.low)) for row in costs]
    table = Table(
        "pay-back-table",
        "How soon the exam fee comes back",
        [
            Column("What for", "heading"),
            Column("Price", "number"),
            Column("Months of premium", "number"),
            Column("Earned back within", "number"),
        ],
        made,
        shared(row.provenance for row in made),
    )
    steps = [
        Point(
            "",
            "What CPC holders earn more than others; of a range, the lower end.",
            "Premium",
            amount=format_amount(premium.low, None, Unit.USD_YEAR) + " a year",
            provenance=premium.provenance,
        ),
        Point("", "A twelfth of it.", "Premium a month", amount=a_month),
        Point("", f"Each price divided by {a_month}, rounded up to whole weeks.", "Time"),
    ]
    left_out: Iterable[Point] = (Point("", text) for text in LEFT_OUT)
    return Shown(
        [table],
        [
            make_listing(steps, title="How it is reckoned", anchor="pay-back-steps"),
            make_listing(left_out, title="What it leaves out", anchor="pay-back-left-out"),
        ],
    )


def _paid_back(cost: models.ExamCost, reckoned: PayBack) -> Row:
    texts = (cost.label, cost.amount, f"{reckoned.months:.2f}", str(reckoned))
    kinds = ("heading", "number", "number", "number")
    cells = [Cell(text, kind) for text, kind in zip(texts, kinds, strict=True)]  # type: ignore[arg-type]
    # The price itself stands in another table: its id may not stand twice on the page.
    return Row(f"pay-back-{cost.slug}", cells, cost.provenance)
