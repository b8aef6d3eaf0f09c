"""A mock while it is sat: started once, saved as often as the learner likes, in time.

The server's clock decides. Every save carries the whole state of its slot, so the last
one in time is what counts, and a replay of an earlier one changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from prepsite.accounts.learners import LearnerKey
from prepsite.accounts.models import Learner
from prepsite.content import revision
from quizzes.mock.plans import Plan
from quizzes.models import Attempt, ItemNote, MockSlot
from quizzes.pool import PoolItem
from quizzes.rendering import content_of
from quizzes.sessions import MAX_ID, withdrawn_versions

# What a choice may take to arrive after the learner made it in time.
GRACE = timedelta(seconds=10)
# What a browser claims beyond is cut, in milliseconds: for one visit of a question, and
# for all of them. The columns hold no more.
MOST_MILLIS = 3_600_000
MOST_MILLIS_IN_ALL = 24 * MOST_MILLIS
MOST_CHANGES = 30_000


class NoSuchMock(Exception):
    """No mock, or no question of it, with this number belongs to this learner."""


class NobodyToSitIt(Exception):
    """The learner was merged away or erased while the mock was being started."""


class MockOpen(Exception):
    """The learner has a mock that is still open; ``attempt_id`` names it."""

    def __init__(self, attempt_id: int) -> None:
        super().__init__(f"mock {attempt_id} is open")
        self.attempt_id = attempt_id


class MockClosed(Exception):
    """The mock takes no more choices: submitted, closed, or its time is up."""


class StrangeChoice(Exception):
    """What was picked is no choice of this question."""


@dataclass(frozen=True)
class SlotState:
    """All that a learner says about one question: saved as a whole, never in parts.

    ``spent`` is in milliseconds, since the same browser's last save of the question.
    """

    picked_id: int | None
    flagged: bool = False
    struck: str = ""
    spent: int = 0
    tab: str = ""
    counter: int = 0


@dataclass(frozen=True)
class Saved:
    """What the learner is told after a save, be it a replay: how the whole mock stands."""

    is_new: bool
    answered: int
    flagged: int
    seconds_left: int | None


@dataclass(frozen=True)
class Place:
    """One question of a mock as it stands."""

    number: int
    version_id: int
    picked_id: int | None
    flagged: bool
    struck: str
    withdrawn: bool

    @property
    def is_answered(self) -> bool:
        return self.picked_id is not None


@dataclass(frozen=True)
class Sitting:
    """A mock with all its places, in order."""

    attempt: Attempt
    plan: Plan
    places: tuple[Place, ...]

    def place(self, number: int) -> Place | None:
        """Return the place with this number, counted from 1, or None."""
        return self.places[number - 1] if 1 <= number <= len(self.places) else None

    def shown(self, show: str = "") -> list[Place]:
        """Return the places that a filter leaves: ``unanswered``, ``flagged``, or all."""
        if show == "unanswered":
            return [place for place in self.counted if not place.is_answered]
        if show == "flagged":
            return [place for place in self.places if place.flagged]
        return list(self.places)

    @property
    def counted(self) -> list[Place]:
        """Return the places that count: a withdrawn item leaves the mock."""
        return [place for place in self.places if not place.withdrawn]

    @property
    def answered(self) -> int:
        return sum(place.is_answered for place in self.counted)

    @property
    def flagged(self) -> int:
        return sum(place.flagged for place in self.places)


def is_up(deadline: datetime | None, now: datetime) -> bool:
    """Tell whether the time of a mock is up; without a deadline it never is."""
    return deadline is not None and now > deadline


def takes_choices(deadline: datetime | None, now: datetime) -> bool:
    """Tell whether a choice that arrives now was made in time, its journey allowed for."""
    return deadline is None or now <= deadline + GRACE


def seconds_left(deadline: datetime | None, now: datetime) -> int | None:
    """Return the whole seconds until the deadline, 0 after it, or None without one."""
    return None if deadline is None else max(0, int((deadline - now).total_seconds()))


def start(
    learner: Learner, plan: Plan, items: Sequence[PoolItem], seed: int, now: datetime
) -> Attempt:
    """Open a mock over these items with all its slots. Four statements, whatever the length.

    Raises MockOpen where the learner has one already, NobodyToSitIt where the learner is
    gone, and ValueError without items.
    """
    if not items:
        raise ValueError("A mock needs items.")
    time = plan.time_for(len(items))
    with transaction.atomic():
        # Two starts take turns, and a merge waits: it moves the mock, or finds it.
        held = Learner.objects.select_for_update(no_key=True).filter(pk=learner.pk)
        if not held.filter(merged_into=None).exists():
            raise NobodyToSitIt
        standing = _open_mocks(learner).first()
        if standing:
            raise MockOpen(standing.pk)
        attempt = Attempt.objects.create(
            learner=learner,
            mode=Attempt.Mode.MOCK,
            title=plan.title_for(len(items)),
            seed=seed,
            plan=plan.as_json(),
            started_at=now,
            deadline=now + time if time else None,
        )
        MockSlot.objects.bulk_create(
            MockSlot(attempt=attempt, slot=number, version_id=item.version_id)
            for number, item in enumerate(items, start=1)
        )
    return attempt


def _open_mocks(learner: Learner) -> Any:
    return Attempt.objects.filter(learner=learner, mode=Attempt.Mode.MOCK, finished_at=None)


def own(learner: LearnerKey) -> Q:
    """Return the condition for a learner's mocks: a cookie opens nobody's account."""
    mine = Q(learner=learner.pk, mode=Attempt.Mode.MOCK)
    return mine & Q(learner__user=None) if learner.is_anonymous else mine


def get_sitting(learner: LearnerKey, attempt_id: int) -> Sitting:
    """Return a learner's mock as it stands, open or not. Two statements.

    Raises NoSuchMock for what does not exist or is somebody else's.
    """
    attempt = Attempt.objects.filter(own(learner), pk=min(attempt_id, MAX_ID)).first()
    if attempt is None:
        raise NoSuchMock
    rows = list(
        MockSlot.objects.filter(attempt=attempt)
        .order_by("slot")
        .values_list("slot", "version_id", "picked_id", "flagged", "struck")
    )
    withdrawn = withdrawn_versions([row[1] for row in rows])
    places = tuple(Place(*row, withdrawn=row[1] in withdrawn) for row in rows)
    return Sitting(attempt, Plan.from_json(attempt.plan), places)


# Plain SQL, the same on SQLite and PostgreSQL: each choice of each learner runs it, and
# putting the statements together through the ORM costs more than running them.
_HOLD = """
SELECT attempt.deadline, attempt.finished_at, slot.version_id
FROM quizzes_attempt attempt
    JOIN accounts_learner learner ON learner.id = attempt.learner_id
    JOIN quizzes_mockslot slot ON slot.attempt_id = attempt.id AND slot.slot = %s
