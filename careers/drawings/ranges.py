"""Ranges of pay under each other, on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from careers.drawings.axis import Axis, Number, Tick, round_axis
from careers.drawings.texts import (
    APART,
    ASCENT,
    BASELINE,
    LINE,
    NARROWEST,
    TextLine,
    em,
    label_lines,
    spread,
    width_of,
)
from careers.drawings.words import Words

# A bar's room from top to bottom, and the space after a row.
TRACK = 1.3
GAP = 0.6
# How far the arrow of an open end and the dot of a single value reach beyond it.
ARROW = 0.7
POINT = 0.45


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

    @property
    def reach(self) -> tuple[Number, Number]:
        """The lower and the higher end, which are one for a single value."""
        high = self.low if self.high is None else self.high
        return min(self.low, high), max(self.low, high)


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
    """What ``careers/_range_bars.html`` draws; heights in em of the drawing's text."""

    words: Words
    bars: tuple[RangeBar, ...]
    ticks: tuple[Tick, ...]
    plot_height: float
    axis_y: float
    height: float


def range_bars(rows: Sequence[RangeRow], words: Words) -> RangeBars:
    """Return the bars in the order of the rows, on a common axis with round ends."""
    axis = round_axis(
        (end for row in rows for end in row.reach),
        (row.reach[1] for row in rows if row.open_ended),
    )
    top = 0.0
    bars = []
    for row in rows:
        bar, top = _bar(row, axis, top)
        bars.append(bar)
    return RangeBars(words, tuple(bars), axis.ticks, em(top), em(top + ASCENT), em(top + LINE))


def _bar(row: RangeRow, axis: Axis, top: float) -> tuple[RangeBar, float]:
    """Return a row's shapes and where the next row begins."""
    start, end = map(axis.at, row.reach)
    label, top = label_lines(row.label, top)
    middle, bottom = top + TRACK / 2, top + TRACK
    width = width_of(row.said)
    beyond = APART + (ARROW if row.open_ended else POINT if start == end else 0)
    before = APART + (POINT if start == end else 0)
    at, dx, anchor, y = end, beyond, "start", middle + BASELINE
    if (100 - end) / 100 * NARROWEST < beyond + width:
        if start / 100 * NARROWEST >= width + before:
            at, dx, anchor = start, -before, "end"
        else:
            # A bar that leaves no room on either side has its amount below.
            at, anchor, y = round((start + end) / 2, 2), "middle", bottom + ASCENT
            (dx,) = spread([at], [width])
            bottom += LINE
    bar = RangeBar(
        label=label,
        start=start,
        end=end,
        y=em(middle),
        open_ended=row.open_ended,
        is_point=start == end,
        said=TextLine(row.said, em(y)),
        said_at=at,
        said_dx=em(dx),
        said_anchor=anchor,
    )
    return bar, bottom + GAP
