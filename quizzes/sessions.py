"""A practice session as it stands: one attempt and its slots, read in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from prepsite.accounts.learners import LearnerKey
from prepsite.content import revision
from quizzes.models import Attempt, QuestionVersion
from quizzes.notices import rescored_in
from quizzes.rendering import VersionContent, contents_of

IDLE_DAYS = 30
# Databases refuse to compare with a larger number.
MAX_ID = 2**63 - 1


class NoSuchSession(Exception):
    """No session with this number belongs to this learner."""


@dataclass(frozen=True)
class Slot:
    """One place of a session: its version, and the answer once there is one."""

    answer_id: int
    number: int
    version_id: int
    picked_id: int | None
    correct: bool | None
    answered_at: datetime | None
    withdrawn: bool

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


@dataclass(frozen=True)
class Session:
    """An attempt with all its slots. Everything else about it is derived from them."""

    attempt_id: int
    title: str
    scope: str
    seed: int
    is_finished: bool
    slots: tuple[Slot, ...]

    def slot(self, number: int) -> Slot | None:
        """Return the slot with this number, counted from 1, or None."""
        return next((slot for slot in self.slots if slot.number == number), None)

    @property
    def answered(self) -> int:
        return sum(slot.is_answered for slot in self._counted)

    @property
    def correct(self) -> int:
        return sum(slot.correct is True for slot in self._counted)

    @property
    def missed(self) -> list[Slot]:
        return [slot for slot in self._counted if slot.correct is False]

    @property
    def _counted(self) -> list[Slot]:
        """Return the slots that count: a withdrawn item leaves the score."""
        return [slot for slot in self.slots if not slot.withdrawn]

    def next_open(self) -> Slot | None:
        """Return the first slot that still waits for its answer, or None at the end."""
        return next(
            (slot for slot in self.slots if not slot.is_answered and not slot.withdrawn),
            None,
        )

    def with_answer(self, slot: Slot, picked_id: int, correct: bool, at: datetime) -> "Session":
        """Return the session as it stands once this slot's answer is saved."""
        answered = replace(slot, picked_id=picked_id, correct=correct, answered_at=at)
        slots = tuple(answered if other.number == slot.number else other for other in self.slots)
        return replace(self, slots=slots)

    def is_closed(self, now: datetime) -> bool:
        """Tell whether the session takes no more answers: done, or idle for 30 days.

        Done it stays, also where an item comes back that was withdrawn while it went on.
        """
        last = max((slot.answered_at for slot in self.slots if slot.answered_at), default=now)
        return (
            self.is_finished or self.next_open() is None or now - last > timedelta(days=IDLE_DAYS)
        )


# Plain SQL, the same on SQLite and PostgreSQL: every request of a session reads it, and
# putting the statement together through the ORM costs far more than running it.
_READ = """
SELECT answer.id, answer.slot, answer.version_id, answer.picked_id, answer.correct,
    answer.answered_at, attempt.title, attempt.scope, attempt.seed,
    attempt.finished_at
FROM quizzes_answer answer
    JOIN quizzes_attempt attempt ON attempt.id = answer.attempt_id
    JOIN accounts_learner learner ON learner.id = attempt.learner_id
WHERE answer.attempt_id = %s AND learner.id = %s AND attempt.mode = %s
ORDER BY answer.slot
"""
_READ_ANONYMOUS = _READ.replace("ORDER BY", "AND learner.user_id IS NULL ORDER BY")


def get_session(
    learner: LearnerKey, attempt_id: int, mode: str = Attempt.Mode.PRACTICE.value
) -> Session:
    """Return a learner's session. One statement, which also checks whose it is.

    Of a mock it holds the answers that its submission made: none while it is open, and
    none for a blank slot. Raises NoSuchSession for an attempt that does not exist, is
    somebody else's or of another mode.
    """
    if attempt_id > MAX_ID:
        raise NoSuchSession
    with connection.cursor() as cursor:
        statement = _READ_ANONYMOUS if learner.is_anonymous else _READ
        cursor.execute(statement, [attempt_id, learner.pk, mode])
        rows = cursor.fetchall()
    if not rows:
        raise NoSuchSession
    title, scope, seed, finished_at = rows[0][6:]
    withdrawn = withdrawn_versions([row[2] for row in rows])
    return Session(
        attempt_id=attempt_id,
        title=title,
        scope=scope,
        seed=seed,
        is_finished=finished_at is not None,
        slots=tuple(_slot(row, withdrawn=row[2] in withdrawn) for row in rows),
    )


def _slot(row: tuple[Any, ...], *, withdrawn: bool) -> Slot:
    """Return a slot from its row. Times on SQLite come without their zone, which is UTC."""
    answer_id, number, version_id, picked_id, correct, answered_at = row[:6]
    if answered_at is not None and answered_at.tzinfo is None:
        answered_at = answered_at.replace(tzinfo=UTC)
    return Slot(answer_id, number, version_id, picked_id, correct, answered_at, withdrawn)


def withdrawn_versions(version_ids: Iterable[int]) -> set[int]:
    """Return which versions the CPT switch has taken off; no statement while it is on."""
    if revision.current().show_cpt_content:
        return set()
    return set(
        QuestionVersion.objects.filter(pk__in=version_ids, question__cpt_content=True).values_list(
            "pk", flat=True
        )
    )


@dataclass(frozen=True)
class SummaryLine:
    """A slot in the summary, with what was asked and answered.

    ``rescored`` is what staff said when a ruling turned its answer; else it is empty.
    """

    slot: Slot
    content: VersionContent
    rescored: str = ""

    @property
    def picked(self) -> object:
        return self.content.choice(self.slot.picked_id)

    @property
    def keys(self) -> list[object]:
        return [choice for choice in self.content.choices if choice.is_key]


def summary_lines(session: Session) -> list[SummaryLine]:
    """Return all slots of a session with their content, in few statements."""
    contents = contents_of(slot.version_id for slot in session.slots)
    is_ruled = any(content.ruling for content in contents.values())
    rescored = rescored_in(session.attempt_id) if is_ruled else {}
    return [
        SummaryLine(slot, contents[slot.version_id], rescored.get(slot.answer_id, ""))
        for slot in session.slots
    ]
