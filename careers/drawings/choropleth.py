"""The map of the states, coloured by a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from careers.drawings.axis import Number
from careers.drawings.shapes import Outline, outlines
from careers.drawings.texts import dollars
from careers.drawings.words import Words

CLASSES = 5
ADDRESS = "/careers/states/"
DISTRICT = "11"


@dataclass(frozen=True)
class MapState:
    """A link on the map: its shape, what it says and its class, 1 (least) to 5, 0 for none."""

    outline: Outline
    url: str
    said: str
    step: int
    # The District of Columbia is a few pixels wide: a marker beside the coast stands for it.
    has_marker: bool


@dataclass(frozen=True)
class LegendEntry:
    """A class and its bounds, which belong to it; class 0 are states without a value."""

    step: int
    said: str


@dataclass(frozen=True)
class Choropleth:
    """What ``careers/_map.html`` draws."""

    words: Words
    states: tuple[MapState, ...]
    legend: tuple[LegendEntry, ...]
    skip_to: str


def choropleth(
    values: Mapping[str, Number | None],
    words: Words,
    *,
    measure: str = "median",
    said: Callable[[Any], str] = dollars,
    missing: str = "not released",
    skip_to: str = "",
) -> Choropleth:
    """Return the map of values by FIPS code, in five classes of nearly as many states.

    ``measure`` follows a value where a state is named ("Ohio: $49,000 median"), ``said``
    writes the value, ``missing`` is said of a state without one. ``skip_to`` is
    the id of the table to which a reader may skip. Codes that are not on the map
    (territories, the nation) are left to the table.
    """
    shown = {
        outline.fips: value
        for outline in outlines()
        if (value := values.get(outline.fips)) is not None
    }
    steps = quintiles(shown)
    said_of = {fips: f"{said(value)} {measure}" for fips, value in shown.items()}
    states = tuple(
        MapState(
            outline=outline,
            url=f"{ADDRESS}{outline.slug}/",
            said=": ".join(filter(None, (outline.name, said_of.get(outline.fips, missing)))),
            step=steps.get(outline.fips, 0),
            has_marker=outline.fips == DISTRICT,
        )
        for outline in outlines()
    )
    return Choropleth(words, states, _legend(shown, steps, said, missing), skip_to)


def quintiles(values: Mapping[str, Number]) -> dict[str, int]:
    """Return each key's class from 1 to 5 by rank; equal values share one.

    A value's rank is the middle of the ranks of all that equal it, so that a tie goes
    whole to the class in which most of it lies.
    """
    ranked = sorted(values.values())
    first: dict[Number, int] = {}
    last: dict[Number, int] = {}
    for place, value in enumerate(ranked):
        first.setdefault(value, place)
        last[value] = place
    return {
        key: CLASSES * (first[value] + last[value] + 1) // (2 * len(ranked)) + 1
        for key, value in values.items()
    }


def _legend(
    shown: Mapping[str, Number],
    steps: Mapping[str, int],
    said: Callable[[Any], str],
    missing: str,
) -> tuple[LegendEntry, ...]:
    entries = []
    for step in sorted(set(steps.values())):
        members = [shown[fips] for fips, own in steps.items() if own == step]
        low, high = said(min(members)), said(max(members))
        entries.append(LegendEntry(step, low if low == high else f"{low} to {high}"))
    if shown and len(shown) < len(outlines()):
        entries.append(LegendEntry(0, missing.capitalize()))
    return tuple(entries)
