"""Where the shapes of a chart stand: arithmetic only. Templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass

ROW = 26
BAR = 16
LABEL = 76
SPACE = 240
VALUE = 64


@dataclass(frozen=True)
class Bar:
    """One row: a frame as long as the whole, filled as far as the part goes.

    All in the units of the chart; ``text_y`` is a baseline, ``mark_x`` where the mark stands.
    """

    label: str
    said: str
    y: int
    end_y: int
    text_y: int
    length: float
    filled: float
    mark_x: float
    value_x: float


@dataclass(frozen=True)
class BarChart:
    """Bars under each other, with what a drawing needs to hold them."""

    width: int
    height: int
    left: int
    thickness: int
    bars: tuple[Bar, ...]


def bar_chart(rows: Sequence[tuple[str, int, int, float]], mark_percent: int) -> BarChart:
    """Return the shapes of rows of label, part, whole and weight.

    A row's frame is as long as its weight, measured by the greatest; its filling is the
    part of the whole. The mark stands at that many percent of each frame. Rows without a
    whole stay empty.
    """
    most = max((weight for *_, weight in rows), default=0) or 1
    bars = []
    for place, (label, part, whole, weight) in enumerate(rows):
        length = round(SPACE * weight / most, 2)
        top = place * ROW + (ROW - BAR) // 2
        bars.append(
            Bar(
                label=label,
                said=f"{part}/{whole}",
                y=top,
                end_y=top + BAR,
                text_y=top + BAR - 3,
                length=length,
                filled=round(length * part / whole, 2) if whole else 0.0,
                mark_x=round(LABEL + length * mark_percent / 100, 2),
                value_x=round(LABEL + length + 6, 2),
            )
        )
    return BarChart(LABEL + SPACE + VALUE, len(rows) * ROW, LABEL, BAR, tuple(bars))
