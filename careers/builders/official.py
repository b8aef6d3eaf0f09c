"""The official wages of the nation, beside the guide's figures and never mixed with them."""

from careers import models
from careers.blocks import Cell, Column, Point, Row, Shown, Table, make_listing
from careers.rows import Rows
from careers.states import figures


def nation(rows: Rows) -> Shown:
    """Return the nation's wages in the release that pages show, and how sure they are."""
    release = rows.release()
    wage = release.nation if release else None
    if wage is None:
        return Shown()
    return Shown([_wages(wage)], [make_listing(_counts(wage))])


def _wages(wage: models.Wage) -> Table:
    columns = [
        Column("Measure", "heading"),
        Column("US$ an hour", "number"),
        Column("US$ a year", "number"),
    ]
    rows: list[Row] = []
    for name in figures.LEVELS:
        texts = (
            f"{figures.level_label(name)}: {figures.level_words(name)}",
            figures.hourly_money(figures.hourly(wage, name)),
            figures.money(figures.annual(wage, name)),
        )
        cells = [Cell(text, column.kind) for text, column in zip(texts, columns, strict=True)]
        # The row's own address leads to the first line of its table.
        anchor = f"{wage.anchor}-{name}" if rows else wage.anchor
        rows.append(Row(anchor, cells, wage.provenance))
    caption = f"Medical records specialists in the whole nation, {wage.released}"
    return Table("official-pay-table", caption, columns, rows, wage.provenance)


def _counts(wage: models.Wage) -> list[Point]:
    """Return the number of jobs, and how far the survey may be off in plain words."""
    jobs = figures.count(wage.employment) + (" jobs" if wage.employment is not None else "")
    points = [
        Point(
            "",
            f"Counted in {wage.released}, without the self-employed.",
            "Employment",
            amount=jobs,
            provenance=wage.provenance,
        )
    ]
    if wage.mean_rse is not None:
        points.append(
            Point(
                "",
                "The relative standard error of the mean wage. The survey asks some employers, "
                "not all; the smaller the error, the surer the figure.",
                "How sure",
                amount=f"{wage.mean_rse}%",
                provenance=wage.provenance,
            )
        )
    if wage.notes:
        points.append(Point("", wage.notes, "Note", provenance=wage.provenance))
    return points
