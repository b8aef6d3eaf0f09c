"""Whether the public log says what the history of the rows says.

The log is written along with each change and never derived anew. Both are told apart here
by replaying the history: a difference is a fault of the log, or of a writer that left it out.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from careers import loading
from careers.changes import State, differences, logged_models, state_of
from careers.models import FigureChange, Sourced
from careers.oews import release

# The migration that made the log: earlier changes are in the history alone.
FIRST = ("careers", "0004_topics")

type Said = tuple[str, str, str]


@dataclass(frozen=True)
class Expected:
    """What the log should say of one step of the history."""

    said: Said
    may_be_absent: bool


def log_began() -> datetime | None:
    """Return when this database got its log."""
    row = MigrationRecorder(connection).applied_migrations().get(FIRST)
    return row.applied if row else None


def faults() -> list[str]:
    """Return where log and history disagree, one line for each figure."""
    began = log_began()
    logged: dict[tuple[str, str], list[Said]] = defaultdict(list)
    entries = FigureChange.objects.exclude(kind=FigureChange.Kind.RELEASE).order_by("pk")
    for entry in entries.iterator():
        logged[entry.model, entry.slug].append((entry.kind, entry.before, entry.after))
    found = []
    for model in logged_models(apps.get_app_config("careers").get_models()):
        name = str(model._meta.model_name)
        for slug, expected in _expected_of(model, began).items():
            if fault := _compare(expected, logged.pop((name, slug), [])):
                found.append(f"{name} {slug}: {fault}")
    found += [f"{name} {slug}: is in the log, not in the history" for name, slug in logged]
    return found


def _expected_of(model: type[Sourced], began: datetime | None) -> dict[str, list[Expected]]:
    """Return what the log should say of each row of a table, by key."""
    steps: dict[str, list[Expected]] = {}
    states: dict[str, State | None] = {}
    for record in model.history.order_by("history_date", "history_id").iterator():
        slug = record.slug
        after = None if record.history_type == "-" else state_of(record.instance)
        found = differences(states.get(slug), after)
        states[slug] = after
        steps.setdefault(slug, [])
        if began is None or record.history_date >= began:
            may_be_absent = _is_quiet(record)
            steps[slug] += [
                Expected((step.kind, step.before, step.after), may_be_absent) for step in found
            ]
    return steps


def _is_quiet(record: Any) -> bool:
    """Tell whether what a record says may have come without an entry of its own.

    The first rows of a table in the files are no news, and a release is one entry.
    """
    reason = record.history_change_reason or ""
    is_load = record.history_type == "+" and reason == loading.REASON
    return is_load or reason.startswith(release.REASON)


def _compare(expected: list[Expected], logged: list[Said]) -> str:
    """Return how two sequences differ; empty if they do not."""
    rest: Iterator[Said] = iter(logged)
    said = next(rest, None)
    for step in expected:
        if said == step.said:
            said = next(rest, None)
        elif not step.may_be_absent:
            return f"the history has {_words(step.said)}, the log {_words(said)}"
    return f"the log has {_words(said)}, the history nothing" if said else ""


def _words(said: Said | None) -> str:
    if said is None:
        return "nothing"
    kind, before, after = said
    return f"“{kind}: {before or '–'} → {after or '–'}”"
