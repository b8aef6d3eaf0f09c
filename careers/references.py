"""Figures inside prose: ``[[kind:key]]`` stands for an amount with its source and date.

So no number is kept twice, and none stands in a text without where it comes from.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import CharField, F, Value
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from careers import models
from careers.models import Figure, Source
from careers.rows import Rows
from careers.schema import KINDS

REFERENCE = re.compile(r"\[\[([a-z_]+):([a-z0-9-]+)\]\]")
MODELS = {kind.name: kind.model for kind in KINDS if issubclass(kind.model, Figure)}


def references_in(text: str) -> Iterable[tuple[str, str]]:
    """Yield kind and key of each figure that a text names."""
    return ((match[1], match[2]) for match in REFERENCE.finditer(text))


# What a figure in a text shows of its row, and of the row's source.
_COLUMNS = ("slug", "low", "high", "open_ended", "approximate", "unit", "as_of", "as_of_precision")
_SOURCES = ("source", "quoted_in")
type Named = Mapping[tuple[str, str], Figure]


def read_named(texts: Iterable[str], rows: Rows) -> Named:
    """Return the figures that texts name, by kind and key; unknown ones are absent.

    One statement for all that the page has not read anyway, whatever their kinds.
    """
    wanted: dict[str, set[str]] = {}
    for text in texts:
        for kind, key in references_in(text):
            if kind in MODELS:
                wanted.setdefault(kind, set()).add(key)
    named: dict[tuple[str, str], Figure] = {}
    queries = []
    for kind, keys in wanted.items():
        if rows.has(model := MODELS[kind]):
            named |= {(kind, row.slug): row for row in rows.of(model) if row.slug in keys}
        else:
            queries.append(_columns_of(kind, keys))
    if queries:
        for values in queries[0].union(*queries[1:], all=True).order_by():
            figure = _figure_from(values)
            named[values["kind"], figure.slug] = figure
    return named


def _columns_of(kind: str, keys: Iterable[str]) -> Any:
    """Return a query for what is shown of some figures; alike for every kind."""
    model = MODELS[kind]
    in_overview = F("in_overview") if model is models.SalaryFigure else Value(True)
    return (
        model._default_manager.filter(slug__in=sorted(keys))
        .order_by()
        .values(
            *_COLUMNS,
            *(f"{relation}__{name}" for relation in _SOURCES for name in ("name", "slug", "url")),
            kind=Value(kind, output_field=CharField()),
            shown=in_overview,
        )
    )


def _figure_from(values: dict[str, Any]) -> Figure:
    """Return a figure, not saved, that holds what a text shows of it."""
    figure: Figure = MODELS[values["kind"]](**{name: values[name] for name in _COLUMNS})
    for relation in _SOURCES:
        columns = {name: values[f"{relation}__{name}"] for name in ("name", "slug", "url")}
        setattr(figure, relation, Source(**columns) if columns["slug"] else None)
    if isinstance(figure, models.SalaryFigure):
        figure.in_overview = values["shown"]
    return figure


class Resolver:
    """Puts figures into rendered texts."""

    def __init__(
        self, rows: Rows, sections: Sequence[models.Section], texts: Iterable[str]
    ) -> None:
        self.named = read_named(texts, rows)
        self.sections = {section.block: section for section in sections if section.block}

    def resolve(self, html: str) -> SafeString:
        """Return rendered Markdown with its figures put in."""
        # The Markdown was rendered with raw HTML off; what is put in is escaped.
        return mark_safe(REFERENCE.sub(self._figure, html))  # noqa: S308

    def _figure(self, match: re.Match[str]) -> str:
        row = self.named.get((match[1], match[2]))
        if row is None or not row.amount:
            # Only a figure deleted in the admin since: forms and files refuse unknown ones.
            return "(figure withdrawn)"
        return format_html(
            '<a href="{}"><strong>{}</strong></a> <span class="source-note">({})</span>',
            self._place(row),
            row.amount_in_words,
            row.provenance,
        )

    def _place(self, row: Figure) -> str:
        """Return the address of a figure on the page whose section shows it."""
        if isinstance(row, models.SalaryFigure) and not row.in_overview:
            # Its row in the comparison is another's: the section is near enough.
            compared = self.sections.get(models.Block.COMPARISON)
            return compared.get_absolute_url() if compared else ""
        shown = self.sections.get(row.shown_in)
        return f"{shown.page.get_absolute_url() if shown else ''}#{row.anchor}"
