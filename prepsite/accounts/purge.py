"""Erasing anonymous learners who have not come back."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from prepsite.accounts import registry
from prepsite.accounts.models import Learner

BATCH = 500


def months_before(now: datetime, months: int) -> datetime:
    """Return the moment so many calendar months before ``now``, on a day that exists."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)


def idle_since(moment: datetime) -> QuerySet[Learner]:
    """Return the learners without an account who have done nothing since ``moment``.

    The empty shells that merges leave behind are among them.
    """
    idle = Learner.objects.filter(
        Q(exam_date_set_at=None) | Q(exam_date_set_at__lt=moment),
        user=None,
        created_at__lt=moment,
    )
    for data in registry.handlers():
        for activity in data.activity:
            later = Q()
            for field in activity.moments:
                later |= Q(**{f"{field}__gte": moment})
            rows = activity.model._default_manager.filter(
                later, **{activity.learner: OuterRef("pk")}
            )
            idle = idle.exclude(Exists(rows.order_by()))
    return idle


def purge(moment: datetime) -> Iterator[int]:
    """Erase all learners idle since ``moment``; yield how many after each batch.

    Each one goes in a transaction of its own, so that a stop in between loses nothing
    and a repetition goes on from there.
    """
    last = 0
    while True:
        batch = list(
            idle_since(moment)
            .filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not batch:
            return
        last = batch[-1]
        yield sum(_erase_if_idle(pk, moment) for pk in batch)


def _erase_if_idle(pk: int, moment: datetime) -> bool:
    """Erase one learner unless it has come back; return whether it was erased."""
    try:
        with transaction.atomic():
            if not list(Learner.objects.select_for_update(nowait=True).filter(pk=pk)):
                return False
            _lock_rows_of(pk)
            # Asked again with all rows held: what was saved a moment ago shows now.
            learner = idle_since(moment).filter(pk=pk).first()
            if learner is None:
                return False
            registry.erase(learner)
    except OperationalError as error:
        if not _is_busy(error):
            raise
        return False
    return True


def _lock_rows_of(pk: int) -> None:
    """Lock what the learner may be writing to just now, without waiting for it.

    An answer locks these rows first and the learner last: waiting would be a deadlock.
    """
    for data in registry.handlers():
        for activity in data.activity:
            rows = activity.model._default_manager.filter(**{activity.learner: pk}).order_by()
            list(rows.select_for_update(nowait=True, of=("self",)).values_list("pk"))


def _is_busy(error: OperationalError) -> bool:
    """Tell whether somebody else holds a row, which means that the learner is here."""
    return getattr(error.__cause__, "sqlstate", None) == "55P03"
