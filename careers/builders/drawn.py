"""Drawings that stand above the tables with the same figures."""

from collections.abc import Callable, Sequence
from typing import Any

from careers.amounts import Unit
from careers.blocks import Drawing
from careers.drawings import PremiumRow, RangeRow, Words, premium_bars, range_bars
from careers.models import CertificationPremium, Figure

# The premiums that are set side by side, the first is what the others are measured by; and
# the two rows in which the source states the second's difference.
COMPARED = ("uncertified-average", "cpc-average", "three-certifications")
DIFFERENCES = ("premium-in-dollars", "premium-in-percent")


def ranges[F: Figure](
    anchor: str, title: str, figures: Sequence[F], label: Callable[[F], str]
) -> list[Drawing]:
    """Return bars of the rows that are dollars a year, on one axis; none without any.

    Rows of several sources are told apart by the table below, so only those that share one
    are drawn together.
    """
    yearly = [row for row in figures if row.unit == Unit.USD_YEAR and row.low is not None]
    if not yearly or len({row.provenance for row in yearly}) > 1:
        return []
    bars = range_bars(
        [RangeRow(label(row), row.low, row.high, row.amount, row.open_ended) for row in yearly],
        Words(
            anchor,
            title,
            "A bar for each row of the table below, from the lower to the upper end of its range.",
            _source_line(yearly[0]),
        ),
    )
    return [Drawing("careers/_range_bars.html", bars)]


def premiums(rows: Sequence[CertificationPremium]) -> list[Drawing]:
    """Return the averages without a certification, with one, with three; none if any lacks."""
    by_slug = {row.slug: row for row in rows}
    compared = [by_slug[slug] for slug in COMPARED if slug in by_slug]
    if len(compared) < len(COMPARED) or len({_kind_of(row) for row in compared}) > 1:
        return []
    differences = [
        by_slug[slug].amount
        for slug in DIFFERENCES
        if slug in by_slug and by_slug[slug].provenance == compared[0].provenance
    ]
    said = f"+{', '.join(differences)}" if differences else ""
    bars = premium_bars(
        [
            PremiumRow(
                row.label,
                row.low,
                row.amount,
                row.open_ended,
                said if row.slug == COMPARED[1] else "",
            )
            for row in compared
        ],
        Words(
            "premium-drawing",
            "Average pay without a certification, with the CPC, with three or more",
            "Three bars from nothing to each average; the table below has the same figures.",
            f"Dashed: the average without certification. {_source_line(compared[0])}",
        ),
    )
    return [Drawing("careers/_premium.html", bars)]


def _kind_of(row: Figure) -> tuple[Any, ...]:
    """Return what bars on one axis must have in common: unit, source and date."""
    return row.unit, row.provenance


def _source_line(row: Figure) -> str:
    return f"Source: {row.provenance}."
