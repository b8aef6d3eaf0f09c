"""Where the work leads: ladder, other careers, outlook, AI and advice."""

from careers import models
from careers.blocks import Column, Point, Shown, amount_column, make_listing, make_table, point_of
from careers.builders import drawn
from careers.rows import Rows


def ladder(rows: Rows) -> Shown:
    """Return the career ladder."""
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
    return Shown(
        [table],
        drawings=drawn.ranges(
            "ladder-drawing", "Pay from level to level", figures, lambda row: row.title
        ),
    )


def alternatives(rows: Rows) -> Shown:
    """Return the careers that build on coding."""
    figures = rows.of(models.AlternativePath)
    column, written = amount_column("Salary range", figures)
    table = make_table(
        "alternatives-table",
        "Careers that build on coding",
        [Column("Career", "heading"), Column("How to get there"), column],
        ((row, [row.career, _route(row), written(row)]) for row in figures),
    )
    return Shown(
        [table],
        drawings=drawn.ranges(
            "alternatives-drawing",
            "Pay in careers that build on coding",
            figures,
            lambda row: row.career,
        ),
    )


def _route(path: models.AlternativePath) -> str:
    return f"{path.route}; {path.years} years of experience" if path.years else path.route


def outlook(rows: Rows) -> Shown:
    """Return growth, openings and employment, and what drives them."""
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


def ai(rows: Rows) -> Shown:
    """Return the points about AI."""
    points = (point_of(row, label=row.label, text=row.text) for row in rows.of(models.AiPoint))
    return Shown(listings=[make_listing(points)])


def advice(rows: Rows) -> Shown:
    """Return the steps to better pay, stage by stage."""
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
