"""From choices to a range of pay, with every step kept for showing."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, prod

from careers.estimator.tables import (
    AreaPay,
    Attribute,
    Choices,
    Inputs,
    LevelledRow,
    PayRow,
    Work,
)

# Coarser where the sources are: above it the guide and BLS speak of few people.
COARSE_FROM = 100_000
FINE_STEP, COARSE_STEP = 1_000, 5_000


class NotReleased(Exception):
    """The official survey released no median for an area."""

    def __init__(self, area: AreaPay) -> None:
        super().__init__(area.name)
        self.area = area


@dataclass(frozen=True)
class Witness:
    """A chosen row of a guide's table as factors of the guide's median."""

    attribute: Attribute
    levelled: LevelledRow
    factor_low: Fraction
    factor_high: Fraction

    @property
    def row(self) -> PayRow:
        """The row as its table states it."""
        return self.levelled.row

    @property
    def factors(self) -> tuple[float, float]:
        """The two factors, for showing."""
        return float(self.factor_low), float(self.factor_high)


@dataclass(frozen=True)
class Span:
    """Whole US dollars a year, from and to."""

    low: int
    high: int


@dataclass(frozen=True)
class Estimate:
    """A range of annual pay and how it came about.

    ``areas`` are those whose official wages count: one, or for remote work two. ``computed``
    is anchor times factor, ``bounds`` the official limits, ``kept`` what is left within
    them, ``rounded`` what is shown. ``computed`` is rounded outwards to whole dollars.
    """

    areas: tuple[AreaPay, ...]
    remote: bool
    anchor: Span
    witnesses: tuple[Witness, ...]
    computed: Span
    bounds: Span
    kept: Span
    rounded: Span
    middle: int

    @property
    def combined(self) -> tuple[float, float]:
        """The geometric means of the factors, for showing; 1 and 1 without a witness."""
        root = 1 / max(len(self.witnesses), 1)
        low = prod(witness.factor_low for witness in self.witnesses)
        high = prod(witness.factor_high for witness in self.witnesses)
        return float(low) ** root, float(high) ** root

    @property
    def cut_low(self) -> bool:
        """Whether the official limits moved the low end."""
        return self.kept.low != self.computed.low

    @property
    def cut_high(self) -> bool:
        """Whether the official limits moved the high end."""
        return self.kept.high != self.computed.high

    @property
    def uncut(self) -> Span:
        """What would be shown without the official limits."""
        return _outwards(self.computed)

    @property
    def is_above(self) -> bool:
        """Whether all that was computed lies above what is officially paid."""
        return self.computed.low > self.bounds.high

    @property
    def is_below(self) -> bool:
        """Whether all that was computed lies below what is officially paid."""
        return self.computed.high < self.bounds.low

    @property
    def width(self) -> int:
        """How wide the range shown is, in US dollars a year."""
        return self.rounded.high - self.rounded.low

    @property
    def width_percent(self) -> int:
        """How wide the range shown is, in percent of its middle."""
        return round(100 * self.width / max(self.middle, FINE_STEP))

    @property
    def open_ended(self) -> tuple[Witness, ...]:
        """The witnesses whose upper end the guide leaves open."""
        return tuple(witness for witness in self.witnesses if witness.row.open_ended)

    @property
    def raised(self) -> tuple[Witness, ...]:
        """The witnesses whose table contradicted its order."""
        return tuple(witness for witness in self.witnesses if witness.levelled.raised)

    @property
    def apart(self) -> tuple[tuple[Witness, Witness], ...]:
        """Pairs of witnesses, the lower first, whose ranges do not meet.

        Hardly anybody can be both, or those who are stand between: the choices are
        unusual together, and an estimate of them is worth less.
        """
        pairs = []
        for one, other in combinations(self.witnesses, 2):
            lower, higher = sorted((one, other), key=lambda witness: witness.levelled.low)
            if lower.levelled.high < higher.levelled.low and not lower.row.open_ended:
                pairs.append((lower, higher))
        return tuple(pairs)


def estimate(inputs: Inputs, choices: Choices) -> Estimate:
    """Return the estimate for choices.

    Raises NotReleased without an official median, KeyError for a key that is not there.
    """
    area, remote = inputs.area_of(choices), choices.work == Work.REMOTE
    areas = (area, inputs.nation) if remote and area != inputs.nation else (area,)
    medians = [_median(each) for each in areas]
    anchor = Span(min(medians), max(medians))
    witnesses = _witnesses(inputs, choices)
    computed = _times_factor(anchor, witnesses) if witnesses else _middle_half(areas)
    limits = [limit for each in areas if (limit := each.bounds(inputs.nation))]
    bounds = Span(min(low for low, _ in limits), max(high for _, high in limits))
    kept = Span(_within(computed.low, bounds), _within(computed.high, bounds))
    return Estimate(
        areas,
        remote,
        anchor,
        witnesses,
        computed,
        bounds,
        kept,
        _outwards(kept),
        round_near(Fraction(kept.low + kept.high, 2)),
    )


def _outwards(span: Span) -> Span:
    return Span(round_down(span.low), round_up(span.high))


def round_down(amount: int) -> int:
    """Return an amount rounded down to the step of its size."""
    return _to_step(Fraction(amount), floor)


def round_up(amount: int) -> int:
    """Return an amount rounded up to the step of its size."""
    return _to_step(Fraction(amount), ceil)


def round_near(amount: Fraction) -> int:
    """Return an amount rounded to the nearest step of its size."""
    return _to_step(amount, lambda steps: floor(steps + Fraction(1, 2)))


def _to_step(amount: Fraction, rounded: Callable[[Fraction], int]) -> int:
    step = FINE_STEP if amount < COARSE_FROM else COARSE_STEP
    return step * rounded(amount / step)


def _median(area: AreaPay) -> int:
    if area.median is None:
        raise NotReleased(area)
    return area.median


def _witnesses(inputs: Inputs, choices: Choices) -> tuple[Witness, ...]:
    found = []
    for attribute in Attribute:
        if key := choices.key_of(attribute):
            levelled = inputs.tables[attribute].levelled(key)
            baseline = inputs.baseline.low
            found.append(
                Witness(attribute, levelled, levelled.low / baseline, levelled.high / baseline)
            )
    return tuple(found)


def _times_factor(anchor: Span, witnesses: tuple[Witness, ...]) -> Span:
    """Return anchor × geometric mean, in exact arithmetic: the same on every machine."""
    degree = len(witnesses)
    low = anchor.low**degree * prod(witness.factor_low for witness in witnesses)
    high = anchor.high**degree * prod(witness.factor_high for witness in witnesses)
    down, up = _root(floor(low), degree), _root(ceil(high), degree)
    return Span(down, up if up**degree >= high else up + 1)


def _root(number: int, degree: int) -> int:
    """Return the greatest whole number whose power does not exceed a number."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= number else (low, middle)
    return low


def _middle_half(areas: tuple[AreaPay, ...]) -> Span:
    """Return the 25th to the 75th percentile; where not released, what is next to it."""
    return Span(
        min(_first(area.p25, area.p10, area.median) for area in areas),
        max(_first(area.p75, area.p90, area.median) for area in areas),
    )


def _first(*wages: int | None) -> int:
    return next(wage for wage in wages if wage is not None)


def _within(amount: int, bounds: Span) -> int:
    return min(max(amount, bounds.low), bounds.high)
