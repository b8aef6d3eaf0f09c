"""What the page of one state says: sentences and rows made from its official figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from careers.blocks import provenances
from careers.drawings import PercentileStrips, Words, percentile_strip
from careers.models import Area, Provenance, Wage
from careers.oews.latest import RANKED, Release
from careers.states import figures
from careers.states.comparison import MOST, address_of, strip_of
from careers.states.figures import annual, hourly, money, named, percent
from careers.states.ranking import Rank, beside, rank_of, ranked
from careers.states.release import find

# 19 estimates in 20 lie within so many standard errors.
ERRORS = 2
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Level:
    """A percentile, or the mean: the state's wages, and the nation's beside them."""

    label: str
    words: str
    hourly: str
    annual: str
    nation: str


@dataclass(frozen=True)
class Fact:
    """A figure with what it means in plain words."""

    label: str
    value: str
    words: str


@dataclass(frozen=True)
class Neighbour:
    """An adjoining state and its median."""

    area: Area
    median: str
    distance: str


@dataclass(frozen=True)
class Portrait:
    """The page of a state."""

    area: Area
    name: str
    wage: Wage
    nation: Wage | None
    release: str
    answer: str
    description: str
    rank: Rank | None
    levels: list[Level]
    facts: list[Fact]
    neighbours: list[Neighbour]
    better: Wage | None
    worse: Wage | None
    compare_url: str
    compared: str
    strips: PercentileStrips | None
    provenances: list[Provenance]

    @property
    def is_released(self) -> bool:
        """Whether any wage of the area was released."""
        return any(
            released(self.wage, level) is not None
            for released in (annual, hourly)
            for level in figures.LEVELS
        )

    @property
    def has_facts(self) -> bool:
        """Whether anything stands beside the wages: they, jobs or their density were released."""
        wage = self.wage
        others = (wage.employment, wage.jobs_per_1000, wage.location_quotient)
        return self.is_released or any(other is not None for other in others)


def portray(release: Release, slug: str) -> Portrait | None:
    """Return the page of a state in a release; None if it has no row there."""
    wage = find(release, slug)
    if wage is None:
        return None
    nation, rank = release.nation, rank_of(wage, release)
    better, worse = beside(wage, ranked(release))
    neighbours = _neighbours(wage, release)
    compared = [row for row, _ in neighbours][: MOST - 1]
    return Portrait(
        area=wage.area,
        name=named(wage.area),
        wage=wage,
        nation=nation,
        release=wage.released,
        answer=answer(wage, nation, rank),
        description=describe(wage, rank),
        rank=rank,
        levels=_levels(wage, nation),
        facts=facts_of(wage),
        neighbours=[neighbour for _, neighbour in neighbours],
        better=better,
        worse=worse,
        compare_url=address_of([slug, *(row.area.slug for row in compared)]),
        compared=_listed([named(row.area) for row in compared]),
        strips=_strips(wage, nation),
        provenances=provenances(
            [wage, *([nation] if nation else []), *(row for row, _ in neighbours)]
        ),
    )


def answer(wage: Wage, nation: Wage | None, rank: Rank | None) -> str:
    """Return the short answer: median, place, what the place means, how far from the nation."""
    name, median = named(wage.area), wage.annual_median
    if median is None and wage.hourly_median is not None:
        return (
            f"The official median in {name} is {figures.hourly_money(wage.hourly_median)} an hour; "
            f"the Bureau of Labor Statistics released none a year in its {wage.released} "
            "survey."
        )
    if median is None:
        return (
            f"The Bureau of Labor Statistics released no median for {name} in its "
            f"{wage.released} survey, so there is no official one to show."
        )
    an_hour = f" ({figures.hourly_money(wage.hourly_median)} an hour)" if wage.hourly_median else ""
    text = f"The official median in {name} is {money(median)} a year{an_hour}"
    if rank:
        text += f", {_place(rank)}"
    elif wage.area.kind not in RANKED:
        text += "; as a territory it is not ranked among the states"
    if nation and nation.annual_median is not None:
        text += f"; the nation's median is {figures.distance(nation.annual_median, median)}"
    return f"{text}."


def _place(rank: Rank) -> str:
    shared = f", shared with {_listed(rank.sharing)}" if rank.sharing else ""
    among = f"number {rank.place} of {rank.of} (the states and D.C.){shared}"
    if not rank.higher:
        return f"{among}: none pays more"
    if not rank.lower:
        return f"{among}: none pays less"
    return f"{among}: {rank.higher} pay more and {rank.lower} pay less"


def describe(wage: Wage, rank: Rank | None) -> str:
    """Return the sentence for search engines, at most 160 letters."""
    name, release = named(wage.area), wage.released
    if wage.annual_median is None:
        return (
            f"What is known of medical coding pay in {name}: BLS released no annual median "
            f"there in {release}; see the nation's and other areas'."
        )
    place = f", rank {rank.place} of {rank.of}" if rank else ""
    return (
        f"Medical coding pay in {name}: official median {money(wage.annual_median)} a year"
        f"{place} ({release}), with percentiles, jobs and neighbours."
    )


def _levels(wage: Wage, nation: Wage | None) -> list[Level]:
    return [
        Level(
            figures.level_label(level),
            figures.level_words(level),
            figures.hourly_money(hourly(wage, level)),
            money(annual(wage, level)),
            money(annual(nation, level)) if nation else figures.NOT_RELEASED,
        )
        for level in figures.LEVELS
    ]


def facts_of(wage: Wage) -> list[Fact]:
    """Return employment, density and errors, each with what it means."""
    here = named(wage.area)
    return [
        Fact("Jobs", figures.count(wage.employment), _employment_words(wage)),
        Fact(
            "Jobs in 1,000",
            figures.number(wage.jobs_per_1000),
            _unreleased(wage.jobs_per_1000)
            or f"Of 1,000 jobs of all kinds in {here}, so many are in this occupation.",
        ),
        Fact(
            "Location quotient",
            figures.number(wage.location_quotient),
            _quotient_words(wage.location_quotient, here),
        ),
        Fact("Error of the mean", percent(wage.mean_rse), _mean_words(wage)),
    ]


def _unreleased(value: object) -> str:
    return "BLS did not release it for this area." if value is None else ""


def _employment_words(wage: Wage) -> str:
    if wage.employment is None:
        return _unreleased(None)
    counted = "Employees in the occupation; the self-employed are not counted."
    if wage.employment_rse is None:
        return counted
    low, high = _span(Decimal(wage.employment), wage.employment_rse, Decimal(10))
    return (
        f"{counted} The relative standard error is {percent(wage.employment_rse)}: "
        f"19 times in 20 the true number lies between about {low:,} and {high:,}."
    )


def _mean_words(wage: Wage) -> str:
    if wage.mean_rse is None:
        return _unreleased(None)
    if wage.annual_mean is None:
        return "BLS asks a sample of employers. It states none for the median."
    low, high = _span(Decimal(wage.annual_mean), wage.mean_rse, Decimal(100))
    return (
        f"BLS asks a sample of employers. By this relative standard error, 19 times in 20 the true "
        f"mean lies between about ${low:,} and ${high:,}. BLS states none for the median."
    )


def _span(value: Decimal, rse: Decimal, step: Decimal) -> tuple[int, int]:
    """Return the span of two standard errors, rounded outwards to whole steps."""
    error = value * rse / _HUNDRED * ERRORS
    low = max((value - error) / step, Decimal(0)).to_integral_value(ROUND_FLOOR) * step
    high = ((value + error) / step).to_integral_value(ROUND_CEILING) * step
    return int(low), int(high)


def _quotient_words(quotient: Decimal | None, here: str) -> str:
    if quotient is None:
        return _unreleased(None)
    share = round(abs(quotient - 1) * 100)
    if not share:
        return f"Such jobs are as common in {here} as in the nation as a whole."
    if quotient >= 2:
        return f"Such jobs are {quotient:f} times as common in {here} as in the nation as a whole."
    than = "more" if quotient > 1 else "less"
    return f"Such jobs are {share}% {than} common in {here} than in the nation as a whole."


def _neighbours(wage: Wage, release: Release) -> list[tuple[Wage, Neighbour]]:
    """Return the adjoining areas, best paid first."""
    codes = set(wage.area.neighbours.split())
    rows = [other for other in release.wages if other.area.postal in codes]
    rows.sort(key=lambda other: (-(other.annual_median or 0), other.area.name))
    return [
        (other, Neighbour(other.area, money(other.annual_median), _apart(other, wage)))
        for other in rows
    ]


def _apart(other: Wage, wage: Wage) -> str:
    if other.annual_median is None or wage.annual_median is None:
        return ""
    return figures.distance(other.annual_median, wage.annual_median)


def _strips(wage: Wage, nation: Wage | None) -> PercentileStrips | None:
    name = named(wage.area)
    if wage.annual_median is None:
        return None
    areas = [strip_of(wage), *([strip_of(nation)] if nation else [])]
    return percentile_strip(
        areas,
        Words(
            "spread",
            f"Annual wages in {name} and in the nation",
            "For each, a box for the middle half of all wages, a line from the 10th to the 90th "
            "percentile, a bar at the median. The table below has the same figures.",
            figures.STRIP_CAPTION,
        ),
    )


def _listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: ``Indiana, Kentucky and Michigan``."""
    *most, last = names or [""]
    return f"{', '.join(most)} and {last}" if most else last
