"""What holds the guide together: its pages, questions, resources and sources."""

from careers import models
from careers.blocks import Drawing, Point, Shown, make_listing
from careers.rows import Rows


def topics(rows: Rows) -> Shown:
    """Return the guide's other pages."""
    return Shown(drawings=[Drawing("careers/_topics.html", rows.pages)])


def questions(rows: Rows) -> Shown:
    """Return the questions that people ask; their answers are Markdown with references."""
    return Shown(answers=rows.of(models.Question))


def sources(rows: Rows) -> Shown:
    """Return who published the figures, and where."""
    points = (
        Point(source.anchor, _about(source), source.name, url=source.url)
        for source in rows.of(models.Source)
    )
    return Shown(listings=[make_listing(points)])


def _about(source: models.Source) -> str:
    edition = ", ".join(part for part in (source.publisher, source.release) if part)
    return " ".join(part for part in (f"{edition}." if edition else "", source.note) if part)


def resources(rows: Rows) -> Shown:
    """Return the official bodies and documents."""
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
