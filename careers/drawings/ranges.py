"""Ranges of pay under each other, on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from careers.drawings.axis import Axis, Number, Tick, round_axis
from careers.drawings.words import BASELINE, LINE, NARROWEST, Words, em, lines_of, width_of

TRACK = 1.3
GAP = 0.6
# Between a bar and its text, and the arrow of an open end, in em.
APART = 0.5
ARROW = 0.7


@dataclass(frozen=True)
class RangeRow:
    """What is to be drawn: ``said`` is the amount as the page writes it (``$58,000–$72,000+``).

    Without ``high`` the row is a single value.
    """

    label: str
    low: Number
    high: Number | None
    said: str
    open_ended: bool = False


@dataclass(frozen=True)
class TextLine:
    """A line of text and its baseline in em."""

    text: str
    y: float


@dataclass(frozen=True)
class RangeBar:
    """A bar from ``start`` to ``end`` (percent) at the height ``y`` (em), with its texts.

    The amount stands at ``said_at`` percent, moved by ``said_dx`` em.
    """

    label: tuple[TextLine, ...]
    start: float
    end: float
    y: float
    open_ended: bool
    is_point: bool
    said: TextLine
    said_at: float
    said_dx: float
    said_anchor: str


@dataclass(frozen=True)
class RangeBars:
    """What ``careers/_range_bars.html`` draws; lengths in em of the drawing's text."""

    words: Words
    bars: tuple[RangeBar, ...]
    ticks: tuple[Tick, ...]
    plot_height: float
    height: float
    axis_y: float


def range_bars(rows: Sequence[RangeRow], words: Words) -> RangeBars:
    """Return the bars in the order of the rows, on a common axis with round ends."""
    axis = round_axis(
        (value for row in rows for value in _reach(row)),
        (_reach(row)[1] for row in rows if row.open_ended),
    )
    top = 0.0
    bars = []
    for row in rows:
        bar, top = _bar(row, axis, top)
        bars.append(bar)
    return RangeBars(words, tuple(bars), axis.ticks, em(top), em(top + LINE + 0.3), em(top + LINE))


def _reach(row: RangeRow) -> tuple[Number, Number]:
    high = row.low if row.high is None else row.high
    return min(row.low, high), max(row.low, high)


def _bar(row: RangeRow, axis: Axis, top: float) -> tuple[RangeBar, float]:
    """Return a row's shapes and where the next row begins."""
    low, high = _reach(row)
    start, end = axis.at(low), axis.at(high)
    lines = lines_of(row.label)
    label = tuple(TextLine(text, em(top + LINE * place + 1)) for place, text in enumerate(lines))
    middle = top + LINE * len(lines) + TRACK / 2
    bottom = middle + TRACK / 2
    needed = width_of(row.said) + APART
    reach = APART + (ARROW if row.open_ended else 0)
    at, dx, anchor, y = end, reach, "start", middle + BASELINE
    if (100 - end) / 100 * NARROWEST < needed + reach - APART:
        if start / 100 * NARROWEST >= needed:
            at, dx, anchor = start, -APART, "end"
        else:
            # A bar that leaves no room beside it has its amount below.
            at, dx, anchor, y = 100.0, 0.0, "end", bottom + 1
            bottom += LINE
    return (
        RangeBar(
            label,
            start,
            end,
            em(middle),
            row.open_ended,
            low == high,
            TextLine(row.said, em(y)),
            at,
            em(dx),
            anchor,
        ),
        bottom + GAP,
    )
