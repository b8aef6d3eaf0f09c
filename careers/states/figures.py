"""How official figures are written and compared in words: pure."""

from decimal import Decimal

from careers.amounts import Unit, format_amount
from careers.models import Area, Wage

NOT_RELEASED = "not released"
# Stands in narrow cells; a note beside them says what it means.
NOT_RELEASED_MARK = "n/r"
# For what cannot be: a rank of the nation.
NO_VALUE = "–"
STRIP_CAPTION = (
    "The box holds the middle half of all wages, the line reaches from the 10th to the 90th "
    "percentile; the bar is the median, the dot the mean."
)
# Names that stand in a sentence with their article.
_WITH_ARTICLE = {"District of Columbia", "United States", "Virgin Islands"}
_PERCENTILE_WORDS = {
    "p10": ("10th percentile", "1 in 10 earns less"),
    "p25": ("25th percentile", "1 in 4 earns less"),
    "median": ("Median", "half earn less, half more"),
    "p75": ("75th percentile", "1 in 4 earns more"),
    "p90": ("90th percentile", "1 in 10 earns more"),
    "mean": ("Mean", "the average of all"),
}
LEVELS = tuple(_PERCENTILE_WORDS)


def level_label(level: str) -> str:
    """Return the name of a percentile or of the mean."""
    return _PERCENTILE_WORDS[level][0]


def level_words(level: str) -> str:
    """Return what a percentile or the mean says."""
    return _PERCENTILE_WORDS[level][1]


def named(area: Area) -> str:
    """Return an area's name as a sentence needs it."""
    return f"the {area.name}" if area.name in _WITH_ARTICLE else area.name


def annual(wage: Wage, level: str) -> Decimal | None:
    """Return a wage in US dollars a year."""
    value: Decimal | None = getattr(wage, f"annual_{level}")
    return value


def hourly(wage: Wage, level: str) -> Decimal | None:
    """Return a wage in US dollars an hour."""
    value: Decimal | None = getattr(wage, f"hourly_{level}")
    return value


def money(value: Decimal | None, missing: str = NOT_RELEASED) -> str:
    """Return an amount of US dollars, or that there is none."""
    return missing if value is None else format_amount(Decimal(value), None, Unit.USD)


def hourly_money(value: Decimal | None, missing: str = NOT_RELEASED) -> str:
    """Return an hourly wage, always with its cents."""
    return missing if value is None else f"${value:,.2f}"


def count(value: int | None, missing: str = NOT_RELEASED) -> str:
    """Return a number of jobs, or that there is none."""
    return missing if value is None else f"{value:,}"


def number(value: Decimal | None) -> str:
    """Return a number as it was published, or that there is none."""
    return NOT_RELEASED if value is None else f"{value:f}"


def percent(value: Decimal | None) -> str:
    """Return a relative standard error."""
    return NOT_RELEASED if value is None else f"{value:f}%"


def distance(value: Decimal, base: Decimal, *, more: str = "higher", less: str = "lower") -> str:
    """Return how far a wage lies from another: ``$4,450 (9%) higher``."""
    apart = value - base
    if not apart:
        return "the same"
    share = round(abs(apart) / base * 100)
    written = f"{money(abs(apart))} ({share}%)" if share else money(abs(apart))
    return f"{written} {more if apart > 0 else less}"
