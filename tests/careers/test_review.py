"""Review dates: filters, the list of what is due, the start page's queue."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from careers import models
from careers.files import read_files
from careers.loading import load
from careers.models import FigureChange
from careers.oews.release import import_release
from careers.review import in_a_year
from careers.schema import SourcedItem
from careers.workqueue import queues
from tests.careers.factories import (
    make_section,
    make_source,
    make_state,
    sourced,
    staff_client,
)
from tests.careers.oewsfiles import NOW, SHIPPED, put
from tests.careers.test_admin import change_url
from tests.factories import make_user
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
DUE = "/admin/careers/source/due/"


def make_driver(**values: Any) -> models.OutlookDriver:
    return models.OutlookDriver.objects.create(**sourced(text="Age", **values))


@pytest.mark.once
def test_every_shipped_figure_says_when_to_look_again() -> None:
    for name, items in read_files().items():
        for item in items:
            if isinstance(item, SourcedItem):
                assert item.review_by is not None, f"{name}: {item.slug}"
                assert item.review_by > item.as_of[0]


def test_the_queues_count_over_all_tables_in_one_statement(django_assert_num_queries: Any) -> None:
    staff = make_user(is_superuser=True)
    make_state(review_by=TODAY - timedelta(days=1))
    make_driver(review_by=TODAY - timedelta(days=9))
    make_driver(review_by=TODAY)
    make_driver(review_by=TODAY + timedelta(days=60))
    make_driver(review_by=TODAY + timedelta(days=61))
    make_driver()
    with django_assert_num_queries(1):
        past, soon = queues(staff, TODAY)
    assert (past.count, past.oldest, past.url) == (2, TODAY - timedelta(days=9), DUE)
    assert soon.count == 2


def test_only_who_can_change_figures_is_asked_to() -> None:
    make_state(review_by=TODAY)
    user = make_user(is_staff=True)
    assert list(queues(user, TODAY)) == []
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="change_outlookdriver"))
    assert [queue.count for queue in queues(user, TODAY)] == [0, 0]


def test_what_is_due_is_listed_by_table(client: Client) -> None:
    today = timezone.localdate()
    late = make_state(state="Oregon", review_by=today - timedelta(days=1))
    soon = make_driver(review_by=today)
    make_state(state="Ohio", review_by=today + timedelta(days=99))
    page = staff_client().get(DUE).content.decode()
    past_part, soon_part = page.split('id="soon"')
    assert f'href="/admin/careers/statepay/{late.pk}/change/"' in past_part
    assert f'href="/admin/careers/outlookdriver/{soon.pk}/change/"' in soon_part
    assert "Ohio" not in page
    sign_in_staff(client, make_user(is_staff=True))
    assert client.get(DUE).status_code == 403


def test_the_due_list_costs_the_same_however_long(django_assert_max_num_queries: Any) -> None:
    client = staff_client()
    source = make_source()
    for _ in range(9):
        make_state(review_by=date(2020, 1, 1), source=source)
    with django_assert_max_num_queries(6):
        client.get(DUE)


@pytest.mark.parametrize(
    ("choice", "found"), [("past", "Late"), ("soon", "Near"), ("none", "Open")]
)
def test_lists_are_filtered_by_review_date(choice: str, found: str) -> None:
    today = timezone.localdate()
    make_state(state="Late", review_by=today - timedelta(days=1))
    make_state(state="Near", review_by=today + timedelta(days=60))
    make_state(state="Far", review_by=today + timedelta(days=61))
    make_state(state="Open")
    response = staff_client().get("/admin/careers/statepay/", {"review": choice})
    assert [row.state for row in response.context["cl"].result_list] == [found]


@pytest.mark.once
def test_a_year_from_a_leap_day() -> None:
    assert in_a_year(date(2028, 2, 29)) == date(2029, 2, 28)
    assert in_a_year(TODAY) == date(2027, 11, 23)


def test_reviewed_today_sets_the_day_of_the_check_and_shows_it(client: Client) -> None:
    make_section(block="states")
    row = make_state(source=make_source(name="BLS"), low=Decimal(5))
    assert "checked" not in client.get(row.get_absolute_url().partition("#")[0]).content.decode()
    url = "/admin/careers/statepay/"
    n_logged = FigureChange.objects.count()
    staff_client().post(url, {"action": "reviewed", "_selected_action": row.pk})
    row.refresh_from_db()
    assert row.checked_on is not None
    assert row.review_by is not None
    assert row.review_by.year == row.checked_on.year + 1
    shown = client.get(row.get_absolute_url().partition("#")[0]).content.decode()
    assert f"checked {row.checked_on:%B} {row.checked_on.day}, {row.checked_on.year}" in shown
    assert FigureChange.objects.count() == n_logged
    assert row.history.count() == 2


@pytest.mark.parametrize("model", [models.ExamFact, models.ExamCost, models.Wage])
def test_facts_prices_and_wages_stand_in_the_queue(model: type[models.Sourced]) -> None:
    load()
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    model._default_manager.update(review_by=date(2999, 1, 1))
    model._default_manager.filter(pk=row.pk).update(review_by=date(2020, 1, 1))
    page = staff_client().get("/admin/careers/source/due/").content.decode()
    assert f'href="{change_url(row)}"' in page


def test_forms_and_exports_hold_the_day_of_the_check() -> None:
    row = make_state(checked_on=date(2026, 11, 22))
    client = staff_client()
    assert 'name="checked_on" value="2026-11-22"' in client.get(change_url(row)).content.decode()
    csv = client.post("/admin/careers/statepay/export/", {"format": "0"}).content.decode()
    header, line = csv.lstrip("\ufeff").splitlines()[:2]
    assert line.split(",")[header.split(",").index("checked_on")] == "2026-11-22"


def test_wages_of_a_former_release_are_not_due(tmp_path: Path) -> None:
    load()
    staff = make_user(is_superuser=True)
    after = models.Wage.objects.get(slug="ohio-2025-05").review_by
    assert after is not None
    past, _ = queues(staff, after + timedelta(days=1))
    with_wages = past.count
    path = put(tmp_path, "wages.csv", SHIPPED.read_bytes().replace(b"May 2025", b"May 2026"))
    import_release([path], now=NOW)
    models.Wage.objects.filter(release="2026-05-01").update(review_by=None)
    past, _ = queues(staff, after + timedelta(days=1))
    assert past.count == with_wages - 55
