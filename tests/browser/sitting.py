"""What learners do in a mock exam in a browser."""

import re

from playwright.sync_api import Page, expect

from quizzes.models import Attempt, MockSlot
from tests.browser.walking import CHOICES
from tests.mock.exams import letter_of


def begin(page: Page, length: str = "25") -> Attempt:
    """Start a mock and end on its first question."""
    page.goto("/exam/")
    page.locator(f'input[name="length"][value="{length}"]').check()
    page.get_by_role("button", name="Start the clock").click()
    expect(page.locator(CHOICES)).to_have_count(4)
    page.wait_for_load_state()
    return Attempt.objects.latest("pk")


def picked(attempt: Attempt, number: int) -> str:
    """Return the letter that the server has for a question, empty for none."""
    slot = MockSlot.objects.select_related("picked").get(attempt=attempt, slot=number)
    return letter_of(slot.picked)


def state(page: Page, text: str = "Saved") -> None:
    """Wait until the page says how saving stands."""
    expect(page.locator("[data-state]")).to_have_text(re.compile(text))


def on(page: Page, number: int) -> None:
    """Wait until a question is open."""
    expect(page.locator("h1")).to_have_text(re.compile(rf"^Question {number} of"))


def sit(page: Page) -> Attempt:
    """Sit a short mock with a bit of everything in it, up to its review page."""
    attempt = begin(page)
    page.locator(CHOICES).nth(0).check()
    state(page)
    page.locator(CHOICES).nth(1).check()
    page.get_by_label("Flag this question").check()
    page.locator(".strike").nth(2).click()
    page.locator("details.note summary").click()
    page.locator("#note").fill("Look this up again.")
    page.get_by_role("button", name="Next").click()
    on(page, 2)
    page.locator(CHOICES).nth(2).check()
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("heading", name="Review before you submit")).to_be_visible()
    return attempt
