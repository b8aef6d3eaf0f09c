"""Sitting a mock exam in a browser: by keyboard, without a connection, without a script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from quizzes.models import Attempt, ItemNote, MockSlot
from tests.browser.conftest import NewVisitor, Troubles
from tests.browser.sitting import begin, on, picked, state
from tests.browser.walking import CHOICES
from tests.mock.exams import letter_of

pytestmark = pytest.mark.browser


def test_keys_choose_strike_flag_and_go(page: Page) -> None:
    attempt = begin(page)
    page.keyboard.press("3")
    state(page)
    assert picked(attempt, 1) == "C"
    page.keyboard.press("2")
    page.keyboard.press("Shift+Digit1")
    page.keyboard.press("f")
    page.keyboard.press("n")
    on(page, 2)
    slot = MockSlot.objects.select_related("picked", "first_picked").get(attempt=attempt, slot=1)
    assert (letter_of(slot.picked), letter_of(slot.first_picked)) == ("B", "C")
    assert (slot.changes, slot.struck, slot.flagged) == (1, "A", True)
    expect(page.locator(".palette .is-answered")).to_have_count(1)
    page.keyboard.press("ArrowLeft")
    on(page, 1)
    expect(page.locator('[name="choice"]').nth(1)).to_be_checked()
    page.keyboard.press("r")
    expect(page.get_by_role("heading", name="Review before you submit")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.get_by_role("heading", name="By area")).to_be_visible()
    attempt.refresh_from_db()
    assert attempt.ending == "submitted"


def test_choices_without_a_connection_are_sent_when_it_is_back(
    page: Page, troubles: Troubles
) -> None:
    troubles.expect("ERR_INTERNET_DISCONNECTED")
    attempt = begin(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    state(page, "Not saved yet")
    page.keyboard.press("4")
    page.keyboard.press("n")
    expect(page.locator("[data-trouble]")).to_be_visible()
    assert picked(attempt, 1) == ""
    page.context.set_offline(False)
    on(page, 2)
    assert picked(attempt, 1) == "D"
    assert MockSlot.objects.get(attempt=attempt, slot=1).changes == 0


def test_what_waits_survives_a_reload(page: Page, troubles: Troubles) -> None:
    troubles.expect("ERR_")
    attempt = begin(page)
    page.route(
        "**/exam/*/1/",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.keyboard.press("2")
    state(page, "Not saved yet")
    page.reload()
    expect(page.locator('[name="choice"]').nth(1)).to_be_checked()
    page.unroute("**/exam/*/1/")
    page.reload()
    state(page)
    assert picked(attempt, 1) == "B"


def test_two_tabs_show_and_keep_the_last_word(page: Page) -> None:
    attempt = begin(page)
    page.keyboard.press("1")
    state(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.keyboard.press("2")
    state(other)
    expect(page.locator('[name="choice"]').nth(1)).to_be_checked()
    page.keyboard.press("f")
    state(page)
    assert picked(attempt, 1) == "B"
    page.keyboard.press("3")
    state(page)
    assert picked(attempt, 1) == "C"


def test_a_note_is_kept_without_leaving_its_field(page: Page) -> None:
    attempt = begin(page)
    page.locator("details.note summary").click()
    page.locator("#note").fill("Look up modifier 59, n p f r 1 2")
    page.get_by_role("button", name="Next").click()
    on(page, 2)
    assert ItemNote.objects.get().text.startswith("Look up modifier 59")
    assert picked(attempt, 1) == ""


def test_when_the_time_is_up_the_report_comes(page: Page) -> None:
    attempt = begin(page)
    page.keyboard.press("2")
    state(page)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() + timedelta(seconds=3))
    page.reload()
    expect(page.get_by_role("heading", name="Time is up")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("heading", name="By area")).to_be_visible(timeout=20_000)
    attempt.refresh_from_db()
    assert attempt.ending == "time_up"
    assert attempt.finished_at == attempt.deadline


def test_the_clock_hides_and_stays_hidden(page: Page) -> None:
    begin(page)
    clock = page.locator("[data-clock]")
    expect(clock).to_have_text(re.compile(r"\d+:\d\d left"))
    page.get_by_role("button", name="Hide the time").click()
    expect(clock).to_have_text(re.compile("^Ends at"))
    page.reload()
    expect(page.get_by_role("button", name="Show the time")).to_be_visible()


def test_without_a_script(plain_page: Page) -> None:
    page = plain_page
    attempt = begin(page)
    expect(page.locator("[data-clock]")).to_have_text(re.compile("^Ends at .* [A-Z]+$"))
    page.locator(CHOICES).nth(2).check()
    page.locator('[name="flagged"]').check()
    page.locator(".palette button", has_text=re.compile("^5")).click()
    on(page, 5)
    assert picked(attempt, 1) == "C"
    page.locator(CHOICES).nth(0).check()
    page.keyboard.press("Enter")
    on(page, 6)
    assert picked(attempt, 5) == "A"
    page.get_by_role("button", name="Flagged", exact=True).click()
    expect(page.locator(".palette button")).to_have_count(1)
    page.get_by_role("button", name="Review and submit").click()
    page.get_by_role("button", name=re.compile("^Submit with")).click()
    expect(page.get_by_role("heading", name="By area")).to_be_visible()


@pytest.mark.once
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_narrow_page_holds_the_exam(new_visitor: NewVisitor, theme: str) -> None:
    page = new_visitor(viewport={"width": 320, "height": 640}, color_scheme=theme).new_page()
    begin(page)
    for path in (page.url, "/exam/", re.sub(r"\d+/$", "review/", page.url)):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
