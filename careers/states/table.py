"""The table of official wages by area: sorted, filtered, states ticked for comparison.

Pure: what a visitor asked for comes as a ``TableQuery``, rows as they were read.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from careers.blocks import provenances
from careers.models import Provenance, Wage
from careers.oews.latest import Release
from careers.states import figures
from careers.states.release import local

ADDRESS = "/careers/states/"
AREA = "area"
ASCENDING, DESCENDING = "asc", "desc"
COLUMNS = {
    AREA: "Area",
    # First, so that a phone shows it beside the names.
    "median": "Median",
    "p10": "10th percentile",
    "p90": "90th percentile",
    "mean": "Mean",
    "employment": "Jobs",
}
_WAGES = ("median", "p10", "p90", "mean")


def first_order(sort: str) -> str:
    """Return the order in which a column is sorted first: names from A, amounts from the top."""
    return ASCENDING if sort == AREA else DESCENDING


@dataclass(frozen=True)
class TableQuery:
    """What a visitor asked of the table; ``picked`` are the keys of ticked areas."""

    sort: str = "median"
    order: str = DESCENDING
    q: str = ""
    picked: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Return the shortest address that asks the same."""
        pairs = [("sort", self.sort), ("order", self.order)] if self.is_sorted else []
        pairs += [("q", self.q)] if self.q else []
        pairs += [("state", slug) for slug in self.picked]
        return f"{ADDRESS}?{urlencode(pairs)}" if pairs else ADDRESS

    @property
    def is_sorted(self) -> bool:
        """Whether the order is another than the table's own."""
        return (self.sort, self.order) != (TableQuery.sort, TableQuery.order)


@dataclass(frozen=True)
class Heading:
    """A column's heading: its link sorts by it, or turns the order round."""

    key: str
    label: str
    sorted: str
    url: str
    # What htmx asks for; it adds the filter and the ticks as they stand in the form.
    order_url: str


@dataclass(frozen=True)
class Line:
    """An area's row."""

    slug: str
    name: str
    cells: tuple[str, ...]
    picked: bool


@dataclass(frozen=True)
class WageTable:
    """The table as it is shown; ``hidden_picks`` are ticked areas that the filter leaves out."""

    query: TableQuery
    problem: str
    headings: list[Heading]
    lines: list[Line]
    hidden_picks: list[Line]
    total: int
    count: str
    has_gaps: bool
    release: str
    provenances: list[Provenance]

    @property
    def reset_url(self) -> str:
        """The address of the whole table, sorted and ticked as it is."""
        return replace(self.query, q="").url


def build_table(release: Release, query: TableQuery, problem: str = "") -> WageTable:
    """Return the table of all areas but the nation that a query asks for."""
    areas = local(release)
    picked = set(query.picked) & {wage.area.slug for wage in areas}
    query = replace(query, picked=tuple(slug for slug in query.picked if slug in picked))
    shown = arrange(matching(areas, query.q), query)
    hidden = [wage for wage in areas if wage not in shown and wage.area.slug in picked]
    lines = [_line(wage, picked) for wage in shown]
    return WageTable(
        query,
        problem,
        [_heading(key, query) for key in COLUMNS],
        lines,
        [_line(wage, picked) for wage in hidden],
        len(areas),
        _count(len(lines), len(areas), query),
        any(figures.NOT_RELEASED_MARK in line.cells for line in lines),
        release.name,
        provenances(areas),
    )


def matching(wages: Iterable[Wage], q: str) -> list[Wage]:
    """Return the areas whose postal code it is, or with a word that begins with it."""
    wanted = _plain(q)
    return [
        wage
        for wage in wages
        if wanted == wage.area.postal.casefold() or f" {wanted}" in f" {_plain(wage.area.name)}"
    ]


def _plain(text: str) -> str:
    """Return a text for comparison: ``D.C.`` is ``dc``."""
    return " ".join(re.sub(r"[^\w\s]", "", text).casefold().split())


def arrange(wages: Iterable[Wage], query: TableQuery) -> list[Wage]:
    """Return the rows in order; what was not released stands last either way."""
    value = _value_of(query.sort)
    by_name = sorted(wages, key=lambda wage: wage.area.name)
    known = [wage for wage in by_name if value(wage) is not None]
    known.sort(key=value, reverse=query.order == DESCENDING)
    return known + [wage for wage in by_name if value(wage) is None]


def _value_of(sort: str) -> Callable[[Wage], Any]:
    if sort == AREA:
        return lambda wage: wage.area.name
    name = f"annual_{sort}" if sort in _WAGES else sort
    return lambda wage: getattr(wage, name)


def _line(wage: Wage, picked: set[str]) -> Line:
    mark = figures.NOT_RELEASED_MARK
    amounts = (figures.money(figures.annual(wage, level), mark) for level in _WAGES)
    slug = wage.area.slug
    cells = (*amounts, figures.count(wage.employment, mark))
    return Line(slug, wage.area.name, cells, slug in picked)


def _heading(key: str, query: TableQuery) -> Heading:
    current = query.order if key == query.sort else ""
    opposite = {ASCENDING: DESCENDING, DESCENDING: ASCENDING}
    order = opposite.get(current, first_order(key))
    wanted = replace(query, sort=key, order=order)
    order_url = f"{ADDRESS}?{urlencode({'sort': key, 'order': order})}"
    words = {ASCENDING: "ascending", DESCENDING: "descending", "": ""}
    return Heading(key, COLUMNS[key], words[current], wanted.url, order_url)


def _count(shown: int, total: int, query: TableQuery) -> str:
    """Return what the table holds, for eyes and for screen readers."""
    if query.sort == AREA:
        order = "A to Z" if query.order == ASCENDING else "Z to A"
    else:
        end = "highest" if query.order == DESCENDING else "lowest"
        order = f"{end} {COLUMNS[query.sort].lower()} first"
    number = f"{shown} of {total} areas" if query.q else f"{total} areas"
    return f"{number}, {order}"
