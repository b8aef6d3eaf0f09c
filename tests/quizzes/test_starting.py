"""Starting a session: signed tokens, one attempt for one start, retries."""

import time
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from prepsite.accounts.models import Learner
from quizzes import practice
from quizzes.models import Answer, Attempt, SeenQuestion, VersionStat
from quizzes.practice import BadStart, Start, read_token
from tests.factories import (
    choice_of,
    count_everything,
    make_learner,
    make_question,
    make_questions,
    make_user,
    set_cpt_switch,
)
from tests.quizzes.browsing import NEW, first_post, html_of, pick_in, start_session, token_in

pytestmark = pytest.mark.django_db
START = Start("7f9c2ba4-e88f-4c1d-9a3b-5d2f1c0b9a87", "area.x", "Area X", 2**62 - 1, (3, 1, 2))


def test_a_token_carries_the_whole_start() -> None:
    assert read_token(START.token()) == START


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_forged_token_is_refused(place: int) -> None:
    token = list(START.token())
    token[place] = "A" if token[place] != "A" else "B"
    with pytest.raises(BadStart):
        read_token("".join(token))


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "::", "é" * 10, "." * 50])
def test_garbage_is_no_token(token: str) -> None:
    with pytest.raises(BadStart):
        read_token(token)


@pytest.mark.parametrize("data", [[], ["only", "four", "of", 5], {"a": 1}, 7])
def test_a_signed_token_of_another_shape_is_refused(data: object) -> None:
    with pytest.raises(BadStart):
        read_token(signing.dumps(data, salt=practice.TOKEN_SALT, compress=True))


def test_a_token_signed_for_something_else_is_refused() -> None:
    data = [START.nonce, START.scope, START.title, START.seed, list(START.versions)]
    with pytest.raises(BadStart):
        read_token(signing.dumps(data, salt="another", compress=True))


def test_a_token_lives_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    token, now = START.token(), time.time()
    monkeypatch.setattr(time, "time", lambda: now + practice.TOKEN_SECONDS - 60)
    assert read_token(token) == START
    monkeypatch.setattr(time, "time", lambda: now + practice.TOKEN_SECONDS + 60)
    with pytest.raises(BadStart):
        read_token(token)


@pytest.mark.parametrize("token", ["", "forged", "x" * 5_000])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_bad_start_says_so_and_saves_nothing(client: Client, token: str, headers: dict) -> None:
    choice = choice_of(make_question(), right=True)
    response = client.post(NEW, {"start": token, "choice": choice.pk}, headers=headers)
    # 409 is among the answers that htmx shows (templates/learner.html).
    assert response.status_code == 409
    assert "This page was open too long" in html_of(response)
    assert response.get("HX-Reselect") == ("#slot" if headers else None)
    assert not Attempt.objects.exists()
    assert not Learner.objects.exists()


def test_a_start_over_versions_that_are_gone_is_expired(client: Client) -> None:
    make_question()
    response = client.post(NEW, {"start": START.token(), "choice": 1})
    assert response.status_code == 409


def test_it_starts_with_the_first_answer(client: Client) -> None:
    make_questions(7)
    attempt = start_session(client, count=5, right=True)
    assert [answer.slot for answer in attempt.answers.all()] == [1, 2, 3, 4, 5]
    first = attempt.answers.get(slot=1)
    assert (first.correct, first.first_try) == (True, True)
    assert attempt.answers.filter(answered_at=None).count() == 4
    assert attempt.learner == Learner.objects.get()


def test_the_same_start_sent_twice_is_one_session(client: Client) -> None:
    make_questions(5)
    page = client.get(NEW)
    data = first_post(page)
    first = client.post(NEW, data)
    again = client.post(NEW, data)
    assert first["Location"] == again["Location"]
    assert Attempt.objects.count() == 1
    assert Learner.objects.count() == 1
    assert SeenQuestion.objects.get().times_answered == 1
    count_everything()
    assert VersionStat.objects.filter(first_tries=1).count() == 1


