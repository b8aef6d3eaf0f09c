"""What may go wrong between a learner and a saved answer."""

import re

import pytest
from django.utils.html import strip_tags
from playwright.sync_api import Page, Request, Route, expect

from prepsite.accounts.models import User
from quizzes.models import Attempt
from quizzes.rendering import content_of
from tests.browser.conftest import NewVisitor, Troubles
from tests.browser.walking import (
    CHECK,
    CHOICES,
    PASSWORD,
    VERDICT,
    answer,
    answered,
    check,
    go_on,
    pick,
    shown_version,
    sign_in,
    start,
)

pytestmark = pytest.mark.browser

with_and_without_script = pytest.mark.parametrize("script", [True, False], ids=["htmx", "plain"])
SEND_AGAIN = "Send again"


def _secrets_of(version: int) -> list[str]:
    """Return what a page may say only after the answer: rationale and reasons, as text."""
    content = content_of(version)
    marked_up = [content.rationale, *(choice.reason for choice in content.choices)]
    texts = [strip_tags(text).strip() for text in marked_up if text]
    assert len(texts) == 4
    # The first words: a code in the middle of them has markup of its own.
    return [" ".join(text.split()[:4]) for text in texts]


def _second_question(page: Page) -> str:
    """Answer a session's first question and return the address of the second."""
    start(page)
    answer(page)
    go_on(page)
    expect(page).to_have_url(re.compile(r"/practice/\d+/2/$"))
    return page.url


@with_and_without_script
def test_key_and_reasons_come_only_with_the_answer(new_visitor: NewVisitor, script: bool) -> None:
    page = new_visitor(java_script_enabled=script).new_page()
    start(page)
    for number in (1, 2):
        secrets = _secrets_of(shown_version(page))
        asked = page.content()
        assert [secret for secret in secrets if secret in asked] == []
        assert "is-key" not in asked
        assert "Right answer" not in asked
        answer(page)
        told = page.locator("article").inner_text()
        assert [secret for secret in secrets if secret not in told] == []
        expect(page.locator(".is-key")).to_have_count(1)
        if number == 1:
            go_on(page)


@with_and_without_script
def test_double_click_saves_one_answer(new_visitor: NewVisitor, script: bool) -> None:
    """On the first question, which makes learner, session and slots, and on the second."""
    page = new_visitor(java_script_enabled=script).new_page()
    start(page)
    for number in (1, 2):
        picked = pick(page)
        page.locator(CHECK).dblclick()
        expect(page.locator(VERDICT)).to_be_visible()
        assert Attempt.objects.count() == 1
        assert answered().count() == number
        assert answered().last().picked_id == picked
        assert answered().last().first_try
        if number == 1:
            go_on(page)


@with_and_without_script
def test_second_tab_shows_what_the_first_one_saved(new_visitor: NewVisitor, script: bool) -> None:
    first = new_visitor(java_script_enabled=script).new_page()
    url = _second_question(first)
    second = first.context.new_page()
    second.goto(url)
    pick(second, 2)
    saved = answer(first, 1)
    check(second)
    label = content_of(answered().last().version_id).choice(saved)
    assert label is not None
    mine = second.locator(".verdicts li", has_text="your answer")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text(strip_tags(label.text))
    assert answered().count() == 2
    assert answered().last().picked_id == saved


@with_and_without_script
def test_back_shows_the_feedback(new_visitor: NewVisitor, script: bool) -> None:
    page = new_visitor(java_script_enabled=script).new_page()
    url = _second_question(page)
    picked = answer(page, 1)
    go_on(page)
    expect(page).to_have_url(re.compile("/3/$"))
    page.go_back()
    expect(page).to_have_url(url)
    expect(page.locator(VERDICT)).to_be_visible()
    expect(page.locator(CHOICES)).to_have_count(0)
    expect(page.get_by_role("navigation", name="Main")).to_have_count(1)
    assert answered().last().picked_id == picked


def test_back_from_feedback_never_leads_to_the_form(page: Page) -> None:
    page.goto("/practice/")
    start(page)
    answer(page)
    first_feedback = page.url
    page.go_back()
    expect(page).to_have_url(re.compile("/practice/$"))
    page.go_forward()
    expect(page).to_have_url(first_feedback)
    expect(page.locator(VERDICT)).to_be_visible()
    go_on(page)
    answer(page)
    page.go_back()
    expect(page).to_have_url(first_feedback)
    expect(page.locator(VERDICT)).to_be_visible()
    assert answered().count() == 2


