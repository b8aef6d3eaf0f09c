"""The outlines of the states, as they ship (``careers/data/map``)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.text import slugify

FILE = Path(__file__).resolve().parents[1] / "data" / "map" / "states.csv"
WIDTH, HEIGHT = 975, 610


@dataclass(frozen=True)
class Outline:
    """A state or the District of Columbia; ``path`` in units of the map's frame."""

    fips: str
    name: str
    slug: str
    path: str


@cache
def outlines() -> tuple[Outline, ...]:
    """Return all 51 in the alphabetical order in which they are read."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Outline(row["fips"], row["name"], slugify(row["name"]), row["path"])
            for row in csv.DictReader(file)
        )
