"""A mock while it is sat: started once, saved as often as the learner likes, in time.

The server's clock decides. Every save carries the whole state of its slot, so the last
one in time is what counts, and a replay of an earlier one changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from prepsite.accounts.learners import LearnerKey
from prepsite.accounts.models import Learner
from quizzes.mock.plans import Plan
from quizzes.models import Attempt, MockSlot
from quizzes.pool import PoolItem

# What a choice may take to arrive after the learner made it in time.
GRACE = timedelta(seconds=10)
# Nobody looks at one question for longer; what a browser claims beyond is cut.
MOST_MILLIS = 3_600_000


class OpenMockError(Exception):
    """The learner has a mock that is still open; ``attempt_id`` names it."""

    def __init__(self, attempt_id: int) -> None:
        super().__init__(f"mock {attempt_id} is open")
        self.attempt_id = attempt_id


class MockClosed(Exception):
    """The mock takes no more choices: submitted, closed, or its time is up."""


@dataclass(frozen=True)
class SlotState:
    """All that a learner says about one question: saved as a whole, never in parts."""

    picked_id: int | None
    flagged: bool = False
    struck: str = ""
    spent: int = 0  # milliseconds since the last save of the same tab
    tab: str = ""
    counter: int = 0


def is_up(deadline: datetime | None, now: datetime) -> bool:
    """Tell whether the time of a mock is up; without a deadline it never is."""
    return deadline is not None and now > deadline


def takes_choices(deadline: datetime | None, now: datetime) -> bool:
    """Tell whether a choice that arrives now was made in time, its journey allowed for."""
    return deadline is None or now <= deadline + GRACE


def open_mock_of(learner: Learner) -> Attempt | None:
    """Return the learner's open mock. One statement."""
    return Attempt.objects.filter(
        learner=learner, mode=Attempt.Mode.MOCK, finished_at=None
    ).first()


def start(learner: Learner, plan: Plan, items: list[PoolItem], seed: int, now: datetime) -> Attempt:
    """Open a mock over these items with all its slots. Three statements, whatever the length.

    Raises OpenMockError where the learner has one already, and ValueError without items.
    """
    if not items:
        raise ValueError("A mock needs items.")
    time = plan.time_for(len(items))
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                learner=learner,
                mode=Attempt.Mode.MOCK,
                title=plan.title,
                seed=seed,
                plan=plan.as_json(),
                started_at=now,
                deadline=now + time if time else None,
            )
            MockSlot.objects.bulk_create(
                MockSlot(attempt=attempt, slot=number, version_id=item.version_id)
                for number, item in enumerate(items, start=1)
            )
    except IntegrityError:
        standing = open_mock_of(learner)
        if standing is None:
            raise
        raise OpenMockError(standing.pk) from None
    return attempt


_SAVE = """
UPDATE quizzes_mockslot SET
    changes = changes + CASE
        WHEN picked_id IS NOT NULL AND picked_id <> %s THEN 1 ELSE 0 END,
    first_picked_id = COALESCE(first_picked_id, %s),
    picked_id = %s, flagged = %s, struck = %s, millis = millis + %s,
    tab = %s, counter = %s, saved_at = %s
WHERE attempt_id = %s AND slot = %s AND (tab <> %s OR counter < %s)
"""


def save(
    learner: LearnerKey, attempt_id: int, number: int, state: SlotState, now: datetime
) -> bool:
    """Save what a learner says about a question; return False for a replay.

    Two statements in one transaction. The first locks the attempt, so that a submission
    waits for this save or this save finds the mock closed: what is acknowledged counts.
    Raises MockClosed where it takes no more choices, Attempt.DoesNotExist for strangers.
    """
    with transaction.atomic():
        mine = Attempt.objects.filter(
            Q(learner__user=None) if learner.is_anonymous else Q(), learner=learner.pk
        )
        attempt = (
            mine.select_for_update(of=("self",), no_key=True)
            .only("deadline", "finished_at")
            .get(pk=attempt_id, mode=Attempt.Mode.MOCK)
        )
        if attempt.finished_at or not takes_choices(attempt.deadline, now):
            raise MockClosed
        pick = state.picked_id
        at = connection.ops.adapt_datetimefield_value(now)
        with connection.cursor() as cursor:
            cursor.execute(
                _SAVE,
                [
                    *(pick, pick, pick, state.flagged, state.struck),
                    *(max(0, min(state.spent, MOST_MILLIS)), state.tab, state.counter, at),
                    *(attempt_id, number, state.tab, state.counter),
                ],
            )
            return cursor.rowcount == 1
