"""A practice session as it stands: one attempt and its slots, read in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prepsite.content import revision
from quizzes.models import Answer
from quizzes.rendering import VersionContent, contents_of

IDLE_DAYS = 30


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
    cpt_content: bool

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
    started_at: datetime
    finished_at: datetime | None
    slots: tuple[Slot, ...]

    def slot(self, number: int) -> Slot | None:
        """Return the slot with this number, counted from 1, or None."""
        return self.slots[number - 1] if 1 <= number <= len(self.slots) else None

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
        return [slot for slot in self.slots if not self.is_withdrawn(slot)]

    def is_withdrawn(self, slot: Slot) -> bool:
        """Tell whether the CPT switch has taken this slot's item off all pages."""
        return slot.cpt_content and not revision.current().show_cpt_content

    def next_open(self) -> Slot | None:
        """Return the first slot that still waits for its answer, or None at the end."""
        return next(
            (slot for slot in self.slots if not slot.is_answered and not self.is_withdrawn(slot)),
            None,
        )

    def is_closed(self, now: datetime) -> bool:
        """Tell whether the session takes no more answers: done, or idle for 30 days."""
        times = [slot.answered_at for slot in self.slots if slot.answered_at]
        last = max(times, default=self.started_at)
        return self.next_open() is None or now - last > timedelta(days=IDLE_DAYS)


def get_session(learner_id: int, attempt_id: int) -> Session:
    """Return a learner's session. One statement.

    Raises NoSuchSession for an attempt that does not exist or is somebody else's.
    """
    rows = list(
        Answer.objects.filter(attempt_id=attempt_id, attempt__learner_id=learner_id)
        .order_by("slot")
        .values_list(
            "pk",
            "slot",
            "version_id",
            "picked_id",
            "correct",
            "answered_at",
            "version__question__cpt_content",
            "attempt__title",
            "attempt__scope",
            "attempt__seed",
            "attempt__started_at",
            "attempt__finished_at",
        )
    )
    if not rows:
        raise NoSuchSession
    title, scope, seed, started_at, finished_at = rows[0][7:]
    return Session(
        attempt_id=attempt_id,
        title=title,
        scope=scope,
        seed=seed,
        started_at=started_at,
        finished_at=finished_at,
        slots=tuple(Slot(*row[:7]) for row in rows),
    )


@dataclass(frozen=True)
class SummaryLine:
    """A slot in the summary, with what was asked and answered."""

    slot: Slot
    content: VersionContent
    withdrawn: bool

    @property
    def picked(self) -> object:
        return self.content.choice(self.slot.picked_id)

    @property
    def keys(self) -> list[object]:
        return [choice for choice in self.content.choices if choice.is_key]


def summary_lines(session: Session) -> list[SummaryLine]:
    """Return all slots of a session with their content, in few statements."""
    contents = contents_of(slot.version_id for slot in session.slots)
    return [
        SummaryLine(slot, contents[slot.version_id], session.is_withdrawn(slot))
        for slot in session.slots
    ]
