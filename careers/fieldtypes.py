"""The types of fields in content files: how long, how exact, and how a date is written."""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, StringConstraints, TypeAdapter

from careers.models import AsOfPrecision

type Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
type Text = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
type Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
type Title = Annotated[str, StringConstraints(min_length=1, max_length=80)]
type Label = Annotated[str, StringConstraints(min_length=1, max_length=60)]
type Number = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
type Count = Annotated[int, Field(ge=0, le=99)]
type Hourly = Annotated[Decimal, Field(gt=0, max_digits=7, decimal_places=2)]
type Annual = Annotated[Decimal, Field(gt=0, max_digits=7, decimal_places=0)]
type Error = Annotated[Decimal, Field(ge=0, max_digits=4, decimal_places=1)]
type Year = Annotated[int, Field(ge=1990, le=2100)]

_FIGURE_IN_PROSE = re.compile(r"\$\s?\d|\d\s?%")
_ADDRESS = TypeAdapter(HttpUrl)


def _is_address(text: str) -> str:
    _ADDRESS.validate_python(text)
    return text


def holds_no_figure(text: str) -> str:
    """Return a text without figures; raises ValueError for one that holds some."""
    if found := _FIGURE_IN_PROSE.search(text):
        raise ValueError(
            f"{found.group()!r} is a figure: it needs a row with source and date, not prose"
        )
    return text


def _as_date(value: Any) -> Any:
    """Accept 2026, 2026-05 and 2026-05-15 as (date, precision)."""
    if not isinstance(value, str):
        return value
    parts = value.split("-")
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", value):
        raise ValueError("write a date as 2026, 2026-05 or 2026-05-15")
    date = dt.date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    return date, ("year", "month", "day")[len(parts) - 1]


def _is_first_day(day: dt.date) -> dt.date:
    if day.day != 1:
        raise ValueError("a month is named by its first day")
    return day


type Month = Annotated[dt.date, AfterValidator(_is_first_day)]
type Address = Annotated[str, StringConstraints(max_length=300), AfterValidator(_is_address)]
type Prose = Annotated[str, AfterValidator(holds_no_figure)]
type AsOf = Annotated[tuple[dt.date, AsOfPrecision], BeforeValidator(_as_date)]
