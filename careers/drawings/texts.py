"""Texts in a drawing: what they take up, and how they keep clear of each other.

All lengths are em of the drawing's text.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import fmean

from careers.amounts import Unit, format_amount

# The narrowest place for a drawing: a page of 320 px less its margins.
NARROWEST = 18.0
# A character, generous, since a fallback font may be wider than ours.
CHARACTER = 0.54
# Baseline to baseline; from the top of a line, and from the middle of a bar, to the baseline.
LINE = 1.35
ASCENT = 1.0
BASELINE = 0.35
# Between a text and whatever stands beside it.
APART = 0.5


@dataclass(frozen=True)
class TextLine:
    """A line of text and its baseline."""

    text: str
    y: float


def dollars(value: int | Decimal) -> str:
    """Return ``$48,780``."""
    return format_amount(Decimal(value), None, Unit.USD_YEAR)


def em(value: float) -> float:
    """Return a length without idle digits."""
    return round(value, 2)


def width_of(text: str) -> float:
    """Return about how long a text is, rather too long than too short."""
    return len(text) * CHARACTER


def label_lines(text: str, top: float) -> tuple[tuple[TextLine, ...], float]:
    """Return a label in lines that fit into the narrowest drawing, and where they end."""
    lines = textwrap.wrap(text, int(NARROWEST / CHARACTER))
    return (
        tuple(TextLine(line, em(top + LINE * n + ASCENT)) for n, line in enumerate(lines)),
        top + LINE * len(lines),
    )


def spread(places: Sequence[float], widths: Sequence[float]) -> list[float]:
    """Return how far to move texts that are centred at rising places (percent).

    In the narrowest drawing they then neither touch nor leave the frame, if they fit at
    all, and have moved as little as that takes; in a wider one they have more room.
    """
    wanted = [place / 100 * NARROWEST for place in places]
    # Where each centre would be if all texts stood side by side at the left.
    packed = [sum(widths[:n]) + APART * n + width / 2 for n, width in enumerate(widths)]
    # Texts that would touch form a block, whose members move by the same mean shift.
    blocks: list[list[float]] = []
    for here in map(float.__sub__, wanted, packed):
        blocks.append([here])
        while len(blocks) > 1 and fmean(blocks[-2]) >= fmean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    room = NARROWEST - sum(widths) - APART * (len(widths) - 1)
    shifts = [min(max(fmean(block), 0.0), room) for block in blocks for _ in block]
    return [em(shift + left - at) for shift, left, at in zip(shifts, packed, wanted, strict=True)]