@pytest.mark.parametrize("number", [1, 2])
def test_lost_connection_keeps_the_choice(page: Page, troubles: Troubles, number: int) -> None:
    troubles.expect("ERR_INTERNET_DISCONNECTED|error: htmx:")
    start(page)
    if number == 2:
        answer(page)
        go_on(page)
    picked = pick(page, 2)
    page.context.set_offline(True)
    page.locator(CHECK).click()
    message = page.locator("[data-net-error]")
    expect(message).to_be_visible()
    expect(message).to_contain_text("The connection was lost.")
    expect(page.locator("#live")).to_contain_text("The connection was lost.")
    expect(page.locator(CHOICES).nth(2)).to_be_checked()
    expect(page.locator(CHECK)).to_be_enabled()
    assert answered().count() == number - 1
    page.context.set_offline(False)
    check(page)
    expect(message).to_have_count(0)
    assert answered().count() == number
    assert answered().last().picked_id == picked


def test_response_that_never_arrived_is_not_saved_twice(page: Page, troubles: Troubles) -> None:
    """The server saved the first answer, yet the browser has no cookie: it may send again."""
    troubles.expect("ERR_CONNECTION_RESET|ERR_FAILED|error: htmx:")
    start(page)
    picked = pick(page)

    def lose(route: Route, request: Request) -> None:
        if request.method == "POST":
            # Sent as the browser would, with nothing of the response coming through.
            cookies = page.context.cookies()
            route.fetch()
            page.context.clear_cookies()
            page.context.add_cookies(cookies)  # type: ignore[arg-type]
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/practice/**", lose)
    page.locator(CHECK).click()
    expect(page.locator("[data-net-error]")).to_be_visible()
    assert answered().count() == 1
    page.unroute("**/practice/**")
    check(page)
    assert Attempt.objects.count() == 1
    assert [row.picked_id for row in answered()] == [picked]


@with_and_without_script
def test_reload_resumes_at_the_same_question(new_visitor: NewVisitor, script: bool) -> None:
    page = new_visitor(java_script_enabled=script).new_page()
    url = _second_question(page)
    stem = page.locator(".stem").inner_text()
    choices = page.locator(".choices").inner_text()
    page.reload()
    expect(page).to_have_url(url)
    assert page.locator(".stem").inner_text() == stem
    assert page.locator(".choices").inner_text() == choices
    page.goto("/practice/")
    page.get_by_role("link", name="Continue").click()
    expect(page).to_have_url(url)
    answer(page)
    page.reload()
    expect(page.locator(VERDICT)).to_be_visible()
    assert answered().count() == 2


@with_and_without_script
@pytest.mark.parametrize("number", [1, 2])
def test_stale_token_keeps_the_answer(
    new_visitor: NewVisitor, troubles: Troubles, script: bool, number: int
) -> None:
    troubles.expect("status of 403|Response Status Error Code 403")
    page = new_visitor(java_script_enabled=script).new_page()
    start(page)
    if number == 2:
        answer(page)
        go_on(page)
    picked = pick(page, 3)
    page.context.clear_cookies(name="csrftoken")
    page.locator(CHECK).click()
    page.get_by_role("button", name=SEND_AGAIN).click()
    expect(page.locator(VERDICT)).to_be_visible()
    expect(page).to_have_url(re.compile(rf"/practice/\d+/{number}/$"))
    assert [row.slot for row in answered()] == list(range(1, number + 1))
    assert answered().last().picked_id == picked
    # From here on everything goes its usual way.
    go_on(page)
    answer(page)
    assert answered().count() == number + 1


@with_and_without_script
def test_signing_in_from_another_tab_keeps_the_answer(
    new_visitor: NewVisitor, troubles: Troubles, script: bool
) -> None:
    troubles.expect("status of 403|Response Status Error Code 403")
    user = User.objects.create_user("ann@example.org", PASSWORD)
    page = new_visitor(java_script_enabled=script).new_page()
    url = _second_question(page)
    picked = pick(page, 3)
    other = page.context.new_page()
    sign_in(other)
    page.bring_to_front()
    page.locator(CHECK).click()
    page.get_by_role("button", name=SEND_AGAIN).click()
    expect(page.locator(VERDICT)).to_be_visible()
    expect(page).to_have_url(url)
    assert [row.attempt.learner.user for row in answered()] == [user, user]
    assert answered().last().picked_id == picked
