"""What it takes to become certified."""

from careers import models
from careers.blocks import Column, Shown, amount_column, make_listing, make_table, point_of
from careers.rows import Rows


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
