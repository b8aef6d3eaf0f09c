"""The feed of figures that changed, and the day on which each page last did."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from careers import changes, lastmod, models
from careers.builders import BUILDERS
from careers.loading import load
from careers.models import Block, FigureChange, Page
from careers.rows import Rows
from prepsite.content import pagecache
from tests.careers.factories import make_page, make_section, make_source, make_state, staff_client

pytestmark = pytest.mark.django_db

URL = "/careers/changes/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")


def read_feed(client: Client, **extra: Any) -> ElementTree.Element:
    pagecache.pages.clear()
    response = client.get(URL, **extra)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314  (our own)


def texts(element: ElementTree.Element, *names: str) -> list[str | None]:
    return [element.findtext(f"{ATOM}{name}") for name in names]


def check_atom(feed: ElementTree.Element) -> None:
    """Assert what RFC 4287 asks of a feed and of each entry in it."""
    ids = []
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
            assert element.findtext(f"{ATOM}{name}")
        assert RFC_3339.fullmatch(element.findtext(f"{ATOM}updated") or "")
        ids.append(element.findtext(f"{ATOM}id"))
        assert urlsplit(ids[-1] or "").scheme
        links = element.findall(f"{ATOM}link")
        assert [link for link in links if link.get("rel") == "alternate"]
        for link in links:
            assert (link.get("href") or "").startswith("https://guide.example/")
    assert len(set(ids)) == len(ids)
    # An author at the feed speaks for entries without one of their own.
    assert feed.findtext(f"{ATOM}author/{ATOM}name")


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = "https://guide.example"
    settings.ALLOWED_HOSTS = ["*"]


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    check_atom(read_feed(client))


def test_the_feed_says_what_changed_whatever_the_host(client: Client) -> None:
    make_section(block="states")
    row = make_state(state="Oregon <OR> & more", source=make_source(name="R&D"))
    row.low = Decimal(60_000)
    row._change_note = "Tom & <b>Jerry</b>\x0bmended it."  # type: ignore[attr-defined]
    row.save()
    feed = read_feed(client, headers={"Host": "inner.local"})
    check_atom(feed)
    assert texts(feed, "id") == ["https://guide.example/careers/changes/feed/"]
    entry, added = feed.iter(f"{ATOM}entry")
    change = FigureChange.objects.get(kind="changed")
    title = "Oregon <OR> & more: $50,000 a year → $60,000 a year"
    assert texts(entry, "title", "id") == [
        title,
        f"tag:guide.example,{change.at:%Y-%m-%d}:careers/changes/{change.pk}",
    ]
    summary = entry.findtext(f"{ATOM}summary")
    assert summary is not None
    assert summary.startswith("<p>Source: R&amp;D, 2026.</p>")
    assert "Tom &amp; &lt;b&gt;Jerry&lt;/b&gt; mended it." in summary
    assert texts(added, "title") == ["Oregon <OR> & more: $50,000 a year (added)"]
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.get("href") == f"https://guide.example{row.get_absolute_url()}"


def test_the_newest_come_first_and_the_old_ones_leave(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    now = timezone.now()
    FigureChange.objects.bulk_create(
        FigureChange(
            at=now - dt.timedelta(hours=n), kind="added", model="statepay", label=f"Row {n}"
        )
        for n in range(60)
    )
    with django_assert_max_num_queries(2):
        feed = read_feed(client)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert len(titles) == 50
    assert titles[0] == "Row 0:  (added)"
    updated = [entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry")]
    assert texts(feed, "updated") == updated[:1]


def test_the_feed_is_cached_and_an_edit_shows(client: Client) -> None:
    row = make_state()
    first = client.get(URL)
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert client.get(URL, headers={"If-None-Match": first["ETag"]}).status_code == 304
    row.low = Decimal(1)
    row.save()
    assert b"$1 a year" in client.get(URL).content
    assert client.post(URL).status_code == 405


def test_a_note_added_later_shows(client: Client) -> None:
    make_state()
    client.get(URL)
    entry = FigureChange.objects.get()
    url = f"/admin/careers/figurechange/{entry.pk}/change/"
    staff_client().post(url, {"note": "A new table."})
    assert b"A new table." in client.get(URL).content


def test_pages_of_the_guide_lead_to_the_feed(client: Client) -> None:
    load()
    for url in ("/careers/", "/careers/states/", "/careers/states/ohio/", "/careers/changes/"):
        page = client.get(url).content.decode()
        links = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]*>', page)
        assert len(links) == 1, url
        assert f'href="{URL}"' in links[0]
    assert "application/atom+xml" not in client.get("/about/").content.decode()


# --- when a page last changed -------------------------------------------------------


DAY = dt.date(2026, 1, 1)


def log(model: str, slug: str, day: int) -> None:
    at = dt.datetime(2026, 6, day, 18, tzinfo=dt.UTC)
    FigureChange.objects.create(at=at, kind="changed", model=model, slug=slug, label="x")


def test_a_page_changes_with_its_text_and_the_figures_on_it() -> None:
    pages = {slug: make_page(slug=slug) for slug in ("states", "words", "other", "late")}
    pages["late"].updated_on = dt.date(2026, 6, 20)
    pages["late"].save()
    make_section(page=pages["states"], block="states")
    make_section(page=pages["late"], block="ladder")
    make_section(page=pages["words"], body="It is [[states:ohio]].")
    make_section(page=pages["other"], body="Nothing.")
    log("statepay", "ohio", 3)
    log("statepay", "utah", 5)
    log("ladderlevel", "director", 7)
    dates = lastmod.page_dates(Page.objects.all(), lastmod.newest_changes())
    assert dates == {
        "states": dt.date(2026, 6, 5),
        "words": dt.date(2026, 6, 3),
        "other": DAY,
        "late": dt.date(2026, 6, 20),
    }


def test_questions_and_the_log_change_with_what_they_show() -> None:
    questions, _ = make_page(slug="questions"), make_page(slug="changes")
    make_section(page=questions, block="questions")
    models.Question.objects.create(slug="q", question="How?", answer="By [[states:ohio]].")
    log("statepay", "ohio", 3)
    log("wage", "2026-05", 9)
    dates = lastmod.page_dates(Page.objects.all(), lastmod.newest_changes())
    assert dates == {"questions": dt.date(2026, 6, 3), "changes": dt.date(2026, 6, 9)}


def test_the_foot_and_the_list_of_all_pages_agree(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    load()
    for model, slug, day in [
        *[("statepay", "california", 25), ("salaryfigure", "median-annual", 26)],
        *[("wage", "ohio-2025-05", 27), ("examcost", "membership-student", 28)],
    ]:
        at = dt.datetime(2026, 11, day, 18, tzinfo=dt.UTC)
        FigureChange.objects.create(at=at, kind="changed", model=model, slug=slug, label="x")
    pages = list(Page.objects.all())
    with django_assert_num_queries(3):
        dates = lastmod.page_dates(pages, lastmod.newest_changes())
    assert len(set(dates.values())) > 3
    for page in pages:
        shown = client.get(page.get_absolute_url()).content.decode()
        foot = re.search(r'This page last changed on <time datetime="([\d-]+)">', shown)
        assert foot, page.slug
        assert foot[1] == dates[page.slug].isoformat(), page.slug


def test_every_table_that_a_block_reads_counts() -> None:
    load()
    pages = list(Page.objects.all())
    logged = set(
        changes.logged_models(
            models.__dict__[name]
            for name in models.__all__
            if isinstance(models.__dict__[name], type)
        )
    )
    for block, build in BUILDERS.items():
        rows = Rows(pages)
        build(rows)
        read = {model for model in logged if rows.has(model)}
        assert read <= set(lastmod.SHOWN.get(Block(block), ())), block
