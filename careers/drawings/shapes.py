"""The outlines of the states, as they ship (``static/map``)."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.text import slugify

# A page refers to the shapes in this file, which browsers keep, rather than repeat them.
FILE = Path(__file__).resolve().parents[2] / "static" / "map" / "states.svg"
_PATH = re.compile(r'<path id="s(\d\d)" data-name="([^"]+)" [^>]*\bd="([^"]+)"/>')
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
    return tuple(
        Outline(fips, name, slugify(name), path)
        for fips, name, path in _PATH.findall(FILE.read_text(encoding="utf-8"))
    )
