"""What the pages for reading cost in statements, exactly."""

import pytest
from django.test import Client

from prepsite.content import pagecache, revision
from tests.accounts.helpers import answer_one, make_question, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank():
    for _ in range(3):
        make_question()
    Client().get("/")  # the pool of today's questions is in memory from the first page on


# One statement reads the revision; the page about items also counts the blind solves.
@pytest.mark.parametrize(
    ("url", "statements"), [("/", 1), ("/about/", 1), ("/about/items/", 2), ("/privacy/", 1)]
)
def test_a_page_made_anew(url, statements, django_assert_num_queries):
    pagecache.pages.clear()
    revision.forget()
    with django_assert_num_queries(statements):
        assert Client().get(url).status_code == 200


# A learner costs one statement more, and the home page one for the open sessions.
@pytest.mark.parametrize(
    ("url", "statements"), [("/", 2), ("/about/", 0), ("/about/items/", 1), ("/privacy/", 0)]
)
def test_a_page_for_a_learner(url, statements, django_assert_num_queries):
    browser = Client()
    answer_one(browser)
    revision.current()
    with django_assert_num_queries(statements):
        assert browser.get(url).status_code == 200


@pytest.mark.parametrize(("url", "statements"), [("/", 2), ("/about/", 0)])
def test_a_page_for_an_account(url, statements, django_assert_num_queries):
    make_user()
    browser = Client()
    answer_one(browser)
    sign_in(browser, "ann@example.org")
    browser.get(url)
    with django_assert_num_queries(statements):
        assert browser.get(url).status_code == 200


def test_the_home_page_costs_the_same_with_many_questions_and_sessions(django_assert_num_queries):
    browser = Client()
    for _ in range(4):
        answer_one(browser)
    for _ in range(10):
        make_question()
    Client().get("/")
    with django_assert_num_queries(2):
        browser.get("/")
