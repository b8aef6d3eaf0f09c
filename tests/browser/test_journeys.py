"""From the home page to an account with ten answers, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.walking import (
    CHECK,
    CHOICES,
    NEXT,
    PASSWORD,
    VERDICT,
    answered,
    focused,
    follow,
    has_focus,
    link,
    stat,
    tab_to,
)

pytestmark = pytest.mark.browser

EMAIL = "ann@example.org"
TEN = 'input[name="count"][value="10"]'


def _to_practice(page: Page) -> None:
    """Go from the home page to a first question of ten."""
    page.goto("/")
    follow(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Practice"))
    expect(page).to_have_url(re.compile("/practice/$"))
    tab_to(page, page.locator(TEN))
    # Ten is the default; moving away and back proves that the keyboard chooses.
    page.keyboard.press("ArrowRight")
    expect(page.locator(TEN)).not_to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(TEN)).to_be_checked()
    follow(page, page.get_by_role("button", name="Start", exact=True))
    expect(page.get_by_role("heading", name="Question 1 of 10")).to_be_visible()


def _from_summary_to_progress(page: Page) -> None:
    """Make an account and look at the progress it holds."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("How it went")
    expect(page.locator(".score")).to_contain_text("of 10")
    expect(page.locator("details.item-row")).to_have_count(10)
    follow(page, link(page, "Your progress"))
    expect(stat(page, "Answered")).to_have_text("10")
    follow(page, link(page, "Create an account"))
    expect(page).to_have_url(re.compile("/accounts/signup/"))
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/progress/$"))
    expect(stat(page, "Answered")).to_have_text("10")
    expect(link(page, "Create an account")).to_have_count(0)
    assert {row.attempt.learner.user.email for row in answered()} == {EMAIL}
    assert answered().count() == 10


def test_ten_questions_with_number_keys_and_enter(page: Page) -> None:
    _to_practice(page)
    page.evaluate("window.sameDocument = true")
    live = page.locator("#live")
    for number in range(1, 11):
        key = number % 4 + 1
        expect(page).to_have_title(re.compile(f"^Question {number} of 10"))
        if number > 1:
            expect(live).to_have_text(f"Question {number} of 10.")
            expect(page.get_by_role("heading", level=1)).to_be_focused()
        page.keyboard.press(str(key))
        expect(page.locator(CHOICES).nth(key - 1)).to_be_checked()
        page.keyboard.press("Enter")
        expect(page.locator(VERDICT)).to_be_focused()
        said = page.locator(VERDICT).inner_text()
        expect(live).to_have_text(re.compile(rf"^{said}\. \d+ of {number} correct so far\.$"))
        expect(page).to_have_url(re.compile(rf"/practice/\d+/{number}/$"))
        assert page.evaluate("window.sameDocument") is True
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/summary/$"))
    _from_summary_to_progress(page)


def test_ten_questions_without_javascript(plain_page: Page) -> None:
    page = plain_page
    _to_practice(page)
    for number in range(1, 11):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {number} of 10")
        # A long way to the choices would be one for each question: the skip link saves it.
        page.keyboard.press("Tab")
        expect(focused(page)).to_have_text("Skip to the content")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert has_focus(page.locator(CHOICES).first)
        page.keyboard.press("Space")
        for _ in range(number % 4):
            page.keyboard.press("ArrowDown")
        expect(page.locator(CHOICES).nth(number % 4)).to_be_checked()
        follow(page, page.locator(CHECK))
        expect(page.locator(VERDICT)).to_be_focused()
        follow(page, page.locator(NEXT))
    _from_summary_to_progress(page)
