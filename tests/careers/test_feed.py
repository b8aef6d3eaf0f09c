"""The feed of changed figures, and the days on which pages changed by it."""

from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from careers.loading import load
from careers.models import FigureChange, Page
from careers.publicpages import public_pages
from prepsite.content import pagecache, revision
from prepsite.discovery.pagemeta import PageMeta
from tests.site.heads import head_of

pytestmark = pytest.mark.django_db

URL = "/careers/changes/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


def change(**values: Any) -> FigureChange:
    """Save a change of a state's figure, as of a day long ago."""
    fields = {
        "at": datetime(2027, 5, 6, 15, tzinfo=UTC),
        "kind": FigureChange.Kind.CHANGED,
        "model": "statepay",
        "slug": "ohio",
        "label": "Ohio <median>",
        "before": "$40,000",
        "after": "$41,000",
        "source": "BLS, May 2026",
    }
    row = FigureChange.objects.create(**fields | values)
    revision.bump()
    return row


def entries() -> list[ElementTree.Element]:
    return ElementTree.fromstring(Client().get(URL).content).findall(f"{ATOM}entry")  # noqa: S314


def pages() -> dict[str, PageMeta]:
    return {meta.path: meta for meta in public_pages()}


def test_it_tells_what_changed_and_where_it_comes_from() -> None:
    row = change(note="A new release.")
    (entry,) = entries()
    assert entry.findtext(f"{ATOM}title") == "Ohio <median>: changed"
    assert entry.findtext(f"{ATOM}summary") == (
        "Before: $40,000. Now: $41,000. Source: BLS, May 2026. A new release."
    )
    assert entry.findtext(f"{ATOM}updated") == "2027-05-06T15:00:00+00:00"
    address = f"{settings.SITE_URL}/careers/changes/#change-{row.pk}"
    assert entry.findtext(f"{ATOM}id") == address
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == address


def test_a_new_figure_has_no_before_and_one_taken_out_no_now() -> None:
    change(kind=FigureChange.Kind.ADDED, before="")
    change(kind=FigureChange.Kind.REMOVED, after="", at=datetime(2027, 5, 7, tzinfo=UTC))
    texts = [entry.findtext(f"{ATOM}summary") for entry in entries()]
    assert texts == [
        "Before: $40,000. Source: BLS, May 2026.",
        "Now: $41,000. Source: BLS, May 2026.",
    ]


def test_the_latest_fifty_come_first() -> None:
    for day in range(1, 29):
        change(at=datetime(2027, 3, day, tzinfo=UTC))
        change(at=datetime(2027, 4, day, tzinfo=UTC))
    days = [entry.findtext(f"{ATOM}updated") or "" for entry in entries()]
    assert len(days) == 50
    assert days == sorted(days, reverse=True)
    assert days[0].startswith("2027-04-28")


def test_it_is_named_by_the_site_and_kept_for_all(django_assert_num_queries: Any) -> None:
    change()
    pagecache.pages.clear()
    revision.current()
    with django_assert_num_queries(1):
        response = Client().get(URL, headers={"Host": "localhost"})
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert "localhost" not in response.content.decode()
    root = ElementTree.fromstring(response.content)  # noqa: S314
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": f"{settings.SITE_URL}/careers/changes/",
        "self": settings.SITE_URL + URL,
    }
    assert root.findtext(f"{ATOM}author/{ATOM}name") == settings.SITE_NAME
    with django_assert_num_queries(0):
        assert Client().get(URL, headers={"Host": "localhost"}).content == response.content
    assert Client().post(URL).status_code == 405


def test_pages_of_the_guide_lead_to_it() -> None:
    load()
    for path in ("/careers/", "/careers/states/"):
        assert head_of(Client().get(path).content.decode()).feeds == [URL]
    assert head_of(Client().get("/about/").content.decode()).feeds == []


def test_a_changed_figure_changes_the_pages_that_show_it() -> None:
    load()
    Page.objects.update(updated_on=date(2026, 1, 2))
    change()
    change(model="SalaryFigure", at=datetime(2027, 6, 7, 15, tzinfo=UTC))
    change(model="nothing-known", at=datetime(2027, 8, 8, 15, tzinfo=UTC))
    days = {path: meta.modified_on for path, meta in pages().items()}
    assert days["/careers/states/"] == date(2027, 5, 6)
    assert days["/careers/"] == days["/careers/why-sources-differ/"] == date(2027, 6, 7)
    assert days["/careers/resources/"] == date(2026, 1, 2)
    # What the page says of itself is what the sitemap says of it.
    for path in ("/careers/", "/careers/states/", "/careers/resources/"):
        node = head_of(Client().get(path).content.decode()).node("Article")
        assert node
        assert node["dateModified"] == str(days[path])


def test_the_picture_of_the_overview_shows_its_key_figure() -> None:
    load()
    found = pages()
    headline = found["/careers/"].headline
    assert headline
    assert headline.amount == "$48,780 a year"
    assert "BLS" in headline.source
    assert found["/careers/states/"].headline is None
    properties = head_of(Client().get("/careers/").content.decode()).properties
    assert "$48,780 a year" in properties["og:image:alt"]
