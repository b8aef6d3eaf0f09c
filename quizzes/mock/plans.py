"""What a learner may ask for: how many questions, of which areas, and how much time.

The exam's own figures: 100 questions in four hours, so 144 seconds a question, and 70%
to pass (AAPC, CPC exam FAQ, https://www.aapc.com/resources/cpc-exam-faqs).
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Self

SECONDS_A_QUESTION = 144
PASS_PERCENT = 70
LENGTHS = (100, 50, 25)
OWN_MOST = 100
# Extended time, as testing accommodations usually grant it.
PACES = (Decimal(1), Decimal("1.5"), Decimal(2))


@dataclass(frozen=True)
class Plan:
    """A mock as asked for. ``areas`` is empty for the whole blueprint.

    ``pace`` multiplies the exam's time for each question; None is a mock without a clock.
    """

    count: int
    areas: tuple[str, ...] = ()
    pace: Decimal | None = Decimal(1)

    @property
    def is_blueprint(self) -> bool:
        """Tell whether it covers the whole blueprint, so that its score compares."""
        return not self.areas

    @property
    def seconds_a_question(self) -> float:
        """Return the time for one question; without a clock, that of the exam."""
        return float(SECONDS_A_QUESTION * (self.pace or 1))

    def time_for(self, questions: int) -> timedelta | None:
        """Return the time for this many questions, or None without a clock."""
        return None if self.pace is None else timedelta(seconds=self.seconds_a_question * questions)

    def title_for(self, questions: int) -> str:
        """Return what lists call a mock by this plan that asks this many questions."""
        name = "Mock exam" if self.is_blueprint else "Own mock exam"
        return f"{name}, {questions} question{'' if questions == 1 else 's'}"

    def as_json(self) -> dict[str, Any]:
        """Return the plan as its attempt keeps it."""
        return {
            "count": self.count,
            "areas": list(self.areas),
            "pace": str(self.pace) if self.pace else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> Self:
        """Return the plan that an attempt keeps. Raises ValueError for one without."""
        if not data:
            raise ValueError("Only a mock has a plan.")
        pace = Decimal(data["pace"]) if data["pace"] else None
        return cls(data["count"], tuple(data["areas"]), pace)
