"""The official wages that the pages of the states show."""

from collections.abc import Iterable, Sequence

from careers.models import Area, Wage

STATES = (Area.Kind.STATE, Area.Kind.DISTRICT)


def latest_wages() -> list[Wage]:
    """Return the newest release's rows, the nation's among them, in one statement."""
    newest = Wage.objects.order_by("-release").values("release")[:1]
    return list(Wage.objects.for_page().filter(release=newest).order_by("area__name"))


def nation_among(wages: Iterable[Wage]) -> Wage | None:
    """Return the nation's row."""
    return next((wage for wage in wages if wage.area.kind == Area.Kind.NATION), None)


def local(wages: Iterable[Wage]) -> list[Wage]:
    """Return the rows of states, district and territories."""
    return [wage for wage in wages if wage.area.kind != Area.Kind.NATION]


def find(wages: Sequence[Wage], slug: str) -> Wage | None:
    """Return the row of a state, the district or a territory."""
    return next((wage for wage in local(wages) if wage.area.slug == slug), None)
