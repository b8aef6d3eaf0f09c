"""What a certification adds: values side by side, with what each has over the first."""

from collections.abc import Sequence
from dataclasses import dataclass

from careers.drawings.axis import Number
from careers.drawings.percentiles import spread
from careers.drawings.ranges import ARROW, TextLine
from careers.drawings.words import (
    BASELINE,
    LINE,
    NARROWEST,
    Words,
    em,
    lines_of,
    width_of,
)

TRACK = 1.5
GAP = 0.7
APART = 0.5


@dataclass(frozen=True)
class PremiumRow:
    """A value; ``said`` is the amount as the page writes it, ``difference`` what it adds.

    The difference is a text of its own (``+$12,000, ~28%``), because sources state it
    themselves; empty, nothing is marked.
    """

    label: str
    value: Number
    said: str
    open_ended: bool = False
    difference: str = ""


@dataclass(frozen=True)
class PremiumBar:
    """A bar as long as its value (percent); ``extra_start`` to ``end`` is over the first."""

    label: tuple[TextLine, ...]
    y: float
    end: float
    extra_start: float
    open_ended: bool
    said: TextLine
    said_dx: float
    difference: TextLine | None
    difference_at: float
    difference_dx: float


@dataclass(frozen=True)
class PremiumBars:
    """What ``careers/_premium.html`` draws; heights in em of the drawing's text."""

    words: Words
    bars: tuple[PremiumBar, ...]
    baseline: float
    baseline_top: float
    height: float


def premium_bars(rows: Sequence[PremiumRow], words: Words) -> PremiumBars:
    """Return bars from nothing to each value; the first row is what others are measured by."""
    if not rows:
        return PremiumBars(words, (), 0.0, 0.0, 0.0)
    # The amounts stand after their bars, so the longest bar leaves room for the longest text.
    room = max(width_of(row.said) for row in rows) + APART + ARROW
    scale = (1 - room / NARROWEST) * 100 / float(max(row.value for row in rows) or 1)
    first = round(float(rows[0].value) * scale, 2)
    top = 0.0
    bars = []
    for row in rows:
        bar, top = _bar(row, round(float(row.value) * scale, 2), first, top)
        bars.append(bar)
    return PremiumBars(words, tuple(bars), first, em(bars[0].y + TRACK / 2), em(top - GAP + 0.2))


def _bar(row: PremiumRow, end: float, first: float, top: float) -> tuple[PremiumBar, float]:
    """Return a row's shapes and where the next one begins."""
    lines = lines_of(row.label)
    label = tuple(TextLine(text, em(top + LINE * place + 1)) for place, text in enumerate(lines))
    y = top + LINE * len(lines) + TRACK / 2
    bottom = y + TRACK / 2
    difference, at, dx = None, 0.0, 0.0
    if row.difference:
        difference = TextLine(row.difference, em(bottom + 1.1))
        at = round((first + end) / 2, 2)
        (dx,) = spread([at], [width_of(row.difference)])
        bottom += LINE
    return (
        PremiumBar(
            label,
            em(y),
            end,
            min(first, end),
            row.open_ended,
            TextLine(row.said, em(y + BASELINE)),
            em(APART + (ARROW if row.open_ended else 0)),
            difference,
            at,
            em(dx),
        ),
        bottom + GAP,
    )