WHERE attempt.id = %s AND attempt.mode = 'mock' AND learner.id = %s
"""
_SAVE = """
UPDATE quizzes_mockslot SET
    changes = changes + CASE WHEN first_picked_id IS NOT NULL AND changes < %s
        AND COALESCE(picked_id, 0) <> %s THEN 1 ELSE 0 END,
    first_picked_id = COALESCE(first_picked_id, %s),
    picked_id = %s, flagged = %s, struck = %s,
    millis = CASE WHEN millis < %s THEN millis + %s ELSE millis END,
    tab = %s, counter = %s, saved_at = %s
WHERE attempt_id = %s AND slot = %s AND (tab <> %s OR counter < %s OR (counter = %s
    AND (COALESCE(picked_id, 0) <> %s OR flagged <> %s OR struck <> %s)))
"""
_ADD_TIME = """
UPDATE quizzes_mockslot SET millis = millis + %s
WHERE attempt_id = %s AND slot = %s AND millis < %s
"""
_COUNT = """
SELECT COUNT(picked_id), SUM(CASE WHEN flagged THEN 1 ELSE 0 END)
FROM quizzes_mockslot WHERE attempt_id = %s
"""


def save(
    learner: LearnerKey, attempt_id: int, number: int, state: SlotState, now: datetime
) -> Saved:
    """Save what a learner says about a question; a replay is told how things stand.

    Three statements in one transaction. The first locks the attempt, so that a submission
    waits for this save or this save finds the mock closed: what is acknowledged counts.
    Raises MockClosed where it takes no more choices, StrangeChoice, and NoSuchMock.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        deadline, version_id = _hold(cursor, learner, attempt_id, number, now)
        pick = state.picked_id
        if pick is not None and content_of(version_id).choice(pick) is None:
            raise StrangeChoice
        cursor.execute(
            _SAVE,
            [
                *(MOST_CHANGES, pick or 0, pick, pick, state.flagged, state.struck),
                *(MOST_MILLIS_IN_ALL, _millis(state.spent), state.tab, state.counter),
                *(connection.ops.adapt_datetimefield_value(now), attempt_id, number),
                # The same form sent again, but filled in anew, is no replay: browsers bring
                # a page back as it was.
                *(state.tab, state.counter, state.counter),
                *(pick or 0, state.flagged, state.struck),
            ],
        )
        is_new = cursor.rowcount == 1
        cursor.execute(_COUNT, [attempt_id])
        answered, flagged = cursor.fetchone()
    return Saved(is_new, answered, flagged, seconds_left(deadline, now))


