"""What the bank's public pages say of themselves; learners' own pages are nobody's to index."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import ceil

from django.db.models import Count, Max
from django.utils import timezone

from prepsite.discovery.pagemeta import PageMeta, trail
from quizzes import errata
from quizzes.models import Area

BASE = "/errata/"


def errata_meta(area: Area | None, number: int, *, indexed: bool = True) -> PageMeta:
    """Return what a page of the errata says of itself, of one area or of all."""
    path = f"{BASE}{area.slug}/" if area else BASE
    steps = [("Errata", BASE), *([(area.name, path)] if area else [])]
    title = f"Errata: {area.name}" if area else "Errata: what was wrong, and what changed"
    if number > 1:
        path = f"{path}{number}/"
        title = f"{title}, page {number}"
        steps.append((f"Page {number}", path))
    questions = f"questions on {area.name}" if area else "our practice questions for the CPC exam"
    return PageMeta(
        title=title,
        description=f"What learners reported about {questions}, what was decided, what changed."
        + (f" Page {number}." if number > 1 else ""),
        path=path,
        crumbs=trail(*steps),
        indexed=indexed,
    )


def public_pages() -> Iterator[PageMeta]:
    """Yield the pages of errata that list something, and the first page in any case."""
    found = list(
        errata.listed()
        .order_by()
        .values_list("version__question__topic__area")
        .annotate(count=Count("pk"), latest=Max("at"))
    )
    latest = max((at for _, _, at in found), default=None)
    total = sum(count for _, count, _ in found)
    yield from _pages(None, total, timezone.localdate(latest) if latest else None)
    areas = {area.pk: area for area in errata.listed_areas()} if found else {}
    for pk, count, at in found:
        yield from _pages(areas[pk], count, timezone.localdate(at))


def _pages(area: Area | None, count: int, changed_on: date | None) -> Iterator[PageMeta]:
    for number in range(1, max(1, ceil(count / errata.PER_PAGE)) + 1):
        yield replace(errata_meta(area, number), modified_on=changed_on)
