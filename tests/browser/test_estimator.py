"""The salary estimator in a browser: by keyboard, in place, going back, without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import tab_to

pytestmark = pytest.mark.browser

URL = "/careers/estimate/"
RANGE = re.compile(r"^\$\d\d,000–\$\d\d,000$")


def test_by_keyboard_in_place_and_back(page: Page) -> None:
    page.goto(URL)
    expect(page.locator(".score")).to_have_count(0)
    tab_to(page, page.get_by_label("State or territory"))
    page.keyboard.type("Ohio")
    expect(page.locator(".score")).to_have_text(RANGE)
    expect(page).to_have_url(re.compile(r"\?state=ohio$"))
    # The choice keeps the focus: only the reply below was changed, and it is read out.
    expect(page.get_by_label("State or territory")).to_be_focused()
    expect(page.locator("#live")).to_have_text(re.compile(r"^About \$\d\d,000 a year"))
    first = page.locator(".score").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.type("CPC + CCS")
    expect(page).to_have_url(re.compile(r"\?state=ohio&certification=cpc-and-ccs$"))
    expect(page.locator(".score")).not_to_have_text(first)
    page.keyboard.press("Tab")
    tab_to(page, page.get_by_role("button", name="Estimate", exact=True))
    page.keyboard.press("Enter")
    address = page.get_by_label("Address of this estimate")
    expect(address).to_have_value(re.compile(r"/careers/estimate/\?state=ohio&certification="))
    tab_to(page, address)
    page.go_back()
    expect(page.locator(".score")).to_have_text(first)
    expect(page.get_by_label("Certification")).to_have_value("")


def test_without_javascript(plain_page: Page) -> None:
    plain_page.goto(URL)
    plain_page.get_by_label("Experience").select_option("Senior (8+ years)")
    plain_page.get_by_role("button", name="Estimate", exact=True).click()
    expect(plain_page.locator(".score")).to_have_text(RANGE)
    expect(plain_page.get_by_label("Experience")).to_have_value("senior")
    plain_page.get_by_role("link", name="Start over").first.click()
    expect(plain_page.locator(".score")).to_have_count(0)
