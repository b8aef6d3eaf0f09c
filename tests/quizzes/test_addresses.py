"""Addresses and cookies of practice: strangers, bad numbers, wrong methods, no rows on GET."""

import pytest
from django.test import Client

from prepsite.accounts.models import Learner
from quizzes.models import Answer, Attempt, SeenQuestion
from tests.factories import make_question, make_questions, make_topic
from tests.quizzes.browsing import (
    HTMX,
    NEW,
    choices_in,
    first_post,
    forget_all,
    go_through,
    html_of,
    slot_url,
    start_session,
)

pytestmark = pytest.mark.django_db
HUGE = 2**70


@pytest.fixture
def attempt(client: Client) -> Attempt:
    make_questions(5)
    return start_session(client)


def pages_of(attempt_id: int) -> list[str]:
    base = f"/practice/{attempt_id}/"
    return [base, f"{base}1/", f"{base}2/", f"{base}summary/", f"{NEW}?again={attempt_id}"]


def test_the_pages_answer(client: Client, attempt: Attempt) -> None:
    for url in ["/practice/", NEW, *pages_of(attempt.pk), "/progress/", "/"]:
        assert client.get(url).status_code in (200, 302), url


@pytest.mark.parametrize("attempt_id", [0, 999_999, 2**31, 2**63, HUGE])
def test_an_unknown_session_is_not_found(client: Client, attempt: Attempt, attempt_id: int) -> None:
    for url in pages_of(attempt_id):
        assert client.get(url).status_code == 404, url
    assert (
        client.post(slot_url(attempt, 2).replace(str(attempt.pk), str(attempt_id), 1)).status_code
        == 404
    )


@pytest.mark.parametrize("again", ["", "x", "-1", "0", "1.5", "9" * 5_000])
def test_practising_what_is_no_session_again_is_not_found(
    client: Client, attempt: Attempt, again: str
) -> None:
    assert client.get(NEW, {"again": again}).status_code == 404


def test_a_session_of_somebody_else_is_not_found(attempt: Attempt) -> None:
    other = Client()
    start_session(other)
    for browser in (other, Client()):
        for url in pages_of(attempt.pk):
            assert browser.get(url).status_code == 404, url
        choice = attempt.answers.get(slot=2).version.choices.first()
        assert choice
        assert browser.post(slot_url(attempt, 2), {"choice": choice.pk}).status_code == 404
    assert attempt.answers.get(slot=2).answered_at is None


@pytest.mark.parametrize("number", [0, 6, 999, 2**31, HUGE])
def test_a_slot_beyond_the_session_is_not_found(
    client: Client, attempt: Attempt, number: int
) -> None:
    assert client.get(slot_url(attempt, number)).status_code == 404
    assert client.post(slot_url(attempt, number), {"choice": 1}).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_wrong_methods_are_refused(client: Client, attempt: Attempt, method: str) -> None:
    base = f"/practice/{attempt.pk}/"
    urls = ["/practice/", base, f"{base}summary/", "/progress/", "/"]
    if method != "post":
        urls += [NEW, f"{base}2/"]
    for url in urls:
        assert getattr(client, method)(url).status_code == 405, url


def test_head_is_answered_like_get(client: Client, attempt: Attempt) -> None:
    for url in ("/practice/", NEW, slot_url(attempt, 2), "/progress/"):
        response = client.head(url)
        assert response.status_code == 200
        assert response.content == b""


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"scope": "topic." + "x" * 200}, "at most 100 characters"),
        ({"scope": "topic.no-such-topic"}, "no questions on this"),
        ({"scope": "topic.an-empty-topic"}, "no questions on this"),
        ({"scope": "subject.anatomy"}, "no questions on this"),
        ({"scope": "nonsense"}, "no questions on this"),
        ({"scope": "\x00"}, "Null characters"),
        ({"count": "7"}, "Choose 5, 10, 20 or 40 questions."),
        ({"count": "-5"}, "Choose 5, 10, 20 or 40 questions."),
        ({"count": "many"}, "Choose 5, 10, 20 or 40 questions."),
        ({"count": str(HUGE)}, "Choose 5, 10, 20 or 40 questions."),
    ],
)
def test_a_wrong_choice_of_session_says_what_is_wrong(
    client: Client, query: dict[str, str], message: str
) -> None:
    make_questions(5)
    make_topic("an-empty-topic")
    response = client.get(NEW, query)
    assert response.status_code == 400
    assert message in html_of(response)
    assert 'role="alert"' in html_of(response)
    assert 'name="count"' in html_of(response)


def test_without_any_item_practice_says_so(client: Client) -> None:
    assert client.get("/practice/").status_code == 200
    response = client.get(NEW)
    assert response.status_code == 400
    assert "no questions on this" in html_of(response)


@pytest.mark.parametrize("scope", ["", "subject.anatomy", "area.body", "topic.bones"])
def test_a_scope_draws_its_own_items(client: Client, scope: str) -> None:
    bones = make_question(make_topic("bones", "body", subject="anatomy"))  # type: ignore[arg-type]
    make_question(make_topic("elsewhere", "other"))
    attempt = start_session(client, scope=scope)
    versions = {answer.version_id for answer in attempt.answers.all()}
    assert bones.current_id in versions
    assert len(versions) == (1 if scope else 2)


