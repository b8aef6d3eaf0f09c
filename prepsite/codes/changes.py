"""What a load of codes changed, and which content names what changed.

Every app that keeps content naming codes registers a finder in its AppConfig. After each
load it gets all the changes that count, looks through its content and returns the lines of
the report; what it keeps for its staff to look at is its own.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from prepsite.codes.models import CodeChange, CodeSet, HcpcsCode, IcdEntry
from prepsite.codes.years import code_year_days


@dataclass(frozen=True)
class Affected:
    """Content that names a changed code: its kind and name, how it stands, the change.

    ``is_waiting`` tells content that staff have to look at from content that is right for
    its own exam dates and of interest only once these are moved.
    """

    kind: str
    name: str
    state: str
    change: CodeChange
    is_waiting: bool


type Finder = Callable[[list[CodeChange], datetime], Iterable[Affected]]

_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Add an app's finder; raises ValueError if the name is taken."""
    if name in _finders:
        raise ValueError(f"{name} has registered its finder of codes already.")
    _finders[name] = finder


def report(now: datetime) -> list[Affected]:
    """Let every app look through its content; return what names changed codes.

    All recorded changes count, those of earlier loads too: what was found once is found
    again until the content or the code set is another.
    """
    changes = list(CodeChange.objects.all())
    return [found for finder in _finders.values() for found in finder(changes, now)]


@transaction.atomic
def record_icd10cm(year: int, now: datetime) -> int:
    """Compare a year's codes with those of the year before, and the next year's with them.

    Returns the number of changes. A change counts for the exams of its own code year: an
    item for exams of another year has nothing to do with it.
    """
    number = 0
    for later in (year, year + 1):
        first, last = code_year_days(later)
        found = [
            CodeChange(
                code=code,
                kind=kind,
                before=before,
                after=after,
                release=f"ICD-10-CM FY {later}",
                holds_from=first,
                holds_to=last,
                found_at=now,
            )
            for code, kind, before, after in _icd10cm_changes(later - 1, later)
        ]
        stored = CodeChange.objects.filter(holds_from=first, release=f"ICD-10-CM FY {later}")
        wanted = {(change.code, change.kind) for change in found}
        stale = [row.pk for row in stored if (row.code, row.kind) not in wanted]
        CodeChange.objects.filter(pk__in=stale).delete()
        _save(found)
        number += len(found)
    return number


def _icd10cm_changes(earlier: int, later: int) -> Iterable[tuple[str, CodeChange.Kind, str, str]]:
    years = set(CodeSet.objects.values_list("code_year", flat=True))
    if not {earlier, later} <= years:
        return
    now = _icd10cm(later)
    for code, (title, was_billable) in _icd10cm(earlier).items():
        if code not in now:
            yield code, CodeChange.Kind.GONE, title, ""
            continue
        after, is_billable = now[code]
        if was_billable and not is_billable:
            yield code, CodeChange.Kind.HEADER, title, after
        if _plain(title) != _plain(after):
            yield code, CodeChange.Kind.RETITLED, title, after


def _icd10cm(year: int) -> dict[str, tuple[str, bool]]:
    rows = IcdEntry.objects.filter(code_set__code_year=year, kind=IcdEntry.Kind.CODE)
    columns = rows.order_by().values_list("code", "title", "is_billable")
    return {code: (title, is_billable) for code, title, is_billable in columns}


def _plain(title: str) -> str:
    """Return a title without what order file and tabular list write differently: accents."""
    apart = unicodedata.normalize("NFKD", title)
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).casefold().split())


@dataclass(frozen=True)
class HcpcsState:
    """The HCPCS codes before a load: what counts of each, and the official titles."""

    counting: dict[str, HcpcsCode]
    official: dict[str, str]


def hcpcs_state() -> HcpcsState:
    """Return what is loaded of HCPCS, to compare with after a load."""
    rows = list(HcpcsCode.objects.order_by("-source"))
    return HcpcsState(
        {row.written: row for row in rows},
        {row.written: row.description for row in rows if row.release},
    )


@transaction.atomic
def record_hcpcs(before: HcpcsState, starts: date, now: datetime) -> int:
    """Note what became of the HCPCS codes since ``before``; return the number of changes.

    ``starts`` is the first day on which the load counts. A code that ends counts from the
    day after its last one; our own wording may change without the code doing so.
    """
    after = hcpcs_state()
    found = []
    for written, row in before.counting.items():
        current = after.counting.get(written)
        ends = current.effective_to if current else starts - timedelta(days=1)
        if ends and ends != row.effective_to:
            kind, holds_from = CodeChange.Kind.GONE, ends + timedelta(days=1)
            found.append(_hcpcs_change(written, kind, row.description, "", holds_from, starts, now))
    for written, title in before.official.items():
        new = after.official.get(written, title)
        if _plain(new) != _plain(title):
            kind = CodeChange.Kind.RETITLED
            found.append(_hcpcs_change(written, kind, title, new, starts, starts, now))
    # A code whose end was taken back is not gone any more.
    open_again = {written for written, row in after.counting.items() if not row.effective_to}
    CodeChange.objects.filter(
        kind=CodeChange.Kind.GONE, release__startswith="HCPCS", code__in=open_again
    ).delete()
    _save(found)
    return len(found)


def _hcpcs_change(
    code: str,
    kind: CodeChange.Kind,
    before: str,
    after: str,
    holds_from: date,
    starts: date,
    now: datetime,
) -> CodeChange:
    return CodeChange(
        code=code,
        kind=kind,
        before=before,
        after=after,
        release=f"HCPCS from {starts}",
        holds_from=holds_from,
        found_at=now,
    )


def _save(changes: list[CodeChange]) -> None:
    """Save changes; one that is known keeps its row, and when it was found."""
    CodeChange.objects.bulk_create(
        changes,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["code", "kind", "holds_from"],
        update_fields=["before", "after", "release", "holds_to"],
    )
