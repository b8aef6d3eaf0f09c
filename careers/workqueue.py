"""What the staff's start page says about the guide."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from careers.review import SOON, due_rows, may, sourced_models
from prepsite.content.workqueue import WorkQueue

GROUP = "Salary and outlook"


def queues(user: Any, today: date) -> Iterable[WorkQueue]:
    """Return the figures past their review date, and those that come to it soon."""
    models = [model for model in sourced_models() if may(user, "change", model)]
    if not models:
        return []
    dates = [review_by for _, _, review_by in due_rows(models, today + SOON)]
    past = [review_by for review_by in dates if review_by < today]
    url = reverse("admin:careers_source_due")
    return [
        WorkQueue(
            GROUP,
            "Figures past their review date",
            len(past),
            url,
            "Look for a newer figure at the source, then set the next review date.",
            min(past, default=None),
        ),
        WorkQueue(
            GROUP,
            "Figures to review in the next 60 days",
            len(dates) - len(past),
            f"{url}#soon",
            "A new release of their source is expected.",
        ),
    ]
