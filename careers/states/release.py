"""The rows of a release that stand for a place: all but the nation's. Pure."""

from careers.models import Area, Wage
from careers.oews.latest import Release


def local(release: Release) -> list[Wage]:
    """Return the rows of states, district and territories."""
    return [wage for wage in release.wages if wage.area.kind != Area.Kind.NATION]


def find(release: Release, slug: str) -> Wage | None:
    """Return the row of a state, the district or a territory."""
    return next((wage for wage in local(release) if wage.area.slug == slug), None)
