"""Importing a release of the survey: all of it in one transaction, or nothing.

A release adds rows and leaves those of the releases before it alone. Which release pages
show is never stored: ``careers.oews.latest`` finds it.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import DecimalField
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from careers.changes import Difference, announce_release, differences, record, state_of
from careers.memory import remember_import
from careers.models import NATION, Area, Source, Sourced, Wage
from careers.oews import latest
from careers.oews.entries import read_entries
from careers.oews.layout import OFFICIAL
from careers.oews.sheets import open_sheet
from careers.oews.table import month_in, read_table, report
from careers.schema import WageItem
from careers.states.figures import NOT_RELEASED
from prepsite.content import revision
from prepsite.content.files import ContentError

SOURCE = "bls-oews"
# What a file says of an area; source and dates are said once for all of them.
NUMBERS = (*OFFICIAL.numbers, "notes")
MOVES_SHOWN = 5
# Stands in the history of a row, with the month.
REASON = "Imported the release of"


@dataclass(frozen=True)
class Move:
    """An area's annual median in the release before and in this one, in US dollars."""

    area: str
    before: int
    after: int

    @property
    def percent(self) -> float:
        """The change in percent of what it was."""
        return 100 * (self.after - self.before) / self.before


@dataclass
class ImportReport:
    """What an import did, or with ``dry_run`` what it would have done.

    ``missing`` are areas without a row in this release; ``shown`` is the release that pages
    show now. Moves are against ``compared_with``, the release before this one.
    """

    release: dt.date
    areas: int = 0
    created: int = 0
    replaced: list[str] = field(default_factory=list)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    has_nation: bool = True
    not_released: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    compared_with: dt.date | None = None
    rises: list[Move] = field(default_factory=list)
    falls: list[Move] = field(default_factory=list)
    shown: dt.date | None = None
    dry_run: bool = False

    @property
    def changed(self) -> bool:
        """Whether any row differs from before."""
        return bool(self.created or self.replaced)


