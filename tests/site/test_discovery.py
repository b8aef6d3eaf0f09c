"""What search engines find: every public page once, under one address, and nothing else."""

import time
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from careers.models import Area, Page
from prepsite.content import pagecache, revision
from prepsite.discovery import listing
from quizzes import errata
from quizzes.models import Decision, QuestionVersion
from tests.accounts.helpers import answer_one, make_question, make_user, page_of, sign_in
from tests.site.heads import Head, head_of
from tests.site.pages import PUBLIC, every_page, make_content

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# Revision; newest item; pages, sections, answers, changes, headline and wages of the guide;
# errata and their areas.
STATEMENTS = 10


def sitemap() -> dict[str, str | None]:
    """Return the paths that the sitemap lists, with the day each last changed."""
    tree = ElementTree.fromstring(Client().get("/sitemap.xml").content)  # noqa: S314
    found: dict[str, str | None] = {}
    for url in tree.findall(f"{MAP}url"):
        address = url.findtext(f"{MAP}loc") or ""
        assert address.startswith(f"{settings.SITE_URL}/"), address
        path = address.removeprefix(settings.SITE_URL)
        assert path not in found, f"{path} stands twice"
        found[path] = url.findtext(f"{MAP}lastmod")
        assert [child.tag for child in url if child.tag not in {f"{MAP}loc", f"{MAP}lastmod"}] == []
    return found


def routes(
    resolver: URLResolver | None = None, before: str = ""
) -> Iterator[tuple[str, list[str]]]:
    """Yield every route but the admin's as a format string with the names of its arguments."""
    for entry in (resolver or get_resolver()).url_patterns:
        if str(entry.pattern) == "admin/":
            continue
        # Beginnings and ends are marked for each part of a route; a path has them once.
        regex = before + entry.pattern.regex.pattern.removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from routes(entry, regex)
        elif isinstance(entry, URLPattern):
            yield from normalize(regex)


def all_addresses(samples: dict[str, list[Any]]) -> set[str]:
    """Return every address of the site, arguments filled from samples of each."""
    found = set()
    for route, names in routes():
        assert set(names) <= set(samples), f"{route}: say in this test what its arguments may be"
        for values in product(*(samples[name] for name in names)):
            found.add("/" + route % dict(zip(names, values, strict=True)))
    return found


def decide(count: int) -> None:
    """Put decisions about one question on the page of errata."""
    make_question()
    version = QuestionVersion.objects.latest("pk")
    for _ in range(count):
        Decision.objects.create(version=version, kind=Decision.Kind.NO_CHANGE, words="It holds.")


def read(client: Client, path: str) -> Head | None:
    """Return a page's head if it may be indexed, else None."""
    response: Any = client.get(path)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if response.status_code != 200 or not is_page or "X-Robots-Tag" in response.headers:
        return None
    found = head_of(page_of(response))
    return found if found.is_indexable else None


def test_the_sitemap_lists_every_public_page_and_nothing_else():
    make_content()
    decide(errata.PER_PAGE + 1)
    learner = Client()
    practice = answer_one(learner)
    mock = learner.post("/exam/start/", {"length": "25", "pace": "1"})["Location"].split("/")[2]
    member = Client()
    sign_in(member, make_user().email)
    slugs = {row.slug for model in (Page, Area) for row in model.objects.all()}
    samples: dict[str, list[Any]] = {
        "attempt_id": [practice, mock],
        "number": [1],
        "page": [1, 2, 3],
        "area": ["anatomy", "no-such-area"],
        "slug": [*slugs, "no-such-page"],
        "name": ["home", "careers/states", "no-such-page"],
        "key": ["1-x"],
        "uidb36": ["1"],
        "pk": ["1"],
        "token": ["x"],
        "file_format": ["csv"],
    }
    listed = sitemap()
    addresses = all_addresses(samples)
    assert len(addresses) > 80
    assert set(listed) <= addresses
    indexable = set()
    for path in sorted(addresses):
        for visitor in (Client(), learner, member):
            found = read(visitor, path)
            if not found:
                assert path not in listed, f"{path} is listed, and is not to be indexed"
                continue
            assert found.canonical, f"{path} has no address of its own"
            own = found.canonical.removeprefix(settings.SITE_URL)
            assert own in listed, f"{path} may be indexed, and is not listed"
            if own == path:
                indexable.add(path)
            break
    assert indexable == set(listed)
    assert set(PUBLIC) <= indexable
    assert {"/errata/2/", "/errata/anatomy/", "/errata/anatomy/2/"} <= indexable


