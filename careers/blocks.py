"""The two shapes in which a page shows rows: tables and lists, each figure with its source.

A table says once where its figures come from if all rows agree, and else in each row.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from careers.amounts import Unit
from careers.models import Figure, Provenance, Question, Sourced


@dataclass(frozen=True)
class Column:
    """A column's heading and how its cells are set."""

    label: str
    kind: Literal["text", "number", "heading"] = "text"


@dataclass(frozen=True)
class Cell:
    """One cell; the heading cell names its row."""

    text: str
    kind: Literal["text", "number", "heading"]


@dataclass(frozen=True)
class Row:
    """A row with its place on the page and where its figures come from."""

    anchor: str
    cells: list[Cell]
    provenance: Provenance


@dataclass(frozen=True)
class Table:
    """A table; ``provenance`` is set if all its rows share one."""

    anchor: str
    caption: str
    columns: list[Column]
    rows: list[Row]
    provenance: Provenance | None


@dataclass(frozen=True)
class Point:
    """An entry of a list: what it says, and the figure that belongs to it."""

    anchor: str
    text: str
    label: str = ""
    figure_label: str = ""
    amount: str = ""
    url: str = ""
    provenance: Provenance | None = None


@dataclass(frozen=True)
class Listing:
    """A list; ``provenance`` is set if all its points share one."""

    points: list[Point]
    title: str = ""
    anchor: str = ""
    provenance: Provenance | None = None


@dataclass(frozen=True)
class Drawing:
    """A picture or a list of cards: the partial that draws it, and what it draws."""

    template: str
    shapes: Any


@dataclass(frozen=True)
class Shown:
    """What a section shows between its text and its note."""

    tables: list[Table] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    answers: list[Question] = field(default_factory=list)


def make_table(
    anchor: str,
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[Sourced, Sequence[str]]],
    provenance_of: str = "",
) -> Table:
    """Return a table of rows with their cells' texts.

    ``provenance_of`` names the related row whose source counts, if it is not the row's own.
    """
    made = [
        Row(
            row.anchor,
            [Cell(text, column.kind) for text, column in zip(texts, columns, strict=True)],
            (getattr(row, provenance_of) if provenance_of else row).provenance,
        )
        for row, texts in rows
    ]
    return Table(anchor, caption, list(columns), made, shared(row.provenance for row in made))


def make_listing(points: Iterable[Point], *, title: str = "", anchor: str = "") -> Listing:
    """Return a list of points under an optional heading."""
    made = list(points)
    provenance = shared(point.provenance for point in made)
    return Listing(made, title, anchor, provenance)


def point_of(row: Sourced, *, text: str, label: str = "", amount: str = "") -> Point:
    """Return a point with its row's own source."""
    return Point(row.anchor, text, label=label, amount=amount, provenance=row.provenance)


def shared(provenances: Iterable[Provenance | None]) -> Provenance | None:
    """Return the one provenance of all, or None if they differ."""
    distinct = set(provenances)
    return distinct.pop() if len(distinct) == 1 else None


def provenances(rows: Iterable[Sourced]) -> list[Provenance]:
    """Return where rows come from, each source and date once, with the span of its checks.

    It says nothing of checks if one of its rows was never checked.
    """
    checks: dict[Provenance, dict[dt.date | None, str]] = {}
    for row in rows:
        found = row.provenance
        checks.setdefault(replace(found, checked=""), {})[row.checked_on] = found.checked
    return [replace(found, checked=_span(days)) for found, days in checks.items()]


def _span(checks: Mapping[dt.date | None, str]) -> str:
    days = [day for day in checks if day]
    if len(days) < len(checks):
        return ""
    first, last = checks[min(days)], checks[max(days)]
    return first if first == last else f"between {first} and {last}"


def amount_column(label: str, rows: Sequence[Figure]) -> tuple[Column, Callable[[Figure], str]]:
    """Return a column for amounts and how to write one of them in it.

    A unit that all rows share stands in the heading alone.
    """
    units = {Unit(row.unit) for row in rows}
    if units == {Unit.USD_YEAR}:
        return Column(f"{label}, US$ a year", "number"), lambda row: row.amount
    return Column(label, "number"), lambda row: row.amount_in_words
