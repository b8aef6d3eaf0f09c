"""The official wages that pages show: those of the newest release that is whole."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Count, Q, QuerySet, Subquery, When

from careers.models import NATION, Area, Wage

# Territories have wages, but no rank.
RANKED = (Area.Kind.STATE, Area.Kind.DISTRICT)


@dataclass(frozen=True)
class Release:
    """One release: the rows of its areas, in the order of the areas."""

    month: dt.date
    wages: list[Wage]

    @cached_property
    def by_area(self) -> dict[str, Wage]:
        """Rows by the key of their area; an area that BLS left out has none."""
        return {wage.area.slug: wage for wage in self.wages}

    @property
    def name(self) -> str:
        """How the release is called: ``May 2025``."""
        return self.wages[0].released

    @property
    def nation(self) -> Wage | None:
        """The nation's row."""
        return self.by_area.get(NATION)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Rank by annual median among states and the District of Columbia, by area's key."""
        return ranks(self.wages)


def ranks(wages: Iterable[Wage]) -> dict[str, int]:
    """Return ranks by annual median, 1 the highest, by the key of the area.

    Equal medians share a rank, and the next one counts them (1, 2, 2, 4). Territories, the
    nation, and areas whose median was not released have no rank.
    """
    medians = {
        wage.area.slug: wage.annual_median
        for wage in wages
        if wage.area.kind in RANKED and wage.annual_median is not None
    }
    values = list(medians.values())
    return {
        slug: 1 + sum(other > median for other in values)
        for slug, median in sorted(medians.items(), key=lambda item: -item[1])
    }


def shown(before: dt.date | None = None) -> QuerySet[Wage]:
    """Return the rows of the release that pages show, in the order of their areas.

    That is the newest release with the nation and any other area. BLS publishes states and
    nation in two files, each of which is imported whole: until both are in, the first of them
    would empty half of the pages. Where no release has both, the newest is shown. ``before``
    leaves that month and later ones out.
    """
    earlier = Wage.objects.filter(release__lt=before) if before else Wage.objects.all()
    nations = Count("area", filter=Q(area__kind=Area.Kind.NATION))
    newest = (
        earlier.order_by()
        .values("release")
        .annotate(areas=Count("area"), nations=nations)
        .annotate(whole=Case(When(nations__gt=0, areas__gt=1, then=1), default=0))
        .order_by("-whole", "-release")
        .values("release")[:1]
    )
    return (
        Wage.objects.filter(release=Subquery(newest))
        .select_related(*Wage.page_relations)
        .order_by("area__position", "area__slug")
    )


def read_release(before: dt.date | None = None) -> Release | None:
    """Return the release that pages show, in one statement; None before any is loaded."""
    wages = list(shown(before))
    return Release(wages[0].release, wages) if wages else None
