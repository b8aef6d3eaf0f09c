"""One browser, two people: what each of them sees and keeps, from sign-up to deletion."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from prepsite.accounts.models import Learner, Merge, User
from quizzes.models import Attempt, SeenQuestion
from tests.browser.conftest import NewVisitor, Troubles
from tests.browser.walking import (
    PASSWORD,
    answer,
    answered,
    go_on,
    sign_in,
    sign_up,
    start,
    stat,
)

pytestmark = pytest.mark.browser
EMAIL = "ann@example.org"


def practise(page: Page, answers: int) -> None:
    """Answer some questions of a new session."""
    start(page)
    for number in range(answers):
        if number:
            go_on(page)
        answer(page)


def expect_answered(page: Page, number: int) -> None:
    """Look at the progress."""
    page.goto("/progress/")
    if number:
        expect(stat(page, "Answered")).to_have_text(str(number))
    else:
        expect(page.get_by_text("Nothing yet")).to_be_visible()


def sign_out(page: Page) -> None:
    """Sign out on the account page and see that the browser is empty."""
    page.goto("/accounts/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"://[^/]+/$"))
    assert cookies(page).keys() <= {"csrftoken"}
    assert page.evaluate("localStorage.length") == 0


def cookies(page: Page) -> dict[str, Any]:
    """Return the browser's cookies by their names."""
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def button(page: Page, name: str) -> Locator:
    """Return the main part's button."""
    return page.get_by_role("main").get_by_role("button", name=name)


def notice(page: Page) -> Locator:
    """Return what the page says about the last thing done."""
    return page.locator(".messages li")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_two_people_at_one_browser(
    new_visitor: NewVisitor, troubles: Troubles, script: bool
) -> None:
    page = new_visitor(java_script_enabled=script).new_page()
    # Ann practises, then signs up: the account keeps what she did.
    practise(page, 2)
    sign_up(page, EMAIL)
    expect(notice(page)).to_have_text(
        "Your account is ready. It keeps the 2 answers from this browser."
    )
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    practise(page, 1)
    expect_answered(page, 3)
    ann = User.objects.get().learner.pk

    # She leaves; going back shows nothing of hers, and her session is nowhere.
    troubles.expect("status of 404")
    page.goto("/accounts/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    assert cookies(page).keys() <= {"csrftoken"}
    for _ in range(4):
        page.wait_for_load_state("networkidle")
        page.go_back()
        expect(page.get_by_text(EMAIL)).to_have_count(0)
        expect(stat(page, "Answered")).to_have_count(0)

    # Somebody else practises there without an account.
    expect_answered(page, 0)
    practise(page, 2)
    expect_answered(page, 2)
    other = Learner.objects.get(user=None).pk
    assert other != ann

    # Ann signs in: what the other did is added, she is told, and takes it out again.
    sign_in(page, EMAIL)
    expect(notice(page)).to_contain_text("Added to your account: 2 answers from this browser.")
    expect(stat(page, "Answered")).to_have_text("5")
    assert "learner" not in cookies(page)
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile("/accounts/$"))
    expect(notice(page)).to_contain_text("Undone.")
    expect(page.get_by_text("Signing out removes it from this browser for good.")).to_be_visible()
    expect_answered(page, 3)
    assert Attempt.objects.filter(learner=other).count() == 1
    assert cookies(page)["learner"].strip('"').startswith(f"{other}:")
    assert SeenQuestion.objects.filter(learner=other).count() == 2
    assert Merge.objects.get().undone_at

    # She deletes her account: confirmed with the address and the password.
    page.goto("/accounts/")
    page.get_by_role("link", name="Delete your account").click()
    expect(page.get_by_text("3 answers in 2 sessions")).to_be_visible()
    page.get_by_label("Your e-mail address").fill(EMAIL)
    button(page, "Delete my account").click()
    expect(page).to_have_url(re.compile("/accounts/reauthenticate/"))
    assert User.objects.exists()
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    assert cookies(page).keys() <= {"csrftoken"}
    expect_answered(page, 0)
    page.goto("/accounts/")
    expect(page).to_have_url(re.compile("/accounts/login/"))

    # What is left: the other's work, and Ann's answers that lead to nobody.
    assert list(Learner.objects.values_list("pk", flat=True)) == [other]
    assert not User.objects.exists()
    assert answered().count() == 5
    assert Attempt.objects.filter(learner=None).count() == 2


def test_another_browser_of_a_deleted_account_is_signed_out(new_visitor: NewVisitor) -> None:
    page, elsewhere = new_visitor().new_page(), new_visitor().new_page()
    sign_up(page, EMAIL)
    sign_in(elsewhere, EMAIL)
    page.goto("/accounts/delete/")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    button(page, "Delete my account").click()
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    elsewhere.goto("/accounts/")
    expect(elsewhere).to_have_url(re.compile("/accounts/login/"))
    assert "sessionid" not in cookies(elsewhere)


def test_the_profile_decides_how_pages_look_with_and_without_scripts(
    new_visitor: NewVisitor,
) -> None:
    page, plain = new_visitor().new_page(), new_visitor(java_script_enabled=False).new_page()
    sign_up(page, EMAIL)
    page.goto("/accounts/")
    page.get_by_label("Dark").check()
    page.get_by_label("Keyboard shortcuts in practice").uncheck()
    button(page, "Save the profile").click()
    expect(notice(page)).to_have_text("Your profile is saved.")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("[data-theme-toggle]")).to_have_text("Theme: dark")
    start(page)
    expect(page.get_by_role("button", name="Turn shortcuts on")).to_be_visible()

    # Elsewhere, before and after signing in.
    expect(plain.locator("html[data-theme]")).to_have_count(0)
    sign_in(plain, EMAIL)
    for path in ("/progress/", "/about/", "/"):
        plain.goto(path)
        expect(plain.locator("html")).to_have_attribute("data-theme", "dark")
    plain.goto("/accounts/")
    expect(plain.get_by_label("Dark")).to_be_checked()

    # The switch at the foot is of this browser, and gives way at the next sign-in.
    page.locator("[data-theme-toggle]").click()
    assert cookies(page)["display"] == "light.keys-off"
    page.goto("/accounts/")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    expect(page.get_by_label("Dark")).to_be_checked()
    sign_out(page)
    page.goto("/")
    expect(page.locator("[data-theme-toggle]")).to_have_text("Theme: auto")
    sign_in(page, EMAIL)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_browser_takes_its_data_along_and_forgets(page: Page) -> None:
    practise(page, 2)
    page.goto("/privacy/")
    page.get_by_role("main").get_by_role("link", name="Your data").first.click()
    expect(page.get_by_text("2 answers in 1 session")).to_be_visible()
    for name, ending in (("Download CSV", ".zip"), ("Download JSON", ".json")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(ending)
    data = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert len([row for row in data["answers"] if row["picked"]]) == 2
    page.get_by_label("Yes, erase it all").check()
    button(page, "Erase my progress").click()
    expect(page.get_by_text("Nothing is kept about you")).to_be_visible()
    assert cookies(page).keys() <= {"csrftoken"}
    assert not Learner.objects.exists()
    expect_answered(page, 0)
