"""Every page: it answers, it is valid HTML, and it says what it is."""

import re
from typing import Any

import pytest
from django.test import Client
from justhtml import JustHTML

from tests.accounts.helpers import make_user, page_of
from tests.site.pages import PUBLIC, argument_free_urls, every_page, make_content

pytestmark = pytest.mark.django_db
# No pages: probes, an icon, what crawlers ask for, and addresses that take a form only.
NO_PAGE = {
    "/healthz",
    "/readyz",
    "/favicon.ico",
    "/robots.txt",
    "/sitemap.xml",
    "/careers/changes/feed/",
    "/accounts/exam-date/",
    "/exam/start/",
    "/practice/notices/",
}
# These lead somebody who is not signed in to where they can go on.
LEADS_AWAY = {
    "/accounts/": "/accounts/login/",
    "/accounts/logout/": "/",
    "/accounts/undo/": "/accounts/login/",
    "/accounts/forget/": "/accounts/export/",
    "/accounts/delete/": "/accounts/login/",
    "/accounts/reauthenticate/": "/accounts/login/",
    "/accounts/email/": "/accounts/login/",
    "/accounts/password/change/": "/accounts/login/",
    "/accounts/password/set/": "/accounts/login/",
    "/accounts/login/code/confirm/": "/accounts/login/",
    "/accounts/staff/": "/accounts/login/",
    "/accounts/sessions/": "/accounts/login/",
    "/accounts/2fa/": "/accounts/login/",
    "/accounts/2fa/authenticate/": "/accounts/login/",
    "/accounts/2fa/reauthenticate/": "/accounts/login/",
    "/accounts/2fa/totp/activate/": "/accounts/login/",
    "/accounts/2fa/totp/deactivate/": "/accounts/login/",
    "/accounts/2fa/recovery-codes/": "/accounts/login/",
    "/accounts/2fa/recovery-codes/generate/": "/accounts/login/",
    "/accounts/2fa/recovery-codes/download/": "/accounts/login/",
    "/accounts/2fa/webauthn/": "/accounts/login/",
    "/accounts/2fa/webauthn/add/": "/accounts/login/",
    "/accounts/2fa/webauthn/login/": "/accounts/login/",
    "/accounts/2fa/webauthn/reauthenticate/": "/accounts/login/",
}
STAFF = {"/styleguide/"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}


def problems_of(html: str) -> list[str]:
    """Return what is wrong with a page, as a strict parser and a careful reader see it."""
    document = JustHTML(html, sanitize=False, collect_errors=True)
    found = [f"{error.line}: {error}" for error in document.errors]
    elements = list(document.query("*"))
    ids = [name for node in elements if (name := (node.attrs or {}).get("id"))]
    found += [f"id {name!r} stands twice" for name in set(ids) if ids.count(name) > 1]
    for node in elements:
        for name, value in (node.attrs or {}).items():
            if name.startswith("on") or name == "style":
                found.append(f"inline {name} on {node.name}")
            refers = name in {"for", "aria-labelledby", "aria-describedby", "aria-controls"}
            for target in (value or "").split() if refers else []:
                if target not in ids:
                    found.append(f"{name} names {target!r}, which is not there")
        attributes = node.attrs or {}
        is_data = attributes.get("type") in {"application/json", "application/ld+json"}
        if node.name == "style" or (
            node.name == "script" and "src" not in attributes and not is_data
        ):
            found.append(f"inline {node.name}")
        if node.name == "img" and "alt" not in (node.attrs or {}):
            found.append("picture without alt")
    found += identity_problems(document)
    return found


def identity_problems(document: Any) -> list[str]:
    """Return whether a page lacks its language, its title, its heading or its main part."""
    found = []
    if (document.query("html")[0].attrs or {}).get("lang") != "en":
        found.append("no language")
    headings = document.query("h1")
    if len(headings) != 1 or not headings[0].to_text().strip():
        found.append(f"{len(headings)} headings of first rank")
    titles = document.query("head > title")
    if len(titles) != 1 or not titles[0].to_text().strip():
        found.append("no title")
    if len(document.query("main")) != 1:
        found.append("no main part")
    return found


def test_every_address_without_an_argument_answers(client):
    make_content()
    titles: dict[str, str] = {}
    for url in argument_free_urls():
        if url in NO_PAGE:
            continue
        response = client.get(url)
        if url in LEADS_AWAY:
            assert response.status_code == 302, url
            assert response.url.partition("?")[0] == LEADS_AWAY[url], url
            continue
        if url in STAFF:
            assert response.status_code == 404, url
            continue
        assert response.status_code == 200, url
        page = page_of(response)
        assert len(re.findall(r"<h1[\s>]", page)) == 1, url
        assert '<html lang="en">' in page, url
        title = " ".join(re.findall(r"<title>(.*?)</title>", page, re.DOTALL)[0].split())
        assert title not in titles.values(), f"{url} is titled like another page: {title}"
        titles[url] = title
    assert len(titles) >= 11


def test_the_list_of_exceptions_names_only_addresses_that_exist():
    urls = set(argument_free_urls())
    assert set(LEADS_AWAY) | STAFF <= urls
    assert set(PUBLIC) <= urls


def test_every_page_is_valid_and_says_what_it_is(monkeypatch):
    seen = {}
    for name, response in every_page(monkeypatch):
        assert response.headers["Content-Type"] == "text/html; charset=utf-8", name
        seen[name] = problems_of(page_of(response))
    assert len(seen) > 30
    assert {name: problems for name, problems in seen.items() if problems} == {}


def test_the_checker_itself_finds_faults():
    page = (
        '<!DOCTYPE html><html lang="en"><title>x</title><main><h1>x</h1>'
        '<p id="a" style="x" onclick="x"><div id="a"></p><label for="b">x</label>'
        "<script>x</script></main></html>"
    )
    found = " ".join(problems_of(page))
    for part in ("</p>", "stands twice", "style on p", "onclick", "'b'", "inline script"):
        assert part in found


def test_every_page_carries_the_security_headers(monkeypatch):
    for name, response in every_page(monkeypatch):
        for header, value in HEADERS.items():
            assert response.headers.get(header) == value, f"{name}: {header}"
        policy = response.headers["Content-Security-Policy"].split("; ")
        assert set(policy) == POLICY, name
        # A refused host is answered before the middleware that sets this older header.
        if name != "400":
            assert response.headers.get("X-Frame-Options") == "DENY", name


def test_pages_of_one_person_are_kept_by_nobody(monkeypatch):
    for name, response in every_page(monkeypatch):
        if name in PUBLIC or response.status_code >= 400:
            continue
        caching = response.headers.get("Cache-Control", "")
        if not caching:  # no cookie made it, so a cache may only keep it for this visitor
            assert "Cookie" in response.headers["Vary"], name
        else:
            assert "private" in caching, name
        assert "public" not in caching, name


def test_the_style_guide_is_for_staff(client):
    assert client.get("/styleguide/").status_code == 404
    client.force_login(make_user())
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.parametrize("url", PUBLIC)
def test_pages_for_reading_take_no_form(url):
    assert Client().post(url).status_code == 405
    assert Client().head(url).status_code == 200
