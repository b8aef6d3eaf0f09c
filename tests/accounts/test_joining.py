"""What becomes of the browser's progress when somebody signs up, in or out."""

import pytest
from django.test import Client

from prepsite.accounts.models import Learner, User
from quizzes.models import Answer, Attempt
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


@pytest.fixture(autouse=True)
def _bank():
    for _ in range(3):
        make_question()


def answered(client: Client) -> int:
    """Return the number of answers that the progress page shows."""
    page = page_of(client.get("/progress/"))
    if "Nothing yet" in page:
        return 0
    return int(page.partition("<dt>Answered</dt><dd>")[2].partition("</dd>")[0])


def test_reading_leaves_no_learner_and_no_cookie(client):
    for url in ("/", "/practice/", "/practice/new/?count=5", "/progress/", "/careers/"):
        response = client.get(url)
        assert response.status_code == 200
        assert "learner" not in response.cookies
    assert not Learner.objects.exists()


def test_the_first_answer_makes_a_learner(client):
    attempt = answer_one(client)
    assert cookie_learner(client).user is None
    assert Attempt.objects.get(pk=attempt).learner == cookie_learner(client)
    assert answered(client) == 1


def test_progress_comes_along_on_signing_up(client):
    answer_one(client)
    learner = cookie_learner(client)
    page = page_of(sign_up(client, "new@example.org"))
    assert "Your account is ready. It keeps the 1 answer from this browser." in page
    assert "Undo" not in page
    learner.refresh_from_db()
    assert learner.user == User.objects.get()
    assert client.cookies["learner"].value == ""
    assert answered(client) == 1
    elsewhere = Client()
    sign_in(elsewhere, "new@example.org")
    assert answered(elsewhere) == 1


def test_signing_in_adds_the_answers_and_says_how_many(client):
    sign_up(client, "ann@example.org")
    answer_one(client)
    browser = Client()
    answer_one(browser)
    answer_one(browser)
    page = page_of(sign_in(browser, "ann@example.org"))
    assert "Added to your account: 2 answers from this browser." in page
    assert answered(browser) == 3
    assert answered(client) == 3
    assert "learner" in browser.cookies
    assert browser.cookies["learner"].value == ""
    assert Answer.objects.filter(answered_at__isnull=False).count() == 3


def test_one_answer_is_said_in_the_singular(client):
    sign_up(client, "ann@example.org")
    answer_one(client)
    browser = Client()
    answer_one(browser)
    page = page_of(sign_in(browser, "ann@example.org"))
    assert "Added to your account: 1 answer from this browser." in page


def test_signing_in_again_adds_nothing_twice(client):
    sign_up(client, "ann@example.org")
    answer_one(client)
    browser = Client()
    answer_one(browser)
    stale = browser.cookies["learner"].value
    sign_in(browser, "ann@example.org")
    browser.post("/accounts/logout/")
    browser.cookies["learner"] = stale
    page = page_of(sign_in(browser, "ann@example.org"))
    assert "Added to your account" not in page
    assert answered(browser) == 2


def test_signing_in_to_an_account_without_progress_adds_the_browsers_and_says_so(client):
    make_user()
    answer_one(client)
    page = page_of(sign_in(client, "ann@example.org"))
    assert "Added to your account: 1 answer from this browser." in page
    assert answered(client) == 1
    elsewhere = Client()
    sign_in(elsewhere, "ann@example.org")
    assert answered(elsewhere) == 1


def test_the_next_person_at_this_browser_starts_clean(client):
    make_user("bob@example.org")
    sign_up(client, "ann@example.org")
    attempt = answer_one(client)
    client.post("/accounts/logout/")
    assert answered(client) == 0
    assert client.get(f"/practice/{attempt}/summary/").status_code == 404
    sign_in(client, "bob@example.org")
    assert answered(client) == 0
    assert client.get(f"/practice/{attempt}/summary/").status_code == 404


def test_signing_out_drops_a_learner_cookie_left_over_in_the_browser(client):
    answer_one(client)
    cookie = client.cookies["learner"].value
    sign_up(client, "ann@example.org")
    client.cookies["learner"] = cookie
    response = client.post("/accounts/logout/")
    assert response.cookies["learner"]["max-age"] == 0
    assert answered(client) == 0


def test_an_answer_given_while_signed_in_belongs_to_the_account(client):
    sign_up(client, "ann@example.org")
    attempt = answer_one(client)
    assert Attempt.objects.get(pk=attempt).learner == Learner.objects.get(user__isnull=False)
    assert Learner.objects.count() == 1


def test_a_stranger_finds_no_session(client):
    attempt = answer_one(client)
    stranger = Client()
    answer_one(stranger)
    for path in ("", "1/", "summary/"):
        assert stranger.get(f"/practice/{attempt}/{path}").status_code == 404