@pytest.mark.parametrize(("count", "expected"), [("", 10), ("5", 5), ("20", 12)])
def test_the_number_asked_for(client: Client, count: str, expected: int) -> None:
    make_questions(12)
    assert start_session(client, count=count).answers.count() == expected


def test_items_not_valid_on_the_exam_date_are_not_asked(client: Client) -> None:
    make_question(valid_from="2098-01-01", code_year="2098")
    valid = make_question()
    assert [a.version_id for a in start_session(client).answers.all()] == [valid.current_id]


@pytest.mark.parametrize("status", ["draft", "in_review", "retired"])
def test_only_published_items_are_asked(client: Client, status: str) -> None:
    make_question(status=status)
    assert client.get(NEW).status_code == 400


def test_looking_leaves_no_rows_and_no_cookie(client: Client) -> None:
    make_questions(5)
    for url in ("/", "/practice/", NEW, f"{NEW}?count=5", "/progress/", "/practice/1/"):
        for headers in ({}, HTMX):
            response = client.get(url, headers=headers)
            assert "learner" not in response.cookies, url
            assert "sessionid" not in response.cookies, url
    for model in (Learner, Attempt, Answer, SeenQuestion):
        assert not model._default_manager.exists()


def test_the_first_answer_makes_the_learner_and_a_signed_cookie(client: Client) -> None:
    make_questions(5)
    response = client.post(NEW, first_post(client.get(NEW)))
    cookie = response.cookies["learner"]
    learner = Learner.objects.get()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] > 365 * 24 * 3600
    pk, _, signature = cookie.value.partition(":")
    assert pk == str(learner.pk)
    assert len(signature) > 40


def test_a_tampered_cookie_is_ignored(attempt: Attempt) -> None:
    learner = attempt.learner
    assert learner
    for value in (str(learner.pk), f"{learner.pk}:x:y", ":", "x" * 5_000, f"{HUGE}:a:b"):
        browser = Client()
        browser.cookies["learner"] = value
        assert browser.get(slot_url(attempt, 1)).status_code == 404
        assert browser.get("/practice/").status_code == 200
        assert browser.get("/progress/").status_code == 200
    start_session(browser)
    assert Learner.objects.count() == 2
    assert browser.get(slot_url(attempt, 1)).status_code == 404


def test_another_learners_number_under_ones_own_signature_is_ignored(attempt: Attempt) -> None:
    other = Client()
    start_session(other)
    own = other.cookies["learner"].value
    assert attempt.learner_id
    forged = Client()
    forged.cookies["learner"] = f"{attempt.learner_id}:{own.partition(':')[2]}"
    assert forged.get(slot_url(attempt, 1)).status_code == 404


def test_missed_items_are_practised_again(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client, right=False)
    for number in (2, 3, 4, 5):
        right = number != 3
        pk = attempt.answers.get(slot=number).version.choices.filter(is_key=right).first()
        assert pk
        client.post(slot_url(attempt, number), {"choice": pk.pk})
    missed = set(attempt.answers.filter(correct=False).values_list("version_id", flat=True))
    assert len(missed) == 2
    again = start_session(client, again=attempt.pk)
    assert set(again.answers.values_list("version_id", flat=True)) == missed
    assert again.title == f"{attempt.title}, missed ones"
    go_through(client, again, right=False)
    third = start_session(client, again=again.pk)
    assert third.title == again.title


def test_nothing_missed_leads_back_to_choosing(client: Client) -> None:
    make_questions(2)
    attempt = start_session(client)
    go_through(client, attempt)
    assert client.get(NEW, {"again": attempt.pk})["Location"] == "/practice/"


def test_a_missed_item_that_was_retired_is_not_asked_again(client: Client) -> None:
    questions = make_questions(2)
    attempt = start_session(client, right=False)
    go_through(client, attempt, right=False)
    for question in questions[1:]:
        question.status = "retired"
        question.save()
    forget_all()
    again = start_session(client, again=attempt.pk)
    assert [a.version_id for a in again.answers.all()] == [questions[0].current_id]


def test_the_choose_page_counts_what_there_is(client: Client) -> None:
    make_questions(3)
    html = html_of(client.get("/practice/"))
    assert "Everything (3)" in html
    assert "All of HCPCS Level II (3)" in html
    assert "Topic a-topic (3)" in html
    assert "Anatomy" not in html


def test_the_choose_page_offers_to_go_on(client: Client, attempt: Attempt) -> None:
    html = html_of(client.get("/practice/"))
    assert f'href="/practice/{attempt.pk}/"' in html
    assert "1 of 5 answered, 1 correct" in html
    assert f'href="/practice/{attempt.pk}/"' in html_of(client.get("/"))
    go_through(client, attempt)
    assert "answered, " not in html_of(client.get("/practice/"))


def test_a_head_of_the_first_question_starts_nothing(client: Client) -> None:
    make_questions(5)
    assert client.head(NEW).status_code == 200
    assert choices_in(client.get(NEW))
    assert not Attempt.objects.exists()
