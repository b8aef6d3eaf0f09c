"""Up to four states side by side, the nation always beside them: pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from careers.blocks import provenances
from careers.drawings import Percentiles, PercentileStrips, Words, percentile_strip
from careers.models import NATION, Provenance, Wage
from careers.oews.latest import Release
from careers.states import figures
from careers.states.figures import annual, hourly, money
from careers.states.ranking import rank_of
from careers.states.release import local

MOST = 4
ADDRESS = "/careers/states/compare/"


@dataclass(frozen=True)
class Compared:
    """A column: an area, and the address of the comparison without it."""

    wage: Wage
    without_url: str


@dataclass(frozen=True)
class Measure:
    """A row: what is measured, and each column's figure."""

    label: str
    cells: list[str]


@dataclass(frozen=True)
class Comparison:
    """What the page of a comparison shows; ``unknown`` are keys that name no area."""

    columns: list[Compared]
    nation: Wage | None
    measures: list[Measure]
    strips: PercentileStrips | None
    options: list[Wage]
    slots: list[str]
    unknown: list[str]
    left_out: list[str]
    release: str
    provenances: list[Provenance]

    @property
    def slugs(self) -> list[str]:
        """The keys of the areas compared."""
        return [column.wage.area.slug for column in self.columns]

    @property
    def title(self) -> str:
        """What the page is called."""
        names = [column.wage.area.name for column in self.columns]
        return f"Medical coding pay: {', '.join(names)}" if names else "Compare pay by state"

    @property
    def url(self) -> str:
        """The shortest address of the same comparison."""
        return address_of(self.slugs)


def address_of(slugs: Sequence[str]) -> str:
    """Return the address of a comparison of areas."""
    return f"{ADDRESS}?{urlencode([('state', slug) for slug in slugs])}" if slugs else ADDRESS


def compare(release: Release, wanted: Iterable[str]) -> Comparison:
    """Return the comparison of the areas with these keys, in the order named, each once.

    Beyond four they are left out and named; the nation stands in it anyway. Empty keys are
    fields that were left open.
    """
    areas = sorted(local(release), key=lambda wage: wage.area.name)
    by_slug = {wage.area.slug: wage for wage in areas}
    keys = [key for key in dict.fromkeys(key.strip() for key in wanted) if key and key != NATION]
    known = [by_slug[key] for key in keys if key in by_slug]
    chosen, nation = known[:MOST], release.nation
    slugs = [wage.area.slug for wage in chosen]
    return Comparison(
        columns=[
            Compared(wage, address_of([slug for slug in slugs if slug != wage.area.slug]))
            for wage in chosen
        ],
        nation=nation,
        measures=_measures(chosen, release) if chosen else [],
        strips=_strips([*chosen, *([nation] if nation else [])]) if chosen else None,
        options=areas,
        slots=[*slugs, *[""] * (MOST - len(slugs))],
        unknown=[key for key in keys if key not in by_slug],
        left_out=[wage.area.name for wage in known[MOST:]],
        release=release.name,
        provenances=provenances([*(chosen or areas), *([nation] if nation else [])]),
    )


def strip_of(wage: Wage) -> Percentiles:
    """Return an area's annual percentiles for a drawing."""
    return Percentiles(wage.area.name, **{level: annual(wage, level) for level in figures.LEVELS})


def _strips(wages: Sequence[Wage]) -> PercentileStrips:
    return percentile_strip(
        [strip_of(wage) for wage in wages],
        Words(
            "spread",
            "Annual wages compared",
            "For each area a box for the middle half of all wages, a line from the 10th to the "
            "90th percentile, a bar at the median. The table has the same figures.",
            figures.STRIP_CAPTION,
        ),
    )


def _measures(chosen: Sequence[Wage], release: Release) -> list[Measure]:
    """Return the rows of the table, the nation's figure last in each."""
    nation = release.nation
    columns = [*chosen, *([nation] if nation else [])]

    def row(label: str, written: Callable[[Wage], str]) -> Measure:
        return Measure(label, [written(wage) for wage in columns])

    def rank(wage: Wage) -> str:
        found = rank_of(wage, release)
        return f"{found.place} of {found.of}" if found else figures.NO_VALUE

    def local_only(written: Callable[[Wage], str]) -> Callable[[Wage], str]:
        return lambda wage: figures.NO_VALUE if wage is nation else written(wage)

    wages = [
        row(
            f"{figures.level_label(level)}, a year",
            lambda wage, level=level: money(annual(wage, level)),  # type: ignore[misc]
        )
        for level in figures.LEVELS
    ]
    return [
        row("Rank by median", rank),
        *wages,
        row("Median, an hour", lambda wage: figures.hourly_money(hourly(wage, "median"))),
        row("Mean, an hour", lambda wage: figures.hourly_money(hourly(wage, "mean"))),
        row("Error of the mean", lambda wage: figures.percent(wage.mean_rse)),
        row("Jobs", lambda wage: figures.count(wage.employment)),
        row("Error of the jobs", lambda wage: figures.percent(wage.employment_rse)),
        row("Jobs in 1,000", local_only(lambda wage: figures.number(wage.jobs_per_1000))),
        row("Location quotient", local_only(lambda wage: figures.number(wage.location_quotient))),
    ]
