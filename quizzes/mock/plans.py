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
PACES = (Decimal("1"), Decimal("1.5"), Decimal("2"))


@dataclass(frozen=True)
class Plan:
    """A mock as asked for. ``areas`` is empty for the whole blueprint.

    ``pace`` multiplies the exam's time for each question; None is a mock without a clock.
    """

    count: int
    areas: tuple[str, ...] = ()
    pace: Decimal | None = Decimal("1")

    @property
    def is_blueprint(self) -> bool:
        """Tell whether it covers the whole blueprint, so that its score compares."""
        return not self.areas

    def time_for(self, questions: int) -> timedelta | None:
        """Return the time for this many questions, or None without a clock."""
        if self.pace is None:
            return None
        return timedelta(seconds=float(SECONDS_A_QUESTION * self.pace * questions))

    @property
    def title(self) -> str:
        """Return what lists call it."""
        name = "Mock exam" if self.is_blueprint else "Own mock exam"
        return f"{name}, {self.count} questions"

    def as_json(self) -> dict[str, Any]:
        """Return the plan as its attempt keeps it."""
        return {
            "count": self.count,
            "areas": list(self.areas),
            "pace": str(self.pace) if self.pace else None,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Return the plan that an attempt keeps."""
        pace = Decimal(data["pace"]) if data["pace"] else None
        return cls(data["count"], tuple(data["areas"]), pace)
