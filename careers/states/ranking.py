"""Where a state stands by its official annual median: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from careers.models import Area, Wage

# The 50 states and the District of Columbia; territories are not ranked among them.
RANKED = (Area.Kind.STATE, Area.Kind.DISTRICT)


@dataclass(frozen=True)
class Rank:
    """A place by median; equal medians share the better place."""

    place: int
    higher: int
    lower: int
    sharing: tuple[str, ...] = ()

    @property
    def of(self) -> int:
        """How many areas have a place."""
        return self.higher + self.lower + len(self.sharing) + 1


def ranked(wages: Iterable[Wage]) -> list[Wage]:
    """Return the rows that have a place, best paid first."""
    with_median = [
        wage for wage in wages if wage.area.kind in RANKED and wage.annual_median is not None
    ]
    return sorted(with_median, key=lambda wage: (-(wage.annual_median or 0), wage.area.name))


def rank_of(wage: Wage, in_order: Sequence[Wage]) -> Rank | None:
    """Return a row's place among ranked ones; None where it has none."""
    median = wage.annual_median
    if median is None or all(other.area_id != wage.area_id for other in in_order):
        return None
    medians = [(other.annual_median or 0, other.area) for other in in_order]
    higher = sum(value > median for value, _ in medians)
    sharing = tuple(
        area.name for value, area in medians if value == median and area.pk != wage.area_id
    )
    return Rank(higher + 1, higher, len(medians) - higher - len(sharing) - 1, sharing)
