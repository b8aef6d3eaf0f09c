"""Amounts are written exactly: no digit is lost and no sign invented."""

import re
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from careers.amounts import PHRASES, Unit, format_amount, format_years

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("low", "high", "unit", "flags", "text"),
    [
        ("48780", None, Unit.USD_YEAR, "", "$48,780"),
        ("23.45", None, Unit.USD_HOUR, "", "$23.45"),
        ("23.50", None, Unit.USD_HOUR, "", "$23.50"),
        ("38000", "44000", Unit.USD_YEAR, "", "$38,000–$44,000"),
        ("58000", "72000", Unit.USD_YEAR, "+", "$58,000–$72,000+"),
        ("72000.00", None, Unit.USD_YEAR, "+", "$72,000+"),
        ("900", "1200.5", Unit.USD_YEAR, "~", "~$900–$1,200.50"),
        ("8", None, Unit.PERCENT, "", "8%"),
        ("20.7", None, Unit.PERCENT, "~", "~20.7%"),
        ("60", "70", Unit.PERCENT, "", "60–70%"),
        ("40", None, Unit.PERCENT, "+", "40%+"),
        ("14800", None, Unit.JOBS_YEAR, "~", "~14,800"),
        ("240000", None, Unit.JOBS, "~+", "~240,000+"),
        ("0", None, Unit.PERCENT, "", "0%"),
    ],
)
def test_amount(low: str, high: str | None, unit: Unit, flags: str, text: str) -> None:
    assert (
        format_amount(
            Decimal(low),
            Decimal(high) if high else None,
            unit,
            open_ended="+" in flags,
            approximate="~" in flags,
        )
        == text
    )


@pytest.mark.parametrize(
    ("first", "last", "text"), [(0, 2, "0–2"), (8, None, "8+"), (None, None, "")]
)
def test_years(first: int | None, last: int | None, text: str) -> None:
    assert format_years(first, last) == text


def test_every_unit_has_its_words() -> None:
    assert set(PHRASES) == set(Unit)


PATTERN = re.compile(
    r"(?P<about>~?)(?P<dollar>\$?)(?P<low>[\d,.]+)(–\$?(?P<high>[\d,.]+))?(?P<percent>%?)(?P<more>\+?)"
)


def parse(text: str) -> tuple[Decimal, Decimal | None, bool, bool, str]:
    """Read an amount back: low, high, open-ended, approximate, its sign."""
    match = PATTERN.fullmatch(text)
    assert match, text
    low = Decimal(match["low"].replace(",", ""))
    high = Decimal(match["high"].replace(",", "")) if match["high"] else None
    sign = match["dollar"] or match["percent"]
    return low, high, bool(match["more"]), bool(match["about"]), sign


numbers = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)


@given(numbers, st.none() | numbers, st.sampled_from(Unit), st.booleans(), st.booleans())
def test_an_amount_can_be_read_back(
    low: Decimal, high: Decimal | None, unit: Unit, open_ended: bool, approximate: bool
) -> None:
    assume(high is None or high > low)
    text = format_amount(low, high, unit, open_ended=open_ended, approximate=approximate)
    sign = {"usd": "$", "per": "%", "job": ""}[unit.value[:3]]
    assert parse(text) == (low, high, open_ended, approximate, sign)