def test_the_same_start_with_another_choice_keeps_the_first(client: Client) -> None:
    make_questions(5)
    page = client.get(NEW)
    right, wrong = first_post(page, right=True), first_post(page, right=False)
    client.post(NEW, wrong)
    response = client.post(NEW, right, follow=True)
    assert "Not correct" in html_of(response)
    assert Answer.objects.get(answered_at__isnull=False).picked_id == wrong["choice"]


def test_a_retry_without_the_cookie_gets_its_session_back() -> None:
    make_questions(5)
    lost, retry = Client(), Client()
    data = first_post(lost.get(NEW))
    lost.post(NEW, data)  # its response, and with it the cookie, never arrived
    response = retry.post(NEW, data, follow=True)
    assert response.status_code == 200
    assert "Correct" in html_of(response)
    assert Learner.objects.count() == 1
    assert Attempt.objects.count() == 1
    assert retry.cookies["learner"].value == lost.cookies["learner"].value


def test_after_an_hour_a_start_token_opens_no_session_of_another_browser() -> None:
    make_questions(5)
    owner, stranger = Client(), Client()
    data = first_post(owner.get(NEW))
    owner.post(NEW, data)
    Attempt.objects.update(started_at=timezone.now() - timedelta(minutes=61))
    response = stranger.post(NEW, data)
    assert response.status_code == 409
    assert Answer.objects.filter(answered_at__isnull=False).count() == 1
    assert not SeenQuestion.objects.exclude(learner=Attempt.objects.get().learner).exists()


def test_a_start_token_opens_no_session_of_an_account() -> None:
    make_questions(5)
    owner, stranger = Client(), Client()
    owner.force_login(make_user())
    data = first_post(owner.get(NEW))
    owner.post(NEW, data)
    assert stranger.post(NEW, data).status_code == 409
    assert Attempt.objects.count() == 1


def test_another_learner_cannot_take_a_start_over() -> None:
    make_questions(5)
    owner, other = Client(), Client()
    start_session(other)
    data = first_post(owner.get(NEW))
    owner.post(NEW, data)
    assert other.post(NEW, data).status_code == 409
    assert Attempt.objects.count() == 2


def test_a_missing_first_choice_starts_nothing_and_keeps_the_start(client: Client) -> None:
    make_questions(5)
    page = client.get(NEW)
    response = client.post(NEW, {"start": token_in(page)})
    assert response.status_code == 422
    assert "Choose an answer" in html_of(response)
    assert not Attempt.objects.exists()
    assert not Learner.objects.exists()
    assert "learner" not in response.cookies
    again = client.post(NEW, {"start": token_in(response), "choice": pick_in(response)})
    assert again.status_code == 302


def test_a_first_item_withdrawn_since_the_page_was_opened_is_not_shown(client: Client) -> None:
    question = make_question(cpt_content="yes")
    data = first_post(client.get(NEW))
    set_cpt_switch(show=False)
    response = client.post(NEW, data, follow=True)
    assert question.current
    assert question.current.rationale not in html_of(response)
    response = client.post(NEW, {"start": data["start"]})
    assert question.current.stem not in html_of(response)


def test_the_plan_prefers_what_this_learner_has_not_seen(client: Client) -> None:
    make_questions(10)
    first = start_session(client, count=5)
    second = start_session(client, count=5)
    versions = [
        set(attempt.answers.values_list("version_id", flat=True)) for attempt in (first, second)
    ]
    # Only the one answered question counts as seen.
    answered = first.answers.get(slot=1).version_id
    assert answered not in versions[1]


def test_an_account_without_a_learner_gets_one_at_its_first_answer(client: Client) -> None:
    make_questions(5)
    user = make_user()
    client.force_login(user)
    client.get(NEW)
    assert not Learner.objects.exists()
    attempt = start_session(client)
    assert attempt.learner == Learner.objects.get(user=user)
    assert "learner" not in client.cookies


def test_an_account_with_a_learner_keeps_it(client: Client) -> None:
    make_questions(5)
    user = make_user()
    learner = make_learner(user=user)
    client.force_login(user)
    assert start_session(client).learner == learner
    assert Learner.objects.count() == 1
