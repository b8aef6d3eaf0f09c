"""Areas and official wages in the admin."""

import datetime as dt
from typing import Any

import pytest

from careers import models
from careers.oews.release import import_release
from careers.oews.rules import WAGES as WAGES_OF_A_ROW
from careers.review import due_tables, sourced_models
from tests.careers.factories import staff_client
from tests.careers.oewsfiles import NOW, all_rows, prepare, put_states
from tests.careers.test_admin import change_url, form_of

pytestmark = pytest.mark.django_db
WAGES = "/admin/careers/wage/"


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare()


def results(**query: Any) -> list[models.Wage]:
    response = staff_client().get(WAGES, query)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def test_wages_are_found_by_area_and_filtered_by_release_and_kind(tmp_path: Any) -> None:
    import_release([put_states(tmp_path, all_rows(nation=True))], now=NOW)
    assert [wage.area.name for wage in results(q="vermont")] == ["Vermont", "Vermont"]
    assert [wage.area.name for wage in results(q="GU")][:1] == ["Guam"]
    assert len(results(release="2025-05-01")) == 55
    territories = results(release="2026-05-01", area__kind="territory")
    assert [wage.area.postal for wage in territories] == ["GU", "PR", "VI"]
    # The newest release stands first, its areas in their order.
    assert [str(wage) for wage in results()[:2]] == [
        "United States, May 2026",
        "Alabama, May 2026",
    ]


def test_areas_are_found_by_their_codes() -> None:
    response = staff_client().get("/admin/careers/area/", {"q": "39"})
    assert [area.name for area in response.context["cl"].result_list] == ["Ohio"]


def test_a_wage_that_contradicts_another_is_refused_at_its_field() -> None:
    wage = models.Wage.objects.get(slug="ohio-2025-05")
    page = staff_client().post(change_url(wage), form_of(wage, annual_p90="40000"))
    errors = page.context["adminform"].form.errors
    assert "is below the annual 75th percentile" in str(errors["annual_p90"])
    wage.refresh_from_db()
    assert wage.annual_p90 != 40000


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("annual_median", "0"),
        ("annual_median", "-5"),
        ("hourly_median", "0"),
        ("hourly_p10", "-0.01"),
        ("employment", "0"),
        ("employment_rse", "-1"),
        ("mean_rse", "-0.1"),
        ("jobs_per_1000", "-1"),
        ("location_quotient", "-1"),
        ("release", "2025-05-17"),
    ],
)
def test_what_no_survey_releases_is_refused_at_its_field(column: str, value: str) -> None:
    wage = models.Wage.objects.get(slug="ohio-2025-05")
    # Without its other wages nothing contradicts the one.
    alone = dict.fromkeys(WAGES_OF_A_ROW, "")
    page = staff_client().post(change_url(wage), form_of(wage, **alone | {column: value}))
    assert page.status_code == 200
    assert list(page.context["adminform"].form.errors) == [column]


def test_a_number_can_be_taken_out_as_not_released_and_brought_back() -> None:
    wage = models.Wage.objects.get(slug="ohio-2025-05")
    before = wage.employment
    client = staff_client()
    assert client.post(change_url(wage), form_of(wage, employment="")).status_code == 302
    wage.refresh_from_db()
    assert wage.employment is None
    first = wage.history.last()
    assert first is not None
    client.post(f"{change_url(wage, 'history')}{first.pk}/return/")
    wage.refresh_from_db()
    assert wage.employment == before


def test_wages_past_their_review_date_are_in_the_queue() -> None:
    assert models.Wage in sourced_models()
    # The shipped release was imported on a day of 2027, but its survey is that of 2025.
    (table,) = due_tables([models.Wage], dt.date(2027, 5, 31))
    assert len(table.rows) == 55
    assert due_tables([models.Wage], dt.date(2027, 5, 30)) == []
