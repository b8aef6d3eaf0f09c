"""What pages cost: exact numbers of statements, the same whatever the number of rows.

The counts hold for a warm process: what versions say is rendered once and kept, and the
session of an account is in the shared cache. The read of the publication state, at most
one a second in each process, is always counted.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from quizzes.models import Answer, Attempt
from quizzes.pool import pool_on
from quizzes.rendering import contents_of
from quizzes.shares import forget, shares_of
from tests.factories import make_answered, make_learner, make_questions, make_user
from tests.quizzes.browsing import (
    HTMX,
    NEW,
    answer_open_slot,
    first_post,
    forget_all,
    pick_in,
    slot_url,
    start_session,
    statements,
)

pytestmark = pytest.mark.django_db
ANSWER_BUDGET = 8
type Cost = Callable[[Callable[[], object]], int]


@pytest.fixture
def cost(monkeypatch: pytest.MonkeyPatch) -> Cost:
    """Count the statements of a call."""

    def count(call: Callable[[], object]) -> int:
        with statements(monkeypatch) as found:
            call()
        assert found
        return len(found)

    return count


@pytest.fixture
def signed_in(client: Client) -> Client:
    user = make_user()
    make_learner(user=user)
    client.force_login(user)
    return client


def warm() -> None:
    """Bring pool and contents into this process's memory."""
    pool_on(timezone.localdate())
    for version in Answer.objects.values_list("version_id", flat=True):
        shares_of(version)
    contents_of(Answer.objects.values_list("version_id", flat=True))


def started(client: Client, number: int = 6) -> Attempt:
    """Start a session in a warm process."""
    make_questions(number)
    attempt = start_session(client)
    warm()
    return attempt


def test_choosing(client: Client, cost: Cost) -> None:
    make_questions(3)
    warm()
    assert cost(lambda: client.get("/practice/")) == 1
    started(client)
    # The learner, an open mock, the open sessions with their totals, and notices.
    assert cost(lambda: client.get("/practice/")) == 5


def test_the_first_question(client: Client, cost: Cost) -> None:
    make_questions(3)
    warm()
    client.get(NEW)
    assert cost(lambda: client.get(NEW, {"count": 5})) <= 1 + 4  # a version not seen yet
    contents_of(item.version_id for item in pool_on(timezone.localdate()).items)
    assert cost(lambda: client.get(NEW)) == 1
    started(client)
    # The learner, and what the learner has seen.
    contents_of(item.version_id for item in pool_on(timezone.localdate()).items)
    assert cost(lambda: client.get(NEW)) == 3


def test_starting(client: Client, cost: Cost) -> None:
    make_questions(6)
    data = first_post(client.get(NEW, {"count": 5}))
    # State, twin, learner, attempt, slots, session, two for the answer.
    assert cost(lambda: client.post(NEW, data)) == 8
    data = first_post(client.get(NEW, {"count": 5}))
    # A known learner is read and not made, and has no twin to look for; the feedback
    # needs the shares of its choices, read once in some minutes.
    assert cost(lambda: client.post(NEW, data, headers=HTMX)) == 8


def test_starting_signed_in(signed_in: Client, cost: Cost) -> None:
    make_questions(6)
    data = first_post(signed_in.get(NEW))
    assert cost(lambda: signed_in.post(NEW, data)) == 7


def test_a_question_and_its_feedback(client: Client, cost: Cost) -> None:
    attempt = started(client)
    for number in (1, 2):
        for headers in ({}, HTMX):
            # State, session.
            assert cost(lambda: client.get(slot_url(attempt, number), headers=headers)) == 2  # noqa: B023


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("right", [True, False])
def test_an_answer(client: Client, cost: Cost, headers: dict, right: bool) -> None:
    attempt = started(client)
    url = slot_url(attempt, 2)
    data = {"choice": pick_in(client.get(url), right=right)}
    # State, session, seen, answer.
    assert cost(lambda: client.post(url, data, headers=headers)) == 4
    assert attempt.answers.get(slot=2).answered_at
    # Sent again it only looks.
    assert cost(lambda: client.post(url, data, headers=headers)) == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_answer_of_an_account(signed_in: Client, cost: Cost, headers: dict) -> None:
    attempt = started(signed_in)
    url = slot_url(attempt, 2)
    data = {"choice": pick_in(signed_in.get(url))}
    # The account with its learner comes on top.
    assert cost(lambda: signed_in.post(url, data, headers=headers)) == 5


