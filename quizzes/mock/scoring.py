"""What a submitted mock says: pure functions over its slots, the same on every database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quizzes.mock.plans import PASS_PERCENT


@dataclass(frozen=True)
class ScoredSlot:
    """A slot after submission. A withdrawn one counts nowhere."""

    number: int
    area: str
    answered: bool
    correct: bool
    first_correct: bool | None
    changes: int
    flagged: bool
    millis: int
    withdrawn: bool = False


@dataclass(frozen=True)
class Score:
    """Correct answers of the questions that count; blanks count as wrong."""

    correct: int
    blank: int
    total: int

    @property
    def percent(self) -> float:
        """Return the share of correct answers in percent, unrounded; 0 without questions."""
        return 100 * self.correct / self.total if self.total else 0.0

    @property
    def passed(self) -> bool:
        """Tell whether the exam's pass mark is reached: compared in whole numbers."""
        return self.total > 0 and 100 * self.correct >= PASS_PERCENT * self.total


@dataclass(frozen=True)
class AreaScore:
    """An area's part of a mock, beside its weight on the exam and its pace."""

    slug: str
    exam_count: int
    score: Score
    seconds: float
    """Mean seconds a question, over the questions that were looked at."""


@dataclass(frozen=True)
class Changes:
    """What became of changed answers: from the first choice to the last."""

    to_right: int
    to_wrong: int
    stayed_wrong: int
    stayed_right: int


def score_of(slots: Iterable[ScoredSlot]) -> Score:
    """Return the score over the slots that are not withdrawn."""
    counted = [slot for slot in slots if not slot.withdrawn]
    return Score(
        correct=sum(slot.correct for slot in counted),
        blank=sum(not slot.answered for slot in counted),
        total=len(counted),
    )


def area_scores(
    slots: Sequence[ScoredSlot], exam_counts: Sequence[tuple[str, int]]
) -> list[AreaScore]:
    """Return the areas that the mock asked about, in exam order."""
    found = []
    for slug, exam_count in exam_counts:
        own = [slot for slot in slots if slot.area == slug and not slot.withdrawn]
        if own:
            looked = [slot.millis for slot in own if slot.millis]
            seconds = sum(looked) / len(looked) / 1000 if looked else 0.0
            found.append(AreaScore(slug, exam_count, score_of(own), seconds))
    return found


def changes_of(slots: Iterable[ScoredSlot]) -> Changes:
    """Return how changed answers ended; a slot that was never changed is not among them."""
    changed = [slot for slot in slots if slot.changes and slot.answered and not slot.withdrawn]

    def count(first: bool, last: bool) -> int:
        return sum(
            bool(slot.first_correct) is first and slot.correct is last for slot in changed
        )

    return Changes(
        to_right=count(False, True),
        to_wrong=count(True, False),
        stayed_wrong=count(False, False),
        stayed_right=count(True, True),
    )


def is_slow(slot: ScoredSlot, allowed: timedelta) -> bool:
    """Tell whether a question took longer than the exam's pace allows."""
    return slot.millis > allowed.total_seconds() * 1000
