"""An edit of any row shows on the page within a second."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from careers.models import Entry
from prepsite.content import revision


def connect(models: Iterable[type[Model]]) -> None:
    """Bump the content revision whenever a row of these models is saved or deleted."""
    for model in models:
        # What the loader remembers and what rows once said is on no page.
        if not issubclass(model, Entry):
            continue
        name = f"careers.{model.__name__}.revision"
        post_save.connect(_bump, sender=model, dispatch_uid=f"{name}.save")
        post_delete.connect(_bump, sender=model, dispatch_uid=f"{name}.delete")


def _bump(**_: Any) -> None:
    revision.bump()
