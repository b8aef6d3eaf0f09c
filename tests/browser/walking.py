"""What learners do in a browser, by keyboard or by mouse."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from quizzes.models import Answer, Choice

NEW = "/practice/new/?count=5"
PASSWORD = "correct-horse-7"
MAX_TABS = 80

CHOICES = 'input[name="choice"]'
CHECK = 'form[data-answer] button[type="submit"]'
NEXT = "[data-next]"
VERDICT = "h2.verdict"


def focused(page: Page) -> Locator:
    """Return the element that has the keyboard's focus."""
    return page.locator(":focus")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; fails where the keyboard never gets there."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if has_focus(target):
            return
    raise AssertionError(f"{target} cannot be reached with Tab")


def has_focus(target: Locator) -> bool:
    """Tell whether the target has the keyboard's focus."""
    return target.count() == 1 and bool(target.evaluate("it => it === document.activeElement"))


def follow(page: Page, target: Locator) -> None:
    """Go to a link or a button with Tab and press Enter."""
    tab_to(page, target)
    page.keyboard.press("Enter")


def link(page: Page, name: str) -> Locator:
    """Return the main part's link with this name."""
    return page.get_by_role("main").get_by_role("link", name=name)


def start(page: Page, url: str = NEW) -> None:
    """Open the first question of a session of five."""
    page.goto(url)
    expect(page.locator(CHOICES)).to_have_count(4)


def shown_version(page: Page) -> int:
    """Return the version that a question page asks."""
    choice = page.locator(CHOICES).first.get_attribute("value") or ""
    version: int = Choice.objects.values_list("version_id", flat=True).get(pk=choice)
    return version


def pick(page: Page, place: int = 0) -> int:
    """Choose an answer by its place; return the choice's id."""
    box = page.locator(CHOICES).nth(place)
    box.check()
    return int(box.get_attribute("value") or 0)


def check(page: Page) -> None:
    """Send the chosen answer and wait for what comes of it."""
    page.locator(CHECK).click()
    expect(page.locator(VERDICT)).to_be_visible()


def answer(page: Page, place: int = 0) -> int:
    """Answer the question that is open; return the choice's id."""
    picked = pick(page, place)
    check(page)
    return picked


def go_on(page: Page) -> None:
    """Go from feedback to the next question, or to the summary."""
    page.locator(NEXT).click()
    expect(page.locator(VERDICT)).to_have_count(0)


def finish(page: Page) -> None:
    """Answer whatever is open and end on the summary."""
    while page.locator(CHOICES).count():
        answer(page)
        go_on(page)
    expect(page).to_have_url(re.compile("/summary/$"))


def answered() -> Any:
    """Return all saved answers, the first slot first."""
    return Answer.objects.exclude(answered_at=None).order_by("attempt", "slot")


def sign_up(page: Page, email: str = "ann@example.org") -> None:
    """Make an account; what was practised comes along."""
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page).to_have_url(re.compile("/progress/$"))


def sign_in(page: Page, email: str = "ann@example.org") -> None:
    """Sign in to an account whose password is that of all tests."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/progress/$"))


def stat(page: Page, name: str) -> Locator:
    """Return the figure under a heading of the progress page."""
    return page.locator(".stat", has=page.get_by_text(name, exact=True)).locator("dd")
