"""Which year's codes count on a date, in both senses of a date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepsite.codes import years
from tests.codes.test_validity import make_code_set


@pytest.mark.parametrize(
    ("day", "fiscal", "code_year"),
    [
        (date(2026, 1, 1), 2026, 2026),
        (date(2026, 9, 30), 2026, 2026),
        (date(2026, 10, 1), 2027, 2026),
        (date(2026, 12, 31), 2027, 2026),
        (date(2027, 1, 1), 2027, 2027),
    ],
)
def test_encounters_change_in_october_and_exams_in_january(day, fiscal, code_year):
    assert years.fiscal_year_of(day) == fiscal
    assert years.code_year_of(day) == code_year


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_every_day_lies_in_its_years(day):
    first, last = years.fiscal_year_days(years.fiscal_year_of(day))
    assert first <= day <= last
    assert years.fiscal_year_of(first - timedelta(days=1)) == years.fiscal_year_of(day) - 1
    first, last = years.code_year_days(years.code_year_of(day))
    assert first <= day <= last


@pytest.mark.django_db
def test_the_sets_of_two_years_stand_side_by_side():
    this, coming = make_code_set(2026), make_code_set(2027)
    autumn = date(2026, 11, 1)
    assert years.code_set_for_encounter(autumn) == coming
    assert years.code_set_for_exam(autumn) == this
    assert years.code_set_for_exam(date(2027, 1, 1)) == coming
    assert years.code_set_for_encounter(date(2028, 1, 1)) is None
    assert years.code_set_for_exam(date(2028, 1, 1)) is None
