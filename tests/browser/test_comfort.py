"""Theme, shortcuts, and a computer that several people use."""

import re

import pytest
from playwright.sync_api import Page, expect

from prepsite.accounts.models import Learner
from tests.browser.conftest import NewVisitor
from tests.browser.walking import (
    CHOICES,
    VERDICT,
    answer,
    answered,
    go_on,
    sign_up,
    start,
    stat,
)

pytestmark = pytest.mark.browser

# What theme the page had when its body came into being, before anything was painted.
THEME_AT_BODY = """
new MutationObserver((changes, observer) => {
  if (!document.body) return;
  observer.disconnect();
  window.themeAtBody = document.documentElement.dataset.theme ?? "auto";
}).observe(document, { childList: true, subtree: true });
"""
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.once
def test_theme_is_kept_and_never_flashes(page: Page) -> None:
    page.add_init_script(THEME_AT_BODY)
    root = page.locator("html")
    page.goto("/")
    light = page.evaluate(BACKGROUND)
    toggle = page.get_by_role("button", name=re.compile("^Theme:"))
    expect(toggle).to_have_text("Theme: auto")
    assert root.get_attribute("data-theme") is None

    toggle.click()
    expect(toggle).to_have_text("Theme: dark")
    expect(root).to_have_attribute("data-theme", "dark")
    dark = page.evaluate(BACKGROUND)
    assert dark != light
    for path in ("/", "/careers/", "/practice/"):
        page.goto(path)
        assert page.evaluate("window.themeAtBody") == "dark"
        expect(root).to_have_attribute("data-theme", "dark")
        assert page.evaluate(BACKGROUND) == dark
    # The script stands before all style sheets and nothing puts it off.
    first = page.locator("head script, head link[rel=stylesheet]").first
    expect(first).to_have_attribute("src", re.compile("theme"))
    assert first.get_attribute("defer") is None
    assert first.get_attribute("async") is None

    toggle.click()
    page.emulate_media(color_scheme="dark")
    page.reload()
    assert page.evaluate("window.themeAtBody") == "light"
    assert page.evaluate(BACKGROUND) == light
    toggle.click()
    page.reload()
    assert page.evaluate("window.themeAtBody") == "auto"
    assert page.evaluate(BACKGROUND) == dark


@pytest.mark.once
def test_shortcuts_can_be_switched_off_and_stay_off(page: Page) -> None:
    start(page)
    help_text = page.locator("[data-shortcuts-help]")
    expect(help_text).to_be_visible()
    page.get_by_role("button", name="Turn shortcuts off").click()
    expect(help_text).to_be_hidden()
    page.keyboard.press("1")
    expect(page.locator(f"{CHOICES}:checked")).to_have_count(0)

    page.reload()
    expect(page.get_by_role("button", name="Turn shortcuts on")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(f"{CHOICES}:checked")).to_have_count(0)
    answer(page)
    expect(page.get_by_role("button", name="Turn shortcuts on")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(VERDICT)).to_be_visible()
    go_on(page)

    page.get_by_role("button", name="Turn shortcuts on").click()
    page.keyboard.press("2")
    expect(page.locator(CHOICES).nth(1)).to_be_checked()


@pytest.mark.once
def test_shortcuts_leave_the_browsers_own_alone(page: Page) -> None:
    start(page)
    for key in ("Control+1", "Alt+2", "5", "x"):
        page.keyboard.press(key)
    expect(page.locator(f"{CHOICES}:checked")).to_have_count(0)
    page.keyboard.press("3")
    page.keyboard.press("4")
    expect(page.locator(CHOICES).nth(3)).to_be_checked()
    # On a link or a button Enter does what it says there.
    page.get_by_role("button", name="Turn shortcuts off").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Turn shortcuts on")).to_be_focused()
    expect(page.locator(VERDICT)).to_have_count(0)
    assert answered().count() == 0


@pytest.mark.parametrize("script", [True, False], ids=["htmx", "plain"])
def test_the_next_person_starts_clean(new_visitor: NewVisitor, script: bool) -> None:
    page = new_visitor(java_script_enabled=script).new_page()
    start(page)
    answer(page)
    sign_up(page)
    expect(stat(page, "Answered")).to_have_text("1")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/$"))
    names = {cookie["name"] for cookie in page.context.cookies()}
    assert names.isdisjoint({"learner", "sessionid"})
    expect(page.get_by_role("link", name="Continue")).to_have_count(0)

    page.goto("/progress/")
    expect(page.get_by_text("Nothing yet")).to_be_visible()
    for _ in range(4):
        page.go_back()
        expect(stat(page, "Answered")).to_have_count(0)
    start(page)
    answer(page)
    page.goto("/progress/")
    expect(stat(page, "Answered")).to_have_text("1")
    assert Learner.objects.count() == 2
    assert sorted(row.attempt.learner.user is None for row in answered()) == [False, True]
