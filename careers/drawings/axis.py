"""A common axis in dollars: round ends, round ticks, and a value's place on it in percent."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

type Number = int | Decimal

# So many tick labels stand beside each other in the narrowest drawing.
MOST_TICKS = 5
# An open end lies at most so far along the axis.
ROOM_FOR_ARROW = 0.95


@dataclass(frozen=True)
class Tick:
    """A line across the drawing; the outermost labels are set inwards, to stay inside."""

    at: float
    label: str
    anchor: str


@dataclass(frozen=True)
class Axis:
    """From ``low`` to ``high`` dollars."""

    low: int
    high: int
    ticks: tuple[Tick, ...]

    def at(self, value: Number) -> float:
        """Return a value's place in percent of the drawing's width."""
        return round(float(value - self.low) / (self.high - self.low) * 100, 2)


def round_axis(values: Iterable[Number], open_ends: Iterable[Number] = ()) -> Axis:
    """Return the shortest axis with round ends and two to five ticks that holds all values.

    After ``open_ends`` there is room for an arrow.
    """
    found = [float(value) for value in values] or [0.0]
    arrows = [float(value) for value in open_ends]
    for step in _round_steps(max(found) - min(found)):
        low = math.floor(min(found) / step) * step
        high = max(math.ceil(max(found) / step) * step, low + step)
        while any((end - low) / (high - low) > ROOM_FOR_ARROW for end in arrows):
            high += step
        if high - low <= (MOST_TICKS - 1) * step:
            break
    ticks = tuple(
        Tick(
            round((value - low) / (high - low) * 100, 2),
            _in_thousands(value),
            "start" if value == low else "end" if value == high else "middle",
        )
        for value in range(low, high + 1, step)
    )
    return Axis(low, high, ticks)


def _round_steps(span: float) -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, ... times a thousand or less, as fits the span, upwards."""
    power = max(0, math.floor(math.log10(max(span, 1000) / (MOST_TICKS - 1))))
    while True:
        yield from (factor * 10**power for factor in (1, 2, 5))
        power += 1


def _in_thousands(value: int) -> str:
    return f"${value / 1000:g}k" if value else "$0"
