"""The public log of figures: what counts as a change is decided here, and nowhere else.

A change is what a reader of the figure sees: its amount with unit and open end, its source
and date. A text, a label or the day of the last check is none. The log is append-only: it
says what the public page said and when, so it is never derived anew; ``changecheck``
compares it with the history of the rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from careers.amounts import Unit, format_amount
from careers.models import Entry, Figure, FigureChange, Provenance, Source, Sourced, Wage
from careers.states.figures import NOT_RELEASED

# What stands for a whole row of official wages.
_MAIN = "annual_median"
# The columns of official wages that are dollars; the others are bare numbers.
_DOLLARS = tuple(
    f"{unit}_{name}" for unit in ("hourly", "annual") for name in ("mean", *Wage.PERCENTILES)
)
_NUMBERS = ("employment", "employment_rse", "mean_rse", "jobs_per_1000", "location_quotient")
_STATES = "/careers/states/"


@dataclass(frozen=True)
class State:
    """What the public reads of the figures of a row.

    ``values`` holds the words of each: under "" for the amount of a Figure, under the
    column's name for official wages.
    """

    values: Mapping[str, str]
    source_id: int
    quoted_in_id: int | None
    dated: str

    @property
    def main(self) -> str:
        """The words that stand for the row as a whole."""
        return self.values.get(_MAIN) or self.values.get("", "")

    @property
    def origin(self) -> tuple[int, int | None, str]:
        """Source and date, to be compared."""
        return self.source_id, self.quoted_in_id, self.dated


@dataclass(frozen=True)
class Difference:
    """One entry of the log; ``part`` names a column of official wages, or nothing."""

    kind: FigureChange.Kind
    part: str
    before: str
    after: str
    old: State | None
    new: State | None


def logged_models(models: Iterable[type[Any]]) -> list[type[Sourced]]:
    """Return those of the models whose rows are figures."""
    return [model for model in models if issubclass(model, Figure | Wage)]


def state_of(row: Entry) -> State | None:
    """Return the state of a row as the database holds it; None if it states no figure."""
    if isinstance(row, Wage):
        values = {name: _written(name, getattr(row, name)) for name in (*_DOLLARS, *_NUMBERS)}
    elif isinstance(row, Figure) and row.amount:
        values = {"": row.amount_in_words}
    else:
        return None
    return State(values, row.source_id, row.quoted_in_id, row.dated)


def _written(column: str, value: Decimal | int | None) -> str:
    if value is None:
        return NOT_RELEASED
    if column in _DOLLARS:
        return format_amount(Decimal(value), None, Unit.USD)
    return f"{value:,}"


def differences(old: State | None, new: State | None) -> list[Difference]:
    """Return what the log says of a row that went from one state to another."""
    kinds = FigureChange.Kind
    if old is None:
        return [Difference(kinds.ADDED, "", "", new.main, old, new)] if new else []
    if new is None:
        return [Difference(kinds.REMOVED, "", old.main, "", old, new)]
    changed = [part for part, value in new.values.items() if old.values.get(part) != value]
    if not changed and old.origin != new.origin:
        return [Difference(kinds.CHANGED, "", old.main, new.main, old, new)]
    return [
        Difference(kinds.CHANGED, part, old.values.get(part, ""), new.values[part], old, new)
        for part in changed
    ]


def record(
    changes: Sequence[tuple[Sourced, Difference]], now: datetime, note: str = ""
) -> list[FigureChange]:
    """Write differences of rows to the log, in the caller's transaction."""
    if not changes:
        return []
    states = [state for _, change in changes for state in (change.old, change.new) if state]
    ids = {pk for state in states for pk in (state.source_id, state.quoted_in_id) if pk}
    names = {source.pk: source.name for source in Source.objects.filter(pk__in=ids)}
    entries = [_entry(row, change, names, now, note) for row, change in changes]
    # In bulk: no signals, as the row's own save marks the page as changed.
    return FigureChange.objects.bulk_create(entries)


def record_load(changes: Sequence[tuple[Sourced, Difference]], now: datetime) -> None:
    """Write what a load changed; the rows of a new release of official wages are one entry."""
    releases: dict[date, list[Wage]] = {}
    for row, change in changes:
        if isinstance(row, Wage) and change.kind == FigureChange.Kind.ADDED:
            releases.setdefault(row.release, []).append(row)
    for release, wages in list(releases.items()):
        if Wage.objects.filter(release=release).count() == len(wages):
            announce_release(wages, now)
        else:
            del releases[release]
    announced = {wage.pk for wages in releases.values() for wage in wages}
    rest = [
        (row, change)
        for row, change in changes
        if not (isinstance(row, Wage) and row.pk in announced)
    ]
    record(rest, now)


def _entry(
    row: Sourced, change: Difference, names: Mapping[int, str], now: datetime, note: str
) -> FigureChange:
    source = _words(change.new or change.old, names)
    former = _words(change.old, names)
    place = row.get_absolute_url()
    if change.kind == FigureChange.Kind.REMOVED:
        place = place.partition("#")[0]
    return FigureChange(
        at=now,
        kind=change.kind,
        model=str(row._meta.model_name),
        slug=row.slug,
        label=_label(row, change.part),
        before=change.before,
        after=change.after,
        source=source,
        source_before=former if former != source else "",
        place=place,
        note=note,
    )


def _words(state: State | None, names: Mapping[int, str]) -> str:
    """Return source and date as they stand in a text."""
    if state is None:
        return ""
    quoted_in = names.get(state.quoted_in_id or 0, "")
    return str(Provenance(names.get(state.source_id, ""), "", state.dated, quoted_in))


def _label(row: Sourced, part: str) -> str:
    if not isinstance(row, Wage):
        return str(row)
    return f"{row}: {Wage._meta.get_field(part or _MAIN).verbose_name}"  # type: ignore[union-attr]


def announce_release(wages: Sequence[Wage], now: datetime, note: str = "") -> FigureChange:
    """Write one entry for a new release of official wages; its rows get none of their own."""
    first = wages[0]
    source = str(Provenance(first.source.name, "", first.dated))
    return FigureChange.objects.create(
        at=now,
        kind=FigureChange.Kind.RELEASE,
        model=str(Wage._meta.model_name),
        slug=f"{first.release:%Y-%m}",
        label=f"Official wages by state, {first.released}",
        after=f"{len(wages)} areas",
        source=source,
        place=_STATES,
        note=note,
    )