def add_time(
    learner: LearnerKey, attempt_id: int, number: int, spent: int, now: datetime
) -> int | None:
    """Count time spent looking at a question, in milliseconds; return the seconds left.

    Raises MockClosed and NoSuchMock as ``save`` does.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        deadline, _ = _hold(cursor, learner, attempt_id, number, now)
        if spent:
            added = [_millis(spent), attempt_id, number, MOST_MILLIS_IN_ALL]
            cursor.execute(_ADD_TIME, added)
    return seconds_left(deadline, now)


def _hold(
    cursor: Any, learner: LearnerKey, attempt_id: int, number: int, now: datetime
) -> tuple[datetime | None, int]:
    """Lock an open mock; return its deadline and the version that the slot asks."""
    statement = _HOLD
    if learner.is_anonymous:
        statement += " AND learner.user_id IS NULL"
    if connection.features.has_select_for_no_key_update:
        statement += " FOR NO KEY UPDATE OF attempt"
    if max(attempt_id, number) > MAX_ID:
        raise NoSuchMock
    cursor.execute(statement, [number, attempt_id, learner.pk])
    row = cursor.fetchone()
    if row is None:
        raise NoSuchMock
    deadline, finished_at, version_id = row
    if deadline is not None and deadline.tzinfo is None:
        # Times on SQLite come without their zone, which is UTC.
        deadline = deadline.replace(tzinfo=UTC)
    if finished_at or not takes_choices(deadline, now):
        raise MockClosed
    return deadline, version_id


def _millis(spent: int) -> int:
    return max(0, min(spent, MOST_MILLIS))


def is_withdrawn(version_id: int) -> bool:
    """Tell whether the CPT switch has taken a version off."""
    return not revision.current().show_cpt_content and content_of(version_id).cpt_content


def notes_on(learner_id: int, question_ids: Sequence[int]) -> dict[int, list[ItemNote]]:
    """Return a learner's notes by question; a note of the learner's own comes last.

    The others came along when learners were joined. One statement.
    """
    notes: dict[int, list[ItemNote]] = {}
    rows = ItemNote.objects.filter(learner=learner_id, question__in=question_ids)
    for note in sorted(rows, key=lambda note: (note.merged_from_id is None, note.saved_at)):
        notes.setdefault(note.question_id, []).append(note)
    return notes


def write_note(learner_id: int, question_id: int, text: str, now: datetime) -> None:
    """Keep a learner's own note on a question; an empty one is deleted."""
    mine = ItemNote.objects.filter(learner=learner_id, question=question_id, merged_from=None)
    if not text:
        mine.delete()
    elif not mine.update(text=text, saved_at=now):
        # Of two first notes written at once, either may stand: nobody writes two.
        ItemNote.objects.bulk_create(
            [ItemNote(learner_id=learner_id, question_id=question_id, text=text, saved_at=now)],
            ignore_conflicts=True,
        )
