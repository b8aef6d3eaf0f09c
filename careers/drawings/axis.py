"""A common axis in dollars: round ticks, and a value's place on it in percent."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from careers.drawings.texts import spread, width_of

type Number = int | Decimal

# So many tick labels stand beside each other in the narrowest drawing.
MOST_TICKS = 5
# An open end lies at most so far along the axis.
ROOM_FOR_ARROW = 0.95


@dataclass(frozen=True)
class Tick:
    """A line across the drawing at ``at`` percent; its label is moved by ``dx`` em."""

    at: float
    label: str
    dx: float


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
    """Return an axis that ends little beyond all values, with two to five round ticks.

    After ``open_ends`` there is room for an arrow.
    """
    found = [float(value) for value in values] or [0.0]
    arrows = [float(value) for value in open_ends]
    low, high, ticks = next(
        (low, high, ticks)
        for step in _round_steps(max(found) - min(found))
        for low, high in _ends(found, arrows, step)
        if 2 <= len(ticks := range(math.ceil(low / step) * step, high + 1, step)) <= MOST_TICKS
    )
    places = [round((value - low) / (high - low) * 100, 2) for value in ticks]
    labels = [f"${value / 1000:g}k" if value else "$0" for value in ticks]
    moves = spread(places, [width_of(label) for label in labels])
    return Axis(low, high, tuple(map(Tick, places, labels, moves)))


def _round_steps(span: float) -> Iterator[int]:
    """Yield 1, 2, 5, 10, 20, ... times a power of ten that suits the span, upwards."""
    power = max(0, math.floor(math.log10(max(span, 1000) / (MOST_TICKS - 1))))
    while True:
        yield from (factor * 10**power for factor in (1, 2, 5))
        power += 1


def _ends(found: list[float], arrows: list[float], step: int) -> Iterator[tuple[int, int]]:
    """Yield ends close to the values, then, where these have too few ticks, ends on ticks."""
    for unit in (max(1, step // 5), step):
        low = math.floor(min(found) / unit) * unit
        high = max(math.ceil(max(found) / unit) * unit, low + unit)
        while any((end - low) / (high - low) > ROOM_FOR_ARROW for end in arrows):
            high += unit
        yield low, high
