"""The spread of wages in one area, or of several under each other on one axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from careers.drawings.axis import Axis, Number, Tick, round_axis
from careers.drawings.texts import (
    ASCENT,
    LINE,
    TextLine,
    dollars,
    em,
    label_lines,
    spread,
    width_of,
)
from careers.drawings.words import Words

NAMES = {
    "p10": "10th",
    "p25": "25th",
    "median": "median",
    "p75": "75th",
    "p90": "90th",
}
ABOVE = ("p25", "p75")
BELOW = ("p10", "median", "p90")
# A strip's thickness, and the space after an area.
STRIP = 1.4
GAP = 1.0


@dataclass(frozen=True)
class Percentiles:
    """An area's wages; what is not released is None."""

    label: str
    p10: Number | None = None
    p25: Number | None = None
    median: Number | None = None
    p75: Number | None = None
    p90: Number | None = None
    mean: Number | None = None

    def known(self) -> dict[str, Number]:
        """Return the percentiles that are there, lowest first."""
        return {name: value for name in NAMES if (value := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Mark:
    """A percentile's place (percent) and its two lines of text, moved by ``dx`` em."""

    name: str
    at: float
    dx: float
    amount: TextLine
    rank: TextLine


@dataclass(frozen=True)
class Strip:
    """One area: a line through all that is known, a box for the middle half, marks.

    ``line`` is None with fewer than two percentiles, ``box`` without both quartiles,
    ``mean`` where it is not released. ``note`` says so where nothing is known.
    """

    label: tuple[TextLine, ...]
    top: float
    middle: float
    bottom: float
    line: tuple[float, float] | None
    box: tuple[float, float] | None
    marks: tuple[Mark, ...]
    mean: float | None
    note: TextLine | None

    @property
    def box_width(self) -> float:
        """Percent, 0 without a box."""
        return round(self.box[1] - self.box[0], 2) if self.box else 0.0


@dataclass(frozen=True)
class PercentileStrips:
    """What ``careers/_percentiles.html`` draws; heights in em of the drawing's text."""

    words: Words
    strips: tuple[Strip, ...]
    ticks: tuple[Tick, ...]
    plot_height: float
    axis_y: float
    height: float
    thickness: float = STRIP


def percentile_strip(
    areas: Sequence[Percentiles], words: Words, *, missing: str = "Not released"
) -> PercentileStrips:
    """Return a strip for each area (a state, then the nation), all on one axis.

    ``missing`` stands in place of a strip of which nothing is known.
    """
    values = [value for area in areas for value in _values(area)]
    axis = round_axis(values)
    top = 0.0
    strips = []
    for area in areas:
        strip, top = _strip(area, axis, top, missing)
        strips.append(strip)
    ticks = axis.ticks if values else ()
    return PercentileStrips(words, tuple(strips), ticks, em(top), em(top + ASCENT), em(top + LINE))


def _values(area: Percentiles) -> Iterable[Number]:
    yield from area.known().values()
    if area.mean is not None:
        yield area.mean


def _strip(area: Percentiles, axis: Axis, top: float, missing: str) -> tuple[Strip, float]:
    """Return an area's shapes and where the next one begins."""
    known = {name: axis.at(value) for name, value in area.known().items()}
    label, top = label_lines(area.label, top)
    strip_top = top + (2 * LINE if known.keys() & set(ABOVE) else 0.2)
    strip_bottom = strip_top + STRIP
    marks = _marks(area, known, ABOVE, top + ASCENT)
    marks += _marks(area, known, BELOW, strip_bottom + ASCENT + 0.1)
    ends = list(known.values())
    is_empty = not known and area.mean is None
    strip = Strip(
        label=label,
        top=em(strip_top),
        middle=em(strip_top + STRIP / 2),
        bottom=em(strip_bottom),
        line=(ends[0], ends[-1]) if len(ends) > 1 else None,
        box=(known["p25"], known["p75"]) if {"p25", "p75"} <= known.keys() else None,
        marks=tuple(sorted(marks, key=lambda mark: list(NAMES).index(mark.name))),
        mean=None if area.mean is None else axis.at(area.mean),
        note=TextLine(missing, em(top + ASCENT)) if is_empty else None,
    )
    return strip, strip_bottom + (2 * LINE if known.keys() & set(BELOW) else 0) + GAP


def _marks(
    area: Percentiles, known: dict[str, float], names: Sequence[str], y: float
) -> list[Mark]:
    """Return the marks of one side, their texts moved apart where they would touch."""
    here = [name for name in names if name in known]
    said = [dollars(getattr(area, name)) for name in here]
    moves = spread(
        [known[name] for name in here],
        [max(width_of(text), width_of(NAMES[name])) for name, text in zip(here, said, strict=True)],
    )
    return [
        Mark(
            name,
            known[name],
            move,
            TextLine(text, em(y)),
            TextLine(NAMES[name], em(y + LINE * 0.85)),
        )
        for name, text, move in zip(here, said, moves, strict=True)
    ]
