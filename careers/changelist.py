"""The public log, page by page and by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from careers.models import FigureChange

PAGE_LENGTH = 50
# Far beyond what will ever be there, and an offset that every database takes.
MAX_NUMBER = 100_000


@dataclass(frozen=True)
class Day:
    """The changes of a day, newest first."""

    date: date
    changes: Sequence[FigureChange]


@dataclass(frozen=True)
class LogPage:
    """One page of the log; ``newer`` and ``older`` are the numbers beside it."""

    number: int
    days: Sequence[Day]
    newer: int | None
    older: int | None


def read_page(number: int) -> LogPage | None:
    """Return a page of the log in one statement; None if there is none of this number.

    The first page is there also while nothing has changed yet.
    """
    if not 1 <= number <= MAX_NUMBER:
        return None
    start = (number - 1) * PAGE_LENGTH
    # One more than fits tells whether an older page follows.
    found = list(FigureChange.objects.all()[start : start + PAGE_LENGTH + 1])
    if number != 1 and not found:
        return None
    days = [
        Day(day, list(changes))
        for day, changes in groupby(
            found[:PAGE_LENGTH], lambda change: timezone.localdate(change.at)
        )
    ]
    is_last = len(found) <= PAGE_LENGTH
    return LogPage(number, days, number - 1 or None, None if is_last else number + 1)
