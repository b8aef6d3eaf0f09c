"""What a submitted mock says: pure functions over its slots, the same on every database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizzes.mock.plans import PASS_PERCENT


@dataclass(frozen=True)
class ScoredSlot:
    """A slot after submission. A withdrawn one counts nowhere.

    ``first_correct`` tells whether the first choice was right, None without any.
    """

    number: int
    area: str
    answered: bool
    correct: bool
    first_correct: bool | None = None
    changes: int = 0
    flagged: bool = False
    millis: int = 0
    withdrawn: bool = False

    @property
    def change(self) -> str:
        """Return what became of a changed answer, as ``wrong_to_right``; else nothing."""
        if not self.changes or not self.answered or self.withdrawn:
            return ""
        words = {True: "right", False: "wrong"}
        return f"{words[bool(self.first_correct)]}_to_{words[self.correct]}"


@dataclass(frozen=True)
class Score:
    """Correct answers of the questions that count; blanks count as wrong."""

    correct: int
    total: int
    blank: int = 0

    @property
    def percent(self) -> float:
        """Return the share of correct answers in percent, unrounded; 0 without questions."""
        return 100 * self.correct / self.total if self.total else 0.0

    @property
    def whole_percent(self) -> int:
        """Return the share in whole percent, rounded down: 69.9% is no 70%."""
        return 100 * self.correct // self.total if self.total else 0

    @property
    def passed(self) -> bool:
        """Tell whether the exam's pass mark is reached: compared in whole numbers."""
        return self.total > 0 and 100 * self.correct >= PASS_PERCENT * self.total


@dataclass(frozen=True)
class AreaScore:
    """An area's part of a mock, beside its questions on the exam and its pace.

    ``seconds`` is the mean time for a question, over those whose time is known; None
    without any.
    """

    slug: str
    exam_count: int
    score: Score
    seconds: int | None


@dataclass(frozen=True)
class Changes:
    """What became of changed answers: from the first choice to the last."""

    wrong_to_right: int
    right_to_wrong: int
    wrong_to_wrong: int
    right_to_right: int

    @property
    def total(self) -> int:
        return self.wrong_to_right + self.right_to_wrong + self.wrong_to_wrong + self.right_to_right


def score_of(slots: Iterable[ScoredSlot]) -> Score:
    """Return the score over the slots that are not withdrawn."""
    counted = [slot for slot in slots if not slot.withdrawn]
    return Score(
        correct=sum(slot.correct for slot in counted),
        total=len(counted),
        blank=sum(not slot.answered for slot in counted),
    )


def area_scores(
    slots: Sequence[ScoredSlot], exam_counts: Iterable[tuple[str, int]]
) -> list[AreaScore]:
    """Return the areas that the mock asked about, in the order of ``exam_counts``."""
    found = []
    for slug, exam_count in exam_counts:
        own = [slot for slot in slots if slot.area == slug and not slot.withdrawn]
        if own:
            found.append(AreaScore(slug, exam_count, score_of(own), mean_seconds(own)))
    return found


def mean_seconds(slots: Iterable[ScoredSlot]) -> int | None:
    """Return the mean time of the slots whose time is known, in whole seconds."""
    known = [slot.millis for slot in slots if slot.millis]
    return round(sum(known) / len(known) / 1000) if known else None


def changes_of(slots: Iterable[ScoredSlot]) -> Changes:
    """Return how changed answers ended; a slot that was never changed is not among them."""
    kinds = [slot.change for slot in slots]
    return Changes(
        wrong_to_right=kinds.count("wrong_to_right"),
        right_to_wrong=kinds.count("right_to_wrong"),
        wrong_to_wrong=kinds.count("wrong_to_wrong"),
        right_to_right=kinds.count("right_to_right"),
    )


def is_slow(slot: ScoredSlot, seconds_a_question: float) -> bool:
    """Tell whether a question took longer than the mock's pace allows."""
    return slot.millis > seconds_a_question * 1000
