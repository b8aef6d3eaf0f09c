"""How long a yearly premium takes to earn a price back: pure arithmetic."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

MONTHS_A_YEAR = 12
WEEKS_A_YEAR = 52
# Up to here people count in weeks.
_WEEKS_AT_MOST = 8


@dataclass(frozen=True)
class PayBack:
    """Each step from a price and a premium, both in US dollars, to a time."""

    cost: Decimal
    premium_a_year: Decimal

    @property
    def premium_a_month(self) -> Decimal:
        """A twelfth of the premium, in US dollars."""
        return self.premium_a_year / MONTHS_A_YEAR

    @property
    def months(self) -> Decimal:
        """Months until the premium adds up to the price, not rounded."""
        return self.cost / self.premium_a_month

    @property
    def weeks(self) -> Decimal:
        """The same in weeks."""
        return self.cost * WEEKS_A_YEAR / self.premium_a_year

    def __str__(self) -> str:
        """Return the time in words, rounded up: whole weeks, or whole months if it is long."""
        # Multiplied before it is divided: a whole number must not be rounded up past itself.
        weeks = _rounded_up(self.weeks)
        if weeks <= _WEEKS_AT_MOST:
            return f"{weeks} week{'' if weeks == 1 else 's'}"
        return f"{_rounded_up(self.cost * MONTHS_A_YEAR / self.premium_a_year)} months"


def _rounded_up(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_CEILING))
