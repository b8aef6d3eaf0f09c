"""What every drawing says about itself, and what texts take up in it."""

import textwrap
from dataclasses import dataclass
from decimal import Decimal

from careers.amounts import Unit, format_amount

# The narrowest place for a drawing in em of its text: a page of 320 px less its margins.
NARROWEST = 18.0
# A character in em, generous, since a fallback font may be wider than ours.
CHARACTER = 0.54
# Baseline to baseline, and how far the baseline stands below the middle of a line.
LINE = 1.35
BASELINE = 0.35


@dataclass(frozen=True)
class Words:
    """``anchor`` is the id that no other figure on the page has; ids of its parts begin with it.

    ``title`` names the drawing and ``description`` says in a sentence what it shows; both
    are read out instead of it. ``caption`` stands under it for everybody.
    """

    anchor: str
    title: str
    description: str
    caption: str = ""


def dollars(value: int | Decimal) -> str:
    """Return ``$48,780``."""
    return format_amount(Decimal(value), None, Unit.USD_YEAR)


def width_of(text: str) -> float:
    """Return about how long a text is, in em, rather too long than too short."""
    return len(text) * CHARACTER


def lines_of(text: str) -> tuple[str, ...]:
    """Return a text in lines that fit into the narrowest drawing."""
    return tuple(textwrap.wrap(text, int(NARROWEST / CHARACTER))) or ("",)


def em(value: float) -> float:
    """Return a length without idle digits."""
    return round(value, 2)