def test_an_answer_stays_in_budget_when_the_cache_has_lost_the_session(
    signed_in: Client, cost: Cost
) -> None:
    attempt = started(signed_in)
    url = slot_url(attempt, 2)
    data = {"choice": pick_in(signed_in.get(url))}
    cache.clear()
    assert cost(lambda: signed_in.post(url, data)) == 6 <= ANSWER_BUDGET


def test_the_last_answer_also_closes_the_session(signed_in: Client, cost: Cost) -> None:
    attempt = started(signed_in, 2)
    url = slot_url(attempt, 2)
    data = {"choice": pick_in(signed_in.get(url))}
    cache.clear()
    forget()
    # Of htmx, with the feedback in the answer and its shares not read for minutes.
    assert cost(lambda: signed_in.post(url, data, headers=HTMX)) == ANSWER_BUDGET
    attempt.refresh_from_db()
    assert attempt.finished_at


def test_a_refused_answer_costs_no_write(client: Client, cost: Cost) -> None:
    attempt = started(client)
    assert cost(lambda: client.post(slot_url(attempt, 2), {})) == 2


def test_the_summary(client: Client, cost: Cost) -> None:
    attempt = started(client)
    assert cost(lambda: client.get(f"/practice/{attempt.pk}/summary/")) == 2
    forget_all()
    # Sources, versions, choices and rulings, once for all items.
    assert cost(lambda: client.get(f"/practice/{attempt.pk}/summary/")) == 2 + 4


def test_progress(client: Client, signed_in: Client, cost: Cost) -> None:
    started(client)
    # State, the account with its learner, an open mock, notices, and five of progress.
    assert cost(lambda: client.get("/progress/")) == 9
    assert cost(lambda: Client().get("/progress/")) == 1


def test_home(client: Client, cost: Cost) -> None:
    started(client)
    # State, learner, open sessions.
    assert cost(lambda: client.get("/")) == 3
    stranger = Client()
    stranger.get("/")
    assert cost(lambda: stranger.get("/")) == 1


def test_a_cold_process_reads_the_pool_once(client: Client, cost: Cost) -> None:
    make_questions(6)
    forget_all()
    first = cost(lambda: client.get("/practice/"))
    forget_all()
    make_questions(12)
    forget_all()
    assert cost(lambda: client.get("/practice/")) == first
    assert cost(lambda: client.get("/practice/")) == 1


def add_history(client: Client, number: int) -> None:
    """Give the learner more sessions, the bank more items."""
    learner = Attempt.objects.latest("pk").learner
    assert learner
    for days, question in enumerate(make_questions(number)):
        make_answered(learner, question, timezone.now() - timedelta(days=days))
    make_questions(number)


@pytest.mark.parametrize("page", ["choose", "new", "slot", "answer", "summary", "progress", "home"])
def test_three_times_the_rows_cost_the_same(client: Client, cost: Cost, page: str) -> None:
    make_questions(6)
    costs = []
    for count in (5, 20):
        attempt = start_session(client, count=count)
        answer_open_slot(client, attempt)
        choice = pick_in(client.get(slot_url(attempt, 3)))
        warm()
        contents_of(item.version_id for item in pool_on(timezone.localdate()).items)
        costs.append(cost(partial(visit, client, page, attempt, choice)))
        add_history(client, 18)
    assert costs[0] == costs[1]


def visit(client: Client, page: str, attempt: Attempt, choice: int) -> None:
    """Visit a page by its name."""
    base = f"/practice/{attempt.pk}/"
    url = {
        "choose": "/practice/",
        "new": NEW,
        "slot": f"{base}3/",
        "answer": f"{base}3/",
        "summary": f"{base}summary/",
        "progress": "/progress/",
        "home": "/",
    }[page]
    response = client.post(url, {"choice": choice}) if page == "answer" else client.get(url)
    assert response.status_code == (302 if page == "answer" else 200)
