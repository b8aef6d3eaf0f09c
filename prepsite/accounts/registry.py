"""What each app does with a learner's data on merge, undo, export and erasure.

An app that stores anything under a learner registers one handler in its AppConfig. A
test fails for every model with a path to Learner that no handler names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from prepsite.accounts.models import Learner, Merge

# Rows of plain values under the same names, so that JSON and CSV hold the same.
type Row = dict[str, str | int | bool | None]
type Tables = dict[str, list[Row]]

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Activity:
    """Rows that tell when a learner was last here.

    ``learner`` is the lookup from the model to the learner, ``moments`` are its fields
    that hold a time.
    """

    model: type[Model]
    learner: str
    moments: tuple[str, ...]


@dataclass(frozen=True)
class LearnerData:
    """One app's part of a learner's data.

    ``count`` tells how many things of each kind a learner has. ``merge(source, target)``
    moves everything; done again it moves nothing. ``unmerge(source, target)`` gives back
    to ``source`` what came from it, and leaves with ``target`` what is its own. ``export``
    returns tables of flat rows, named unlike those of other apps. ``erase`` takes the
    learner out of what must stay and deletes the rest. ``activity`` keeps a learner from
    being purged as long as it goes on.
    """

    name: str
    models: tuple[type[Model], ...]
    count: Callable[[Learner], dict[str, int]]
    merge: Callable[[Learner, Learner], None]
    unmerge: Callable[[Learner, Learner], None]
    export: Callable[[Learner], Tables]
    erase: Callable[[Learner], None]
    activity: tuple[Activity, ...] = ()


@dataclass
class _Registry:
    handlers: dict[str, LearnerData] = field(default_factory=dict)


_registry = _Registry()


def register(data: LearnerData) -> None:
    """Add an app's handler; raises ValueError if the name is taken."""
    if data.name in _registry.handlers:
        raise ValueError(f"{data.name} has registered its learner data already.")
    _registry.handlers[data.name] = data


def handlers() -> list[LearnerData]:
    """Return all registered handlers."""
    return list(_registry.handlers.values())


def count(learner: Learner) -> dict[str, int]:
    """Return how many things of each kind are kept under a learner."""
    return {kind: n for data in handlers() for kind, n in data.count(learner).items()}


@transaction.atomic
def merge(source: Learner, target: Learner, now: datetime | None = None) -> dict[str, int]:
    """Move everything of ``source`` to ``target`` and return what was moved, by kind.

    Any order of several merges and any repetition give the same result. What was done
    stands as a Merge, so that ``undo`` can take it back. Raises ValueError where the
    source has an account: accounts are never merged away.
    """
    source, target = _locked(source.pk, target.pk)
    if source.pk == target.pk or source.merged_into_id == target.pk:
        return {}
    if source.user_id or source.merged_into_id or target.merged_into_id:
        raise ValueError("Only an anonymous learner can be merged, into a learner that stands.")
    moved = count(source)
    for data in handlers():
        data.merge(source, target)
    fact = Merge.objects.create(
        source=source,
        target=target,
        at=now or timezone.now(),
        source_date_set_at=source.exam_date_set_at,
        former_exam_date=target.exam_date,
        former_date_set_at=target.exam_date_set_at,
    )
    if fact.moved_exam_date:
        _put_exam_date(target, source.exam_date, source.exam_date_set_at)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    return moved


@transaction.atomic
def undo(merge: Merge, now: datetime | None = None) -> bool:
    """Take a merge back: both learners have again what each had, and the exam date too.

    What the target did since stays with it, save for answers in sessions that came along:
    a session is never torn apart. Returns whether anything was done; a merge that was
    undone already, or whose target has itself been merged away, is left as it is.
    """
    source, target = _locked(merge.source_id, merge.target_id)
    standing = Merge.objects.select_for_update().filter(pk=merge.pk, undone_at=None).first()
    if standing is None or target.merged_into_id:
        return False
    for data in handlers():
        data.unmerge(source, target)
    if source.exam_date_set_at and source.exam_date_set_at == target.exam_date_set_at:
        _put_exam_date(target, *_exam_date_without(standing))
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    standing.undone_at = now or timezone.now()
    standing.save(update_fields=["undone_at"])
    return True


def origins_of(learner: Learner) -> list[int]:
    """Return the learner's number and those of all that were merged into it, at any remove."""
    found = latest = [learner.pk]
    while latest:
        latest = list(Learner.objects.filter(merged_into__in=latest).values_list("pk", flat=True))
        found = found + latest
    return found


def _locked(source_id: int, target_id: int) -> tuple[Learner, Learner]:
    """Read both learners anew, locked in the order of their numbers.

    Rows that point at them may still be added: an answer under way must be able to end.
    """
    rows = {
        learner.pk: learner
        for learner in Learner.objects.select_for_update(no_key=True)
        .filter(pk__in=[source_id, target_id])
        .order_by("pk")
    }
    return rows[source_id], rows[target_id]


def _put_exam_date(learner: Learner, exam_date: date | None, set_at: datetime | None) -> None:
    learner.exam_date = exam_date
    learner.exam_date_set_at = set_at
    learner.save(update_fields=["exam_date", "exam_date_set_at"])


def _exam_date_without(merge: Merge) -> tuple[date | None, datetime | None]:
    """Return the exam date that the target has if this merge is taken away, and when it was set.

    That is the latest of those it set itself and of those its other sources brought;
    so merges may be undone in any order.
    """
    merges = list(Merge.objects.filter(target=merge.target_id).select_related("source"))
    brought = {fact.source_date_set_at for fact in merges} - {None}
    dates = [
        (fact.former_exam_date, fact.former_date_set_at)
        for fact in merges
        if fact.former_date_set_at not in brought
    ]
    dates += [
        (fact.source.exam_date, fact.source.exam_date_set_at)
        for fact in merges
        if fact.undone_at is None and fact.pk != merge.pk
    ]
    return max(dates, key=lambda pair: pair[1] or _LONG_AGO)


def export(learner: Learner) -> Tables:
    """Return everything kept under a learner as tables; raises ValueError for twin names."""
    tables: Tables = {
        "learner": [
            {
                "created_at": learner.created_at.isoformat(),
                "exam_date": learner.exam_date.isoformat() if learner.exam_date else None,
                "exam_date_set_at": isoformat(learner.exam_date_set_at),
                "time_zone": learner.time_zone,
                "theme": learner.theme,
                "shortcuts": learner.shortcuts,
            }
        ]
    }
    for data in handlers():
        for name, rows in data.export(learner).items():
            if name in tables:
                raise ValueError(f"Two apps export a table named {name}.")
            tables[name] = rows
    return tables


def isoformat(moment: datetime | None) -> str | None:
    """Return a moment as an export writes it."""
    return moment.isoformat() if moment else None


@transaction.atomic
def erase(learner: Learner) -> None:
    """Erase a learner: what must stay for statistics stays without a trace to anyone."""
    for data in handlers():
        data.erase(learner)
    Learner.objects.filter(pk=learner.pk).delete()
