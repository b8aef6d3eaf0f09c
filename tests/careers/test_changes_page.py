"""The pages of the public log."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from careers import models
from careers.loading import load
from careers.models import FigureChange
from prepsite.content import pagecache, revision
from tests.careers.factories import staff_client
from tests.careers.test_admin import change_url, form_of

pytestmark = pytest.mark.django_db


def get_page(client: Client, url: str = "/careers/changes/") -> str:
    pagecache.pages.clear()
    response = client.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def log_entries(number: int) -> None:
    """Write so many entries, one a day."""
    day = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    FigureChange.objects.bulk_create(
        FigureChange(
            at=day + dt.timedelta(days=n),
            kind="changed",
            model="statepay",
            slug="ohio",
            label=f"Row {n}.",
            before="$1",
            after="$2",
            source="BLS, 2026",
        )
        for n in range(number)
    )


def test_the_page_says_well_that_nothing_changed(client: Client) -> None:
    load()
    assert "No figure has changed since" in get_page(client)


def test_the_page_shows_a_change_with_everything_but_who(client: Client) -> None:
    load()
    boss = staff_client()
    row = models.StatePay.objects.get(slug="california")
    boss.post(
        change_url(row), form_of(row, position=10, low="62999", change_reason="A <misprint>.")
    )
    page = get_page(client)
    entry = FigureChange.objects.get()
    assert f'<section aria-labelledby="day-{entry.at.astimezone():%Y-%m}' in page
    assert "<del>$62,300 a year</del>" in page
    assert "<ins>$62,999 a year</ins>" in page
    assert '<a href="/careers/states/#statepay-california">California</a>' in page
    assert 'id="statepay-california"' in get_page(client, "/careers/states/")
    assert f"Source: {entry.source}." in page
    assert "A &lt;misprint&gt;." in page
    assert "@example.org" not in page


def test_the_log_comes_in_pages_the_newest_first(client: Client) -> None:
    load()
    log_entries(120)
    pages = [get_page(client, f"/careers/changes/{part}") for part in ("", "2/", "3/")]
    assert [page.count('id="change-') for page in pages] == [50, 50, 20]
    assert "Row 119." in pages[0]
    assert pages[0].index("Row 119.") < pages[0].index("Row 118.")
    assert "Row 0." in pages[2]
    assert 'href="/careers/changes/2/"' in pages[0]
    assert 'rel="prev" href="/careers/changes/"' in pages[1]
    assert 'rel="next"' not in pages[2]
    for part in ("0", "1", "4", "02", "-1", "x", "9" * 30):
        assert client.get(f"/careers/changes/{part}/").status_code == 404, part


def test_the_page_is_public_cached_and_cheap(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    load()
    log_entries(120)
    response = client.get("/careers/changes/")
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert client.post("/careers/changes/").status_code == 405
    for url in ("/careers/changes/", "/careers/changes/2/", "/careers/changes/feed/"):
        pagecache.pages.clear()
        revision.forget()
        with django_assert_max_num_queries(6):
            assert len(client.get(url).content) < 40_000
