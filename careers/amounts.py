"""How an amount is written: pure, and the same wherever a figure stands."""

from decimal import Decimal

from django.db.models import TextChoices


class Unit(TextChoices):
    """What an amount counts."""

    USD = "usd", "US dollars"
    USD_YEAR = "usd_year", "US dollars a year"
    USD_HOUR = "usd_hour", "US dollars an hour"
    PERCENT = "percent", "percent"
    JOBS = "jobs", "jobs"
    JOBS_YEAR = "jobs_year", "jobs a year"


# A percent sign belongs to the number; these words may follow it or head a column.
PHRASES = {
    Unit.USD: "",
    Unit.USD_YEAR: "a year",
    Unit.USD_HOUR: "an hour",
    Unit.PERCENT: "",
    Unit.JOBS: "jobs",
    Unit.JOBS_YEAR: "jobs a year",
}
_DOLLARS = (Unit.USD, Unit.USD_YEAR, Unit.USD_HOUR)


def _number(value: Decimal, unit: Unit) -> str:
    """Return the digits: dollars whole or with both cents, the rest without idle zeros."""
    if value == value.to_integral_value():
        return f"{value:,.0f}"
    if unit in _DOLLARS:
        return f"{value:,.2f}"
    return f"{value:,f}".rstrip("0")


def format_amount(
    low: Decimal,
    high: Decimal | None,
    unit: Unit,
    *,
    open_ended: bool = False,
    approximate: bool = False,
) -> str:
    """Return, say, ``$58,000–$72,000+``, ``~14,800``, ``60–70%`` or ``$23.45``."""
    dollar = "$" if unit in _DOLLARS else ""
    text = dollar + _number(low, unit)
    if high is not None:
        text += f"–{dollar}{_number(high, unit)}"
    return "".join(
        (
            "~" if approximate else "",
            text,
            "%" if unit == Unit.PERCENT else "",
            "+" if open_ended else "",
        )
    )


def format_years(first: int | None, last: int | None) -> str:
    """Return ``0–2`` for a span and ``8+`` for one without an end."""
    if first is None:
        return ""
    return f"{first}+" if last is None else f"{first}–{last}"
