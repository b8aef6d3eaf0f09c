"""Where a state stands by its official annual median: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from careers.models import Wage
from careers.oews.latest import Release


@dataclass(frozen=True)
class Rank:
    """A place by median; ``sharing`` are the names of areas with the same median."""

    place: int
    higher: int
    lower: int
    sharing: tuple[str, ...] = ()

    @property
    def of(self) -> int:
        """How many areas have a place."""
        return self.higher + self.lower + len(self.sharing) + 1


def ranked(release: Release) -> list[Wage]:
    """Return the rows that have a rank, best paid first."""
    return sorted(
        (release.by_area[slug] for slug in release.ranks),
        key=lambda wage: (release.ranks[wage.area.slug], wage.area.name),
    )


def rank_of(wage: Wage, release: Release) -> Rank | None:
    """Return a row's place; None where it has none."""
    ranks = release.ranks
    if wage.area.slug not in ranks:
        return None
    place = ranks[wage.area.slug]
    sharing = tuple(
        release.by_area[slug].area.name
        for slug, other in ranks.items()
        if other == place and slug != wage.area.slug
    )
    return Rank(place, place - 1, len(ranks) - place - len(sharing), sharing)


def beside(wage: Wage, in_order: Sequence[Wage]) -> tuple[Wage | None, Wage | None]:
    """Return the rows with the next higher and the next lower median; None where none is."""
    median = wage.annual_median
    if median is None or wage.area_id not in {other.area_id for other in in_order}:
        return None, None
    paid = [(other.annual_median, other) for other in in_order if other.annual_median is not None]
    higher = [other for value, other in paid if value > median]
    return higher[-1] if higher else None, next(
        (other for value, other in paid if value < median), None
    )