def test_each_public_page_has_a_title_and_a_description_of_its_own():
    make_content()
    decide(errata.PER_PAGE + 1)
    titles: dict[str, str] = {}
    descriptions: dict[str, str] = {}
    for path in sitemap():
        found = read(Client(), path)
        assert found, path
        title, _, name = found.title.rpartition(" | ")
        assert name == settings.SITE_NAME, path
        assert 0 < len(title) <= 60, f"{path}: {len(title)} characters: {title}"
        assert 50 <= len(found.description) <= 160, f"{path}: {len(found.description)} characters"
        assert title not in titles, f"{path} is titled like {titles[title]}"
        assert found.description not in descriptions, (path, descriptions[found.description])
        titles[title] = path
        descriptions[found.description] = path
        assert found.properties["og:title"] == title
        assert found.properties["og:description"] == found.description
        assert found.properties["og:url"] == found.canonical
        assert found.properties["og:site_name"] == settings.SITE_NAME
    assert len(titles) > 20


def test_a_query_makes_no_other_page():
    """Who shares a link adds to its address, and the page is still the same."""
    make_content()
    for path in ("/", "/about/", "/errata/", "/careers/", "/careers/states/compare/"):
        found = read(Client(), f"{path}?utm_source=x&page=2")
        assert found, path
        assert found.canonical == settings.SITE_URL + path
    for query in ("fbclid=x", "q=ohio", "sort=median&order=asc", "state=ohio"):
        found = read(Client(), f"/careers/states/?{query}")
        assert found, query
        assert found.canonical == f"{settings.SITE_URL}/careers/states/"


def test_what_a_visitor_put_together_is_not_to_be_found():
    make_content()
    for path in ("states/compare/?state=ohio", "estimate/?state=ohio"):
        response: Any = Client().get(f"/careers/{path}")
        found = head_of(page_of(response))
        assert response.status_code == 200
        assert not found.is_indexable, path
        assert (found.canonical, found.properties, found.data) == (None, {}, []), path


def test_pages_of_learners_and_errors_say_nothing_to_search_engines(monkeypatch):
    for name, response in every_page(monkeypatch):
        if name in PUBLIC or name == "home of a learner" or name == "500":
            continue
        found = head_of(page_of(response))
        assert response.status_code >= 400 or not found.is_indexable, name
        assert (found.canonical, found.properties, found.data) == (None, {}, []), name


def test_an_area_without_errata_is_not_to_be_found():
    make_question()
    found = head_of(page_of(Client().get("/errata/anatomy/")))
    assert not found.is_indexable
    assert found.canonical is None
    assert "/errata/anatomy/" not in sitemap()


def test_the_days_in_the_sitemap_are_those_of_the_content():
    make_content()
    decide(1)
    listed = sitemap()
    assert listed["/careers/states/"] == Page.objects.get(slug="states").updated_on.isoformat()
    # The text of these pages stands in the program, which keeps no day.
    assert listed["/about/"] is None
    past = date(2026, 2, 3)
    QuestionVersion.objects.update(created_at=f"{past}T17:00Z")
    Decision.objects.update(at="2026-03-04T17:00Z")
    Page.objects.filter(slug="states").update(updated_on=past)
    revision.bump()
    listed = sitemap()
    assert listed["/"] == listed["/about/items/"] == listed["/careers/states/"] == "2026-02-03"
    assert listed["/errata/"] == listed["/errata/anatomy/"] == "2026-03-04"


def test_the_sitemap_costs_few_statements_and_a_second_look_none(
    django_assert_num_queries, monkeypatch
):
    # The revision is read anew after a second, which a busy machine may take for all this.
    monkeypatch.setattr(time, "monotonic", lambda: 5_000.0)
    make_content()
    decide(errata.PER_PAGE + 1)
    pagecache.pages.clear()
    revision.forget()
    with django_assert_num_queries(STATEMENTS):
        first = Client().get("/sitemap.xml")
    with django_assert_num_queries(0):
        assert Client().get("/sitemap.xml").content == first.content
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
    pagecache.pages.clear()
    with django_assert_num_queries(0):
        Client().get("/sitemap.xml", headers={"Host": "localhost"})


def test_the_sitemap_names_the_same_addresses_whatever_host_is_asked():
    one = Client().get("/sitemap.xml", headers={"Host": "localhost"}).content
    assert one == Client().get("/sitemap.xml").content


def test_an_edit_shows_in_the_sitemap():
    make_content()
    assert "/careers/niche/" not in sitemap()
    page = Page.objects.get(slug="states")
    page.pk, page.slug = None, "niche"
    page.save()
    assert "/careers/niche/" in sitemap()
    page.delete()
    assert "/careers/niche/" not in sitemap()


@pytest.mark.parametrize("page", ["x", "2", "0", "-1"])
def test_the_sitemap_has_one_page(page):
    assert Client().get(f"/sitemap.xml?p={page}").status_code == 404


def test_robots_may_read_everything_and_learn_where_the_sitemap_is():
    response: Any = Client().get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = page_of(response).split("\n")
    assert lines[:2] == ["User-agent: *", "Allow: /"]
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    # Whoever may not read a page cannot see that it is not to be indexed.
    assert "Disallow" not in page_of(response)
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml"])
def test_they_take_no_form(path):
    assert Client().post(path).status_code == 405
    assert Client().head(path).status_code == 200


def test_a_room_registers_its_pages_once():
    with pytest.raises(ValueError, match="already"):
        listing.register("careers", list)
