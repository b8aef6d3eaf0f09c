"""Who changed what, and when, written down also outside of a request."""

from typing import Any

from django.db.models import Model


def save_with_history(row: Model, by: Any, reason: str = "") -> None:
    """Save a row whose changes are recorded, under the name of a user or of nobody."""
    row._history_user = by  # type: ignore[attr-defined]
    row._change_reason = reason or None  # type: ignore[attr-defined]
    row.save()
