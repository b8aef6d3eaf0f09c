"""An edit of any row shows on its page within a second, and in the public log for good."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from careers import changes
from careers.models import Entry, FigureChange
from prepsite.content import revision


def connect(models: Iterable[type[Model]]) -> None:
    """Watch the rows of these models: each save and deletion, bulk writes excepted."""
    models = list(models)
    for model in models:
        # What the loader remembers and what rows once said is on no page.
        if not issubclass(model, Entry | FigureChange):
            continue
        name = f"careers.{model.__name__}.revision"
        post_save.connect(_bump, sender=model, dispatch_uid=f"{name}.save")
        post_delete.connect(_bump, sender=model, dispatch_uid=f"{name}.delete")
    for model in changes.logged_models(models):
        name = f"careers.{model.__name__}.log"
        pre_save.connect(_remember, sender=model, dispatch_uid=f"{name}.before")
        post_save.connect(_log, sender=model, dispatch_uid=f"{name}.save")
        pre_delete.connect(_log_removal, sender=model, dispatch_uid=f"{name}.delete")


def _bump(**_: Any) -> None:
    revision.bump()


def _stored(row: Entry) -> changes.State | None:
    """Return the state in the database: a form's row may hold what is not saved, or text."""
    # Locked: of two who save at once, the second must see what the first wrote.
    rows = type(row)._base_manager.select_for_update()
    stored = rows.filter(pk=row.pk).first() if row.pk else None
    return changes.state_of(stored) if stored else None


def _remember(instance: Any, raw: bool, **_: Any) -> None:
    if not raw:
        instance._figures_before = _stored(instance)


def _log(instance: Any, raw: bool, **_: Any) -> None:
    if not raw:
        _record(instance, instance._figures_before, _stored(instance))


def _log_removal(instance: Any, **_: Any) -> None:
    _record(instance, _stored(instance), None)


def _record(row: Any, old: changes.State | None, new: changes.State | None) -> None:
    found = [(row, difference) for difference in changes.differences(old, new)]
    changes.record(found, timezone.now(), getattr(row, "_change_note", ""))
