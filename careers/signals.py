"""An edit of any row shows on its page within a second, and in the public log for good."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from careers import changes
from careers.models import Entry
from prepsite.content import revision


def connect(models: Iterable[type[Model]]) -> None:
    """Watch the rows of these models: each save and deletion, bulk writes excepted."""
    models = list(models)
    for model in models:
        # What the loader remembers and what rows once said is on no page.
        if not issubclass(model, Entry):
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


def _stored(row: Any) -> Any:
    """Return the row as the database holds it: what a form made may hold text for numbers."""
    # Locked: of two who save at once, the second must see what the first wrote.
    rows = type(row)._base_manager.select_for_update()
    return rows.filter(pk=row.pk).first() if row.pk else None


def _state(stored: Any) -> changes.State | None:
    return changes.state_of(stored) if stored else None


def _remember(instance: Any, raw: bool, **_: Any) -> None:
    if not raw:
        instance._figures_before = _state(_stored(instance))


def _log(instance: Any, raw: bool, **_: Any) -> None:
    if not raw:
        stored = _stored(instance)
        found = changes.differences(instance._figures_before, _state(stored))
        _record(instance, stored, found)


def _log_removal(instance: Any, **_: Any) -> None:
    stored = _stored(instance)
    _record(instance, stored, changes.differences(_state(stored), None))


def _record(instance: Any, stored: Any, found: list[changes.Difference]) -> None:
    note = getattr(instance, "_change_note", "")
    changes.record([(stored, difference) for difference in found], timezone.now(), note)
