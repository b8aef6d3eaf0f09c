"""Public pages: kept as bytes, the same for all who only read, and never stale for long."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from prepsite.content import pagecache, revision
from prepsite.content.models import PublicationState
from quizzes.models import Area
from tests.accounts.helpers import answer_one, make_question, make_user, page_of, sign_in
from tests.site.pages import PUBLIC, make_content

pytestmark = pytest.mark.django_db

# Their pages hold nothing of who reads them.
FOR_ALL = ("/careers/", "/about/", "/privacy/")


@pytest.fixture(autouse=True)
def _content():
    make_content()


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 5_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """The clock that decides how old the known revision is."""
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    revision.forget()
    return clock


def plant(url: str) -> None:
    """Replace the kept copy of a page, to see who is served from it."""
    Client().get(url)
    (key,) = [key for key in pagecache.pages._pages if key[1] == url]
    page = pagecache.pages._pages[key]
    headers = page.headers | {"Content-Length": "7"}
    pagecache.pages.put(key, replace(page, body=b"planted", headers=headers))
    assert Client().get(url).content == b"planted"


@pytest.mark.parametrize("url", PUBLIC)
def test_all_who_only_read_get_the_same_bytes(url):
    first = Client().get(url, headers={"User-Agent": "one", "Accept-Language": "de"})
    pagecache.pages.clear()
    fresh = Client().get(url, headers={"User-Agent": "two"}, REMOTE_ADDR="10.1.2.3")
    warm = Client().get(url, headers={"Cookie": "csrftoken=abc; other=1"})
    assert first.content == fresh.content == warm.content
    assert first.headers["ETag"] == fresh.headers["ETag"] == warm.headers["ETag"]


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_page_holds_no_secret_and_no_name(url):
    make_user("ann@example.org")
    member = Client()
    sign_in(member, "ann@example.org")
    member.get(url)
    response = Client().get(url)
    page = page_of(response)
    assert "csrfmiddlewaretoken" not in page
    assert "x-csrftoken" not in page.lower()
    assert "nonce" not in page.lower()
    assert not re.search(r"[\w.]+@[\w-]+\.\w+", page)
    assert not response.cookies
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("url", PUBLIC)
def test_headers_say_who_may_keep_it_and_for_how_long(url):
    for response in (Client().get(url), Client().get(url)):
        assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
        vary = {part.strip() for part in response.headers["Vary"].split(",")}
        assert {"Cookie", "Accept-Encoding"} <= vary
        assert response.headers["ETag"].startswith('"')


@pytest.mark.parametrize("url", PUBLIC)
def test_an_unchanged_page_is_not_sent_again(url):
    tag = Client().get(url).headers["ETag"]
    for state in ("warm", "cold"):
        if state == "cold":
            pagecache.pages.clear()
        again = Client().get(url, headers={"If-None-Match": tag})
        assert again.status_code == 304, state
        assert again.content == b""
        assert again.headers["ETag"] == tag
    other = Client().get(url, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def known_browsers():
    """Return a browser that has answered, and one that is signed in."""
    learner = Client()
    answer_one(learner)
    make_user()
    member = Client()
    sign_in(member, "ann@example.org")
    return learner, member


@pytest.mark.parametrize("url", PUBLIC)
def test_somebody_with_a_cookie_of_ours_is_served_the_kept_page_only_if_it_is_for_all(url):
    plant(url)
    for browser in known_browsers():
        response = browser.get(url)
        assert response.status_code == 200
        assert (response.content == b"planted") == url.startswith(FOR_ALL)
        assert response.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in response.headers["Vary"]


def test_a_page_for_all_costs_somebody_known_nothing_but_comes_in_their_theme(
    django_assert_num_queries,
):
    learner, member = known_browsers()
    anonymous = Client().get("/careers/").content
    with django_assert_num_queries(0):
        for browser in (learner, member):
            assert browser.get("/careers/").content == anonymous
    member.cookies["display"] = "dark.keys-on"
    dark = page_of(member.get("/careers/"))
    assert '<html lang="en" data-theme="dark">' in dark
    with django_assert_num_queries(0):
        assert page_of(member.get("/careers/")) == dark
    assert "data-theme=" not in page_of(Client().get("/careers/"))
    assert "data-theme=" not in page_of(learner.get("/careers/"))


def test_what_somebody_known_has_read_is_kept_for_others_only_if_it_is_for_all():
    learner, _ = known_browsers()
    for url, number in (("/careers/", 1), ("/", 1)):
        pagecache.pages.clear()
        learner.get("/careers/")
        learner.get(url)
        assert len(pagecache.pages._pages) == number
    response = Client().get("/careers/")
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"


def test_what_a_learner_sees_is_not_kept_for_others():
    learner = Client()
    answer_one(learner)
    assert "Go on where you left off" in page_of(learner.get("/"))
    assert "Go on where you left off" not in page_of(Client().get("/"))


@pytest.mark.parametrize(
    ("query", "headers"),
    [("?scope=x", {}), ("", {"HX-Request": "true"}), ("?", {"HX-Request": "1"})],
)
def test_odd_requests_are_answered_and_not_kept(query, headers):
    response = Client().get(f"/{query}", headers=headers)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert not pagecache.pages._pages


def test_errors_and_pages_of_learners_are_not_kept():
    for url in ("/no-such-page/", "/practice/", "/practice/new/", "/progress/", "/readyz"):
        Client().get(url)
    assert not pagecache.pages._pages


def test_each_host_and_each_encoding_has_its_own_copy():
    Client().get("/about/")
    Client().get("/about/", headers={"Host": "localhost"})
    Client().get("/about/", headers={"Accept-Encoding": "gzip"})
    assert len(pagecache.pages._pages) == 3
    Client().get("/about/", headers={"Host": "evil.example"})
    assert len(pagecache.pages._pages) == 3


def test_the_store_is_bounded(monkeypatch):
    monkeypatch.setattr(pagecache, "MAX_PAGES", 2)
    for url in ("/", "/about/", "/privacy/"):
        Client().get(url)
    assert [key[1] for key in pagecache.pages._pages] == ["/about/", "/privacy/"]


@pytest.mark.parametrize("url", PUBLIC)
def test_a_warm_page_costs_no_statement_within_the_second(url, clock, django_assert_num_queries):
    Client().get(url)
    clock.now += 0.9
    with django_assert_num_queries(0):
        assert Client().get(url).status_code == 200
    clock.now += 0.2
    with django_assert_num_queries(1):
        assert Client().get(url).status_code == 200


def test_an_edit_here_shows_at_once(clock):
    assert "2 original questions" not in page_of(Client().get("/"))
    make_question()
    assert "4 original questions" in page_of(Client().get("/"))


def test_an_edit_by_another_process_shows_after_a_second(clock):
    assert "Pelvis and ribs" not in page_of(Client().get("/practice/"))
    before = Client().get("/").headers["ETag"]
    make_question()
    Area.objects.update(name="Pelvis and ribs")
    # What the other process did stands in the database; this one remembers the past.
    pagecache.pages.clear()
    state = PublicationState.objects.get()
    revision._Memo.publication = revision.Publication(state.revision - 1, show_cpt_content=True)
    revision._Memo.read_at = clock.now
    Client().get("/")
    plant("/")
    clock.now += 0.99
    assert Client().get("/").content == b"planted"
    clock.now += 0.02
    after = Client().get("/")
    assert after.content != b"planted"
    assert "4 original questions" in page_of(after)
    assert after.headers["ETag"] != before


def test_a_new_day_makes_new_pages(monkeypatch):
    plant("/")
    tomorrow = datetime(2031, 1, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert Client().get("/").content != b"planted"


def test_reading_starts_no_session():
    browser = Client()
    for url in PUBLIC:
        browser.get(url)
    assert not browser.cookies
    assert not Session.objects.exists()
