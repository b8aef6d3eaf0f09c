"""Structured data in a browser: read as data, never run, and nothing to complain about."""

import json

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DATA = 'script[type="application/ld+json"]'


@pytest.mark.parametrize("path", ["/", "/careers/", "/careers/states/", "/errata/"])
def test_the_policy_lets_structured_data_stand(page: Page, path: str) -> None:
    # The ``troubles`` fixture fails the test for any violation of the policy.
    page.goto(path)
    data = json.loads(page.locator(DATA).text_content() or "")
    assert data["@context"] == "https://schema.org"
    assert page.locator(DATA).evaluate("it => it.nonce || it.src") == ""


def test_the_picture_of_a_page_loads(page: Page) -> None:
    page.goto("/careers/")
    address = page.locator('meta[property="og:image"]').get_attribute("content") or ""
    size = page.evaluate(
        "src => { const it = new Image(); it.src = src;"
        " return it.decode().then(() => [it.naturalWidth, it.naturalHeight]); }",
        "/cards/" + address.partition("/cards/")[2],
    )
    assert size == [1200, 630]
