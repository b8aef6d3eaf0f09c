"""What every drawing says about itself."""

from dataclasses import dataclass


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