def import_release(
    paths: Sequence[Path],
    *,
    now: dt.datetime,
    release: dt.date | None = None,
    published: dt.date | None = None,
    replace: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Add the rows of official files of one release, or of one in the form of the shipped table.

    ``release`` is needed where neither a file nor its name says it. ``published`` is the
    day on which BLS published it; without it rows are dated by the survey's month. With
    ``replace`` rows that are here with other numbers are corrected, else the files are refused.
    Raises ContentError, and changes nothing, for whatever is wrong.
    """
    today = timezone.localdate(now)
    areas = list(Area.objects.all())
    sheets = [open_sheet(path) for path in paths]
    tables = [read_table(sheet.name, sheet.rows, areas) for sheet in sheets]
    name = sheets[0].name if len(sheets) == 1 else "these files"
    month = _release(
        name,
        [file_name for sheet in sheets for file_name in sheet.names],
        [release, *(table.release for table in tables)],
    )
    if month > today or (published is not None and not month <= published <= today):
        raise ContentError(
            f"{name}: {month:%B %Y} and the day of publication must come one after the other, "
            "and neither later than today."
        )
    shared = {
        "source": SOURCE,
        "as_of": published.isoformat() if published else f"{month:%Y-%m}",
        "checked_on": today.isoformat(),
        "review_by": _review_by(month).isoformat(),
    }
    items = [
        item
        for sheet, table in zip(sheets, tables, strict=True)
        for item in read_entries(sheet.name, table, month, shared)
    ]
    if twice := [key for key, count in Counter(item.area for item in items).items() if count > 1]:
        raise ContentError(f"{name}: {', '.join(twice)} stands in more than one of them.")
    with transaction.atomic():
        done = _Import(name, month, items, now, replace=replace).run()
        done.dry_run = dry_run
        if dry_run:
            transaction.set_rollback(True)
        elif done.changed:
            revision.bump()
    return done


def _release(name: str, names: Iterable[str], stated: Iterable[dt.date | None]) -> dt.date:
    """Return the release that the files, their names and the caller agree on."""
    found = {date for date in stated if date is not None}
    for file_name in names:
        if match := re.search(r"_M(\d{4})_dl|oesm(\d{2})", file_name, re.IGNORECASE):
            found.add(month_in(f"{match[1] or f'20{match[2]}'}-05"))
    if not found:
        raise ContentError(f"{name}: nothing says which release it is: add --release 2026-05.")
    if len(found) > 1:
        said = " and ".join(f"{date:%B %Y}" for date in sorted(found))
        raise ContentError(f"{name}: it is said to be of {said}.")
    return found.pop()


def _review_by(month: dt.date) -> dt.date:
    """Return the day by which the next release is expected: it follows within two years."""
    return dt.date(month.year + 2, 5, 31)


class _Import:
    """The part that needs the database."""

    def __init__(
        self,
        name: str,
        month: dt.date,
        items: list[WageItem],
        now: dt.datetime,
        *,
        replace: bool,
    ) -> None:
        self.name = name
        self.month = month
        self.items = items
        self.now = now
        self.replace = replace
        self.reason = f"{REASON} {month:%B %Y}"
        self.report = ImportReport(month, areas=len(items))
        self.shown: latest.Release | None = None
        self.created: list[Wage] = []
        self.corrections: list[tuple[Sourced, Difference]] = []

    def run(self) -> ImportReport:
        # The lock lets a second import wait until this one is done.
        source = Source.objects.select_for_update().filter(slug=SOURCE).first()
        if source is None:
            raise ContentError(f"There is no source {SOURCE!r} yet: run load_careers first.")
        areas: dict[str, Area] = {area.slug: area for area in Area.objects.all()}
        before = latest.read_release()
        stored = {
            wage.area_id: wage
            for wage in Wage.objects.filter(release=self.month).select_related("area")
        }
        create, update = [], []
        differences: list[str] = []
        for item in self.items:
            area = areas[item.area]
            row = stored.get(area.pk)
            wanted = _numbers(item)
            if row is None:
                create.append(self._new(item, wanted, area, source))
            elif different := _differences(row, wanted):
                differences.append(f"{area.name}: {', '.join(different)}")
                self.report.replaced.append(area.name)
                update.append(row)
                self._correct(row, wanted)
            else:
                self.report.unchanged += 1
        if differences and not self.replace:
            raise ContentError(
                f"{self.name}: {self.month:%B %Y} is here already with other numbers; "
                f"--replace takes those of the file:\n{report(differences)}"
            )
        self._write(create, update)
        self._summarise(list(areas.values()))
        if self.report.changed:
            self._log(source, before)
        return self.report

    def _new(self, item: WageItem, numbers: Mapping[str, Any], area: Area, source: Source) -> Wage:
        columns = {name: value for name, value in item.columns().items() if name not in RELATIONS}
        return Wage(source=source, area=area, position=area.position, **(columns | dict(numbers)))

    def _correct(self, row: Wage, wanted: Mapping[str, Any]) -> None:
        before = state_of(row)
        for name, value in wanted.items():
            setattr(row, name, value)
        row.checked_on = timezone.localdate(self.now)
        self.corrections += [(row, change) for change in differences(before, state_of(row))]

    def _write(self, create: list[Wage], update: list[Wage]) -> None:
        """Write in bulk: no signals, so the revision rises once and not for each row."""
        if create:
            bulk_create_with_history(create, Wage, default_change_reason=self.reason)
        if update:
            bulk_update_with_history(
                update, Wage, [*NUMBERS, "checked_on"], default_change_reason=self.reason
            )
        remember_import("wages", create, update, [*NUMBERS, "checked_on"])
        self.created = create
        self.report.created = len(create)

    def _summarise(self, areas: list[Area]) -> None:
        rows = list(Wage.objects.filter(release=self.month).select_related("area"))
        rows.sort(key=lambda wage: (wage.area.position, wage.area.slug))
        here = {wage.area_id for wage in rows}
        done = self.report
        done.missing = [area.name for area in areas if area.pk not in here]
        done.has_nation = any(wage.area.slug == NATION for wage in rows)
        done.not_released = [said for wage in rows if (said := _not_released(wage))]
        done.notes = [f"{wage.area.name}: {wage.notes}" for wage in rows if wage.notes]
        self.shown = latest.read_release()
        done.shown = self.shown.month if self.shown else None
        earlier = latest.read_release(before=self.month)
        if earlier is not None:
            done.compared_with = earlier.month
            done.rises, done.falls = _moves(earlier, rows)

    def _log(self, source: Source, before: latest.Release | None) -> None:
        """Tell the public log: of a release in one entry, of corrections in one for each."""
        after = self.shown
        if after is None or after.month != self.month:
            # Pages show another release, so nobody sees a difference.
            return
        if before is not None and before.month == after.month:
            added: list[tuple[Sourced, Difference]] = [
                (row, change) for row in self.created for change in _added(row)
            ]
            record([*self.corrections, *added], self.now)
            return
        if before is not None and source.release == before.name:
            source.release = after.name
            bulk_update_with_history(
                [source], Source, ["release"], default_change_reason=self.reason
            )
            remember_import("sources", [], [source], ["release"])
        announce_release(after.wages, self.now, _medians(before, after))


# Columns of an entry that name other rows by their keys.
RELATIONS = ("source", "quoted_in", "area")


def _numbers(item: WageItem) -> dict[str, Any]:
    """Return what a file says of an area as the database will hold it: 5 is 5.0 there."""
    found = {}
    for name in NUMBERS:
        value, column = getattr(item, name), Wage._meta.get_field(name)
        if isinstance(value, Decimal) and isinstance(column, DecimalField):
            value = value.quantize(Decimal(1).scaleb(-(column.decimal_places or 0)))
        found[name] = value
    return found


def _differences(row: Wage, wanted: Mapping[str, Any]) -> list[str]:
    """Return what differs, in words: ``hourly mean 27.30, in the file 27.40``."""
    return [
        f"{Wage._meta.get_field(name).verbose_name} {_said(getattr(row, name))}, "  # type: ignore[union-attr]
        f"in the file {_said(value)}"
        for name, value in wanted.items()
        if getattr(row, name) != value
    ]


def _said(value: Any) -> str:
    return NOT_RELEASED if value in (None, "") else str(value)


def _not_released(wage: Wage) -> str:
    """Return an area with what BLS did not release of it; empty if it released all."""
    shares = ("jobs_per_1000", "location_quotient") if wage.area.slug == NATION else ()
    empty = [name for name in OFFICIAL.numbers if getattr(wage, name) is None]
    empty = [name for name in empty if name not in shares]
    if not empty:
        return ""
    if len(empty) == len(OFFICIAL.numbers):
        return f"{wage.area.name}: nothing"
    names = (str(Wage._meta.get_field(name).verbose_name) for name in empty)  # type: ignore[union-attr]
    return f"{wage.area.name}: {'; '.join(names)}"


def _moves(earlier: latest.Release, rows: list[Wage]) -> tuple[list[Move], list[Move]]:
    """Return the biggest rises and falls of annual medians, the biggest first."""
    moves = []
    for wage in rows:
        other = earlier.by_area.get(wage.area.slug)
        if other and other.annual_median and wage.annual_median:
            moves.append(Move(wage.area.name, int(other.annual_median), int(wage.annual_median)))
    moves.sort(key=lambda move: move.percent)
    rises = [move for move in reversed(moves) if move.percent > 0]
    falls = [move for move in moves if move.percent < 0]
    return rises[:MOVES_SHOWN], falls[:MOVES_SHOWN]


def _added(row: Wage) -> list[Difference]:
    return differences(None, state_of(row))


def _medians(before: latest.Release | None, after: latest.Release) -> str:
    """Return what the nation's median is, and what it was in the release before."""
    said = [
        f"{release.name}: ${release.nation.annual_median:,} a year"
        for release in (after, before)
        if release and release.nation and release.nation.annual_median
    ]
    return f"National median, {'; '.join(said)}." if said else ""
