"""What each app does with a learner's data on merge, export and erasure.

An app that stores anything under a learner registers one handler in its AppConfig. A
test fails for every model with a path to Learner that no handler names.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from prepsite.accounts.models import Learner


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

    ``merge(source, target)`` moves everything and returns how many things of each kind
    it moved; done again it moves nothing. ``export`` returns JSON-able data. ``erase``
    takes the learner out of what must stay and deletes the rest. ``activity`` keeps a
    learner from being purged as long as it goes on.
    """

    name: str
    models: tuple[type[Model], ...]
    merge: Callable[[Learner, Learner], dict[str, int]]
    export: Callable[[Learner], dict[str, Any]]
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


@transaction.atomic
def merge(source: Learner, target: Learner) -> dict[str, int]:
    """Move everything of ``source`` to ``target`` and return what was moved, by kind.

    Any order of several merges and any repetition give the same result. Raises
    ValueError where the source has an account: accounts are never merged away.
    """
    rows = {
        learner.pk: learner
        for learner in Learner.objects.select_for_update()
        .filter(pk__in=[source.pk, target.pk])
        .order_by("pk")
    }
    source, target = rows[source.pk], rows[target.pk]
    if source.pk == target.pk or source.merged_into_id == target.pk:
        return {}
    if source.user_id or source.merged_into_id or target.merged_into_id:
        raise ValueError("Only an anonymous learner can be merged, into a learner that stands.")
    moved: dict[str, int] = {}
    for data in handlers():
        moved |= data.merge(source, target)
    _take_later_exam_date(source, target)
    source.merged_into = target
    source.save(update_fields=["merged_into"])
    return moved


def _take_later_exam_date(source: Learner, target: Learner) -> None:
    """The exam date that was set last counts, whichever side it was set on."""
    if source.exam_date_set_at and (
        target.exam_date_set_at is None or source.exam_date_set_at > target.exam_date_set_at
    ):
        target.exam_date = source.exam_date
        target.exam_date_set_at = source.exam_date_set_at
        target.save(update_fields=["exam_date", "exam_date_set_at"])


def export(learner: Learner, now: datetime) -> dict[str, Any]:
    """Return everything kept about a learner, ready for JSON."""
    return {
        "exported_at": now.isoformat(),
        "learner": {
            "created_at": learner.created_at.isoformat(),
            "exam_date": learner.exam_date.isoformat() if learner.exam_date else None,
            "time_zone": learner.time_zone,
        },
        **{data.name: data.export(learner) for data in handlers()},
    }


@transaction.atomic
def erase(learner: Learner) -> None:
    """Erase a learner: what must stay for statistics stays without a trace to anyone."""
    for data in handlers():
        data.erase(learner)
    Learner.objects.filter(pk=learner.pk).delete()
