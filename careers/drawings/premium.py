"""What a certification adds: values side by side, with what each has over the first."""

from collections.abc import Sequence
from dataclasses import dataclass

from careers.drawings.axis import Number
from careers.drawings.ranges import ARROW, GAP, TRACK
from careers.drawings.texts import (
    APART,
    ASCENT,
    BASELINE,
    LINE,
    NARROWEST,
    TextLine,
    em,
    label_lines,
    width_of,
)
from careers.drawings.words import Words


@dataclass(frozen=True)
class PremiumRow:
    """A value; ``said`` is the amount as the page writes it, ``difference`` what it adds.

    The difference is a text of its own (``+$12,000, ~28%``), because sources state it
    themselves; empty, none is written.
    """

    label: str
    value: Number
    said: str
    open_ended: bool = False
    difference: str = ""


@dataclass(frozen=True)
class PremiumBar:
    """A bar as long as its value (percent); ``extra_start`` to ``end`` is over the first.

    Its difference is written at ``extra_start``, moved by ``difference_dx`` em.
    """

    label: tuple[TextLine, ...]
    y: float
    extra_start: float
    end: float
    open_ended: bool
    said: TextLine
    said_dx: float
    difference: TextLine | None
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
    # The amounts stand after their bars: the longest bar leaves room for the longest text.
    room = max(width_of(row.said) for row in rows) + APART + ARROW
    longest = 100 * (1 - room / NARROWEST)
    most = float(max(row.value for row in rows)) or 1.0
    first = round(longest * float(rows[0].value) / most, 2)
    top = 0.0
    bars = []
    for row in rows:
        bar, top = _bar(row, round(longest * float(row.value) / most, 2), first, top)
        bars.append(bar)
    return PremiumBars(words, tuple(bars), first, em(bars[0].y + TRACK / 2), em(top))


def _bar(row: PremiumRow, end: float, first: float, top: float) -> tuple[PremiumBar, float]:
    """Return a row's shapes and where the next one begins."""
    label, top = label_lines(row.label, top)
    middle, bottom = top + TRACK / 2, top + TRACK
    extra_start = min(first, end)
    difference, dx = None, 0.0
    if row.difference:
        difference = TextLine(row.difference, em(bottom + ASCENT))
        # Beside the line of the first value, or as far right as the frame allows.
        dx = min(APART, NARROWEST * (1 - extra_start / 100) - width_of(row.difference))
        bottom += LINE
    bar = PremiumBar(
        label=label,
        y=em(middle),
        extra_start=extra_start,
        end=end,
        open_ended=row.open_ended,
        said=TextLine(row.said, em(middle + BASELINE)),
        said_dx=em(APART + (ARROW if row.open_ended else 0)),
        difference=difference,
        difference_dx=em(dx),
    )
    return bar, bottom + GAP
