"""The learner cookie: what it carries, and that nothing else opens a learner's data."""

import time

import pytest
from django.http import HttpResponse
from django.test import Client

from prepsite.accounts.learners import COOKIE_SALT
from prepsite.accounts.models import Learner
from tests.accounts.helpers import (
    answer_one,
    cookie_learner,
    make_question,
    make_user,
    page_of,
    sign_in,
    sign_up,
)

pytestmark = pytest.mark.django_db
TWO_YEARS = 2 * 365 * 24 * 3600


@pytest.fixture
def learner(client: Client) -> Learner:
    """The learner of a browser that has answered one question."""
    make_question()
    answer_one(client)
    return cookie_learner(client)


def progress_with(cookie: str) -> str:
    """Return the progress page of a browser that sends this learner cookie."""
    browser = Client()
    browser.cookies["learner"] = cookie
    response = browser.get("/progress/")
    assert response.status_code == 200
    return page_of(response)


def signed(value: str, salt: str = COOKIE_SALT) -> str:
    """Return a cookie's value, signed as the site signs it."""
    response = HttpResponse()
    response.set_signed_cookie("learner", value, salt=salt)
    return response.cookies["learner"].value


def test_the_cookie_is_signed_lasts_two_years_and_is_out_of_reach_of_scripts(client, learner):
    cookie = client.cookies["learner"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == TWO_YEARS
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert cookie.value.count(":") == 2
    assert cookie.value.startswith(f"{learner.pk}:")


def test_the_cookie_is_secure_where_the_site_is(client, settings):
    settings.LEARNER_COOKIE_SECURE = True
    make_question()
    answer_one(client)
    assert client.cookies["learner"]["secure"] is True


def test_the_cookie_alone_opens_the_progress(client, learner):
    assert "By subject and area" in progress_with(client.cookies["learner"].value)


def test_a_cookie_signed_by_hand_in_the_sites_way_opens_it_too(learner):
    assert "By subject and area" in progress_with(signed(str(learner.pk)))


@pytest.mark.parametrize(
    "cookie",
    [
        "{pk}",
        "{pk}:{stamp}:{broken}",
        "{next}:{stamp}:{signature}",
        "{pk}::{signature}",
        "{foreign}",
        "",
        ":::",
        "\0",
    ],
)
def test_a_cookie_that_was_tampered_with_opens_nothing(client, learner, cookie):
    pk, stamp, signature = client.cookies["learner"].value.split(":")
    forged = cookie.format(
        pk=pk,
        next=int(pk) + 1,
        stamp=stamp,
        signature=signature,
        broken=signature.swapcase(),
        foreign=signed(pk, salt="another.salt"),
    )
    assert "Nothing yet" in progress_with(forged)


@pytest.mark.parametrize("value", ["abc", "", "0", "-1", "99999999", "1.0", "1e0", "None"])
def test_a_signed_value_that_is_no_learner_opens_nothing(learner, value):
    assert "Nothing yet" in progress_with(signed(value))


def test_a_number_too_large_for_the_database_opens_nothing(learner):
    assert "Nothing yet" in progress_with(signed("9" * 30))


def test_a_cookie_older_than_two_years_opens_nothing(client, learner, monkeypatch):
    cookie = client.cookies["learner"].value
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + TWO_YEARS + 60)
    assert "Nothing yet" in progress_with(cookie)


def test_the_cookie_of_a_learner_with_an_account_opens_nothing(client, learner):
    cookie = client.cookies["learner"].value
    sign_up(client, "ann@example.org")
    learner.refresh_from_db()
    assert learner.user
    assert "Nothing yet" in progress_with(cookie)


def test_the_cookie_of_a_merged_learner_opens_nothing(client, learner):
    cookie = client.cookies["learner"].value
    Learner.objects.create(user=make_user())
    sign_in(client, "ann@example.org")
    learner.refresh_from_db()
    assert learner.merged_into
    assert "Nothing yet" in progress_with(cookie)


def test_an_answer_sent_with_a_merged_cookie_starts_a_learner_of_its_own(client, learner):
    cookie = client.cookies["learner"].value
    Learner.objects.create(user=make_user())
    sign_in(client, "ann@example.org")
    browser = Client()
    browser.cookies["learner"] = cookie
    answer_one(browser)
    fresh = cookie_learner(browser)
    assert fresh != learner
    assert fresh.user is None


def test_an_account_ignores_a_cookie_in_its_browser(client, learner):
    cookie = client.cookies["learner"].value
    browser = Client()
    sign_up(browser, "bob@example.org")
    browser.cookies["learner"] = cookie
    assert "Nothing yet" in page_of(browser.get("/progress/"))


def test_the_cookie_of_an_erased_learner_opens_nothing(client, learner):
    cookie = client.cookies["learner"].value
    learner.delete()
    assert "Nothing yet" in progress_with(cookie)
