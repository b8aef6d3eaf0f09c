"""Signing in says what it added and offers to take it back, in the same session only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.accounts import learners
from prepsite.accounts.models import Learner, Merge
from tests.accounts.helpers import (
    answer_one,
    cookie_learner,
    make_question,
    make_user,
    page_of,
    sign_in,
    sign_up,
)
from tests.accounts.test_joining import answered

pytestmark = pytest.mark.django_db
OFFER = '<button class="button quiet" type="submit">Undo'


@pytest.fixture
def browser() -> Client:
    """A browser that has just signed in to an account of one answer, and added two."""
    for _ in range(3):
        make_question()
    elsewhere = Client()
    sign_up(elsewhere, "ann@example.org")
    answer_one(elsewhere)
    browser = Client()
    answer_one(browser)
    answer_one(browser)
    browser.landing = page_of(sign_in(browser, "ann@example.org"))  # type: ignore[attr-defined]
    return browser


def undo(client: Client, page: str) -> Any:
    """Press the page's button."""
    merge = re.search(r'name="merge" value="(\d+)"', page)
    assert merge
    return client.post("/accounts/undo/", {"merge": merge[1]}, follow=True)


def test_the_page_after_signing_in_says_what_was_added_and_has_the_button(browser):
    page = browser.landing
    assert "Added to your account: 2 answers from this browser." in page
    assert OFFER in page
    # Once on the page it lands on, always on the account page.
    assert OFFER not in page_of(browser.get("/progress/"))
    assert OFFER in page_of(browser.get("/accounts/"))


def test_undoing_gives_the_answers_back_to_the_browser_until_it_signs_out(browser):
    page = page_of(undo(browser, browser.landing))
    assert "Undone. Taken out of your account: 2 answers from this browser." in page
    assert "Signing out removes it from this browser for good." in page
    assert OFFER not in page
    assert answered(browser) == 1
    source = cookie_learner(browser)
    assert (source.user, source.merged_into) == (None, None)
    stranger = Client()
    stranger.cookies["learner"] = browser.cookies["learner"].value
    assert answered(stranger) == 2
    browser.post("/accounts/logout/")
    assert browser.cookies["learner"].value == ""
    assert answered(browser) == 0


def test_a_second_press_changes_nothing_and_says_so(browser):
    undo(browser, browser.landing)
    page = page_of(undo(browser, browser.landing))
    assert "That has been undone already." in page
    assert answered(browser) == 1
    # The first response may be lost to a double click; the second brings the cookie too.
    assert cookie_learner(browser) == Merge.objects.get().source


def test_added_undone_and_added_again(browser):
    undo(browser, browser.landing)
    session = browser.cookies["sessionid"]
    session["max-age"] = 0
    del browser.cookies["sessionid"]
    page = page_of(sign_in(browser, "ann@example.org"))
    assert "Added to your account: 2 answers from this browser." in page
    assert answered(browser) == 3
    undo(browser, page)
    assert answered(browser) == 1


def test_only_the_session_that_added_them_can_take_them_out(browser):
    elsewhere = Client()
    assert OFFER not in page_of(sign_in(elsewhere, "ann@example.org"))
    page = page_of(undo(elsewhere, browser.landing))
    assert "That can no longer be undone" in page
    assert answered(browser) == 3
    assert "learner" not in elsewhere.cookies


@pytest.mark.parametrize("merge", ["theirs", "0", "-1", "99999999999", "9" * 30, "x", "", "\0"])
def test_a_strange_number_finds_nothing(browser, merge):
    make_user("bob@example.org")
    stranger = Client()
    sign_in(stranger, "bob@example.org")
    number = Merge.objects.get().pk if merge == "theirs" else merge
    assert stranger.post("/accounts/undo/", {"merge": number}).status_code == 404
    assert answered(browser) == 3


def test_signed_out_the_button_leads_to_signing_in(browser):
    browser.post("/accounts/logout/")
    assert undo(browser, browser.landing).redirect_chain[-1][0].startswith("/accounts/login/")
    assert Merge.objects.get().undone_at is None
    # Signing in from there ends on the account page.
    page = browser.get("/accounts/undo/", follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/login/?next=/accounts/undo/"


def test_the_button_needs_its_token(browser):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    number = Merge.objects.get().pk
    assert strict.post("/accounts/undo/", {"merge": number}).status_code == 403
    assert answered(browser) == 3


def test_an_account_without_progress_gives_all_back(client):
    make_question()
    make_user()
    answer_one(client)
    page = page_of(sign_in(client, "ann@example.org"))
    undo(client, page)
    assert answered(client) == 0
    answer_one(client)
    assert answered(client) == 1
    stranger = Client()
    stranger.cookies["learner"] = client.cookies["learner"].value
    assert answered(stranger) == 1


def test_an_exam_date_comes_along_and_goes_back(client):
    make_user()
    Learner.objects.create(user=make_user("bob@example.org"))
    day = timezone.localdate() + timedelta(days=30)
    client.post("/accounts/exam-date/", {"exam_date": day.isoformat()})
    page = page_of(sign_in(client, "bob@example.org"))
    assert "Added to your account: the exam date set in this browser." in page
    assert Learner.objects.get(user__email="bob@example.org").exam_date == day
    undo(client, page)
    assert Learner.objects.get(user__email="bob@example.org").exam_date is None
    assert cookie_learner(client).exam_date == day


def test_a_browser_that_brings_nothing_gets_no_offer(client):
    make_user()
    learner = Learner.objects.create(user=make_user("bob@example.org"))
    learners.set_exam_date(learner, timezone.localdate() + timedelta(days=3))
    assert OFFER not in page_of(sign_in(client, "ann@example.org"))
    assert "Added when you signed in" not in page_of(client.get("/accounts/"))


def test_the_account_page_costs_one_statement_with_the_offer_too(
    browser, django_assert_num_queries
):
    browser.get("/accounts/")
    with django_assert_num_queries(1):
        browser.get("/accounts/")
