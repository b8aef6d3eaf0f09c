"""How items do: counted once for each finished session, and always equal to a recount."""

from datetime import timedelta
from statistics import correlation, median
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from prepsite.accounts.models import Learner
from quizzes import itemstats, practice, rulings, shares, stats
from quizzes.forms import AnswerForm
from quizzes.measures import median_seconds, point_biserial, time_class
from quizzes.models import Answer, Attempt, Choice, Question, VersionStat
from quizzes.rendering import content_of
from tests.factories import (
    at,
    count_everything,
    give_answer,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
    make_user,
    set_cpt_switch,
)
from tests.quizzes.browsing import (
    HTMX,
    at_once,
    html_of,
    pick_in,
    slot_url,
    start_session,
)

pytestmark = pytest.mark.django_db
NOON = at("2026-11-01 12:00")
LATER = NOON + timedelta(days=1)


def items() -> list[Any]:
    """Return every counter and what is worked out of them."""
    return list(VersionStat.objects.order_by("version").values())


def stat_of(question: Question) -> VersionStat:
    return VersionStat.objects.get(version=question.current_id)


def finished(question: Question, letter: str = "B", learner: Learner | None = None) -> Attempt:
    """Save a finished session of one question."""
    attempt = make_attempt(learner or make_learner(), [question], NOON)
    assert give_answer(attempt, 1, NOON, letter=letter)
    practice.finish(attempt.pk, NOON)
    return attempt


# --- Arithmetic -----------------------------------------------------------------------


@given(st.lists(st.integers(1_000, 1_800_000), min_size=1, max_size=200))
def test_a_median_is_right_to_five_percent(millis: list[int]) -> None:
    times: dict[str, int] = {}
    for each in millis:
        times[time_class(each)] = times.get(time_class(each), 0) + 1
    found = median_seconds(times)
    low = sorted(millis)[(len(millis) - 1) // 2] / 1_000
    assert found is not None
    assert abs(found - low) <= max(0.5, 0.05 * low)
    assert len(times) < 200


def test_no_times_have_no_median() -> None:
    assert median_seconds({}) is None
    assert median_seconds({"9": 1, "10": 1, "100": 1}) == 10
    assert median([9, 10, 100]) == 10


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10_000)), max_size=60))
def test_discrimination_is_the_correlation_of_item_and_score(mocks: list[tuple[bool, int]]) -> None:
    found = point_biserial(
        len(mocks),
        sum(right for right, _ in mocks),
        sum(score for _, score in mocks),
        sum(score**2 for _, score in mocks),
        sum(score for right, score in mocks if right),
    )
    rights, scores = [int(right) for right, _ in mocks], [score for _, score in mocks]
    if len(set(rights)) < 2 or len(set(scores)) < 2:
        assert found is None
    else:
        assert found == pytest.approx(correlation(rights, scores), abs=1e-9)


# --- Counting once --------------------------------------------------------------------


def test_a_finished_session_counts_once() -> None:
    question = make_question()
    finished(question, "C")
    assert itemstats.roll_up(LATER) == 1
    first = items()
    stat = stat_of(question)
    assert (stat.first_tries, stat.first_tries_correct, stat.picked_c) == (1, 0, 1)
    assert itemstats.roll_up(LATER) == 0
    assert items() == first
    finished(question, "B")
    assert itemstats.roll_up(LATER) == 1
    assert (stat_of(question).first_tries, stat_of(question).picked_b) == (2, 1)


def test_a_later_answer_of_the_same_learner_counts_nothing() -> None:
    question, learner = make_question(), make_learner()
    finished(question, "C", learner)
    finished(question, "B", learner)
    count_everything()
    assert (stat_of(question).first_tries, stat_of(question).picked_b) == (1, 0)


def test_an_open_session_waits() -> None:
    attempt = make_attempt(make_learner(), make_questions(2), NOON)
    give_answer(attempt, 1, NOON)
    assert itemstats.roll_up(NOON + timedelta(days=30)) == 0
    assert itemstats.roll_up(NOON + timedelta(days=32)) == 1
    attempt.refresh_from_db()
    assert attempt.finished_at == NOON
    assert sum(row["first_tries"] for row in items()) == 1


def test_a_session_that_was_finished_a_moment_ago_waits_for_requests_under_way() -> None:
    finished(make_question())
    assert itemstats.roll_up(NOON + timedelta(minutes=9)) == 0
    assert itemstats.roll_up(NOON + timedelta(minutes=10)) == 1


def test_an_end_that_nobody_noted_is_noted() -> None:
    """As where the last two slots are answered in the same instant."""
    attempt = make_attempt(make_learner(), [make_question()], NOON)
    give_answer(attempt, 1, NOON)
    assert itemstats.roll_up(NOON + timedelta(hours=1)) == 1
    attempt.refresh_from_db()
    assert attempt.finished_at == NOON


def test_a_finished_session_takes_no_more_answers(client: Client) -> None:
    """Also where an item comes back that was withdrawn when it ended."""
    make_question()
    make_question(cpt_content="yes")
    attempt = start_session(client)
    learner = attempt.learner
    assert learner
    plain, withdrawn = Question.objects.order_by("cpt_content")
    attempt = make_attempt(learner, [plain, withdrawn], timezone.now())
    set_cpt_switch(show=False)
    go_through_open = client.get(slot_url(attempt, 1))
    client.post(slot_url(attempt, 1), {"choice": pick_in(go_through_open)})
    attempt.refresh_from_db()
    assert attempt.finished_at
    set_cpt_switch(show=True)
    choice = Choice.objects.filter(version=withdrawn.current_id)[0].pk
    assert client.post(slot_url(attempt, 2), {"choice": choice}).status_code == 409
    assert not give_answer(attempt, 2, timezone.now())
    assert attempt.answers.get(slot=2).answered_at is None
    assert f"/practice/{attempt.pk}/" not in html_of(client.get("/practice/"))


def test_the_end_of_a_session_beside_an_answer_shows_no_key(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_questions(5)
    attempt = start_session(client)
    url = slot_url(attempt, 2)
    data = {"choice": pick_in(client.get(url))}

    def overtaken(*args: object) -> bool:
        practice.finish(attempt.pk, timezone.now())
        return False

    monkeypatch.setattr(practice, "answer", overtaken)
    response = client.post(url, data, headers=HTMX)
    assert response.status_code == 409
    assert "The rationale" not in html_of(response)


@pytest.mark.django_db(transaction=True)
def test_two_roll_ups_at_once_count_once() -> None:
    questions = make_questions(3)
    for question in questions * 4:
        finished(question)
    results = at_once(*(lambda: itemstats.roll_up(LATER) for _ in range(3)))
    assert sum(results) == 12
    assert [row["first_tries"] for row in items()] == [4, 4, 4]
    before = items()
    stats.rebuild()
    assert items() == before


@pytest.mark.django_db(transaction=True)
def test_a_ruling_beside_a_roll_up_leaves_counters_right() -> None:
    question = make_question()
    for letter in "ABCD":
        finished(question, letter)
    version = question.current
    assert version
    results = at_once(
        lambda: itemstats.roll_up(LATER),
        lambda: rulings.rule(version, accepted="AC", reason="x"),
        stats.rebuild,
    )
    assert not [result for result in results if isinstance(result, Exception)]
    before = items()
    assert before[0]["first_tries_correct"] == 2
    stats.rebuild()
    assert items() == before


def test_rollup_stats_tells_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    finished(make_question())
    call_command("rollup_stats")
    assert capsys.readouterr().out == "Counted 1 session.\n"
    assert items()[0]["first_tries"] == 1


# --- Times ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("54321", 54_321),
        ("1000", 1_000),
        ("1800000", 1_800_000),
        ("999", None),
        ("1800001", None),
        ("-5000", None),
        ("", None),
        ("soon", None),
        ("9" * 40, None),
        ("5000.5", None),
    ],
)
def test_a_time_is_kept_where_it_can_be_and_never_costs_the_answer(
    client: Client, sent: str, kept: int | None
) -> None:
    make_questions(5)
    attempt = start_session(client)
    url = slot_url(attempt, 2)
    client.post(url, {"choice": pick_in(client.get(url)), "millis": sent})
    answer = attempt.answers.get(slot=2)
    assert answer.answered_at
    assert answer.millis == kept


def test_the_median_is_of_first_tries_with_a_time() -> None:
    question = make_question()
    content = content_of(question.current_id or 0)
    for millis in (20_000, None, 40_000, 300_000):
        attempt = finished(question)
        Answer.objects.filter(attempt=attempt).update(millis=millis)
    count_everything()
    stat = stat_of(question)
    assert stat.times == {"20": 1, "40": 1, "300": 1}
    assert stat.median_seconds == 40
    assert AnswerForm({"choice": content.choices[0].id}, content=content).is_valid()


# --- Shares ---------------------------------------------------------------------------


def test_shares_are_shown_from_thirty_first_answers_on(client: Client) -> None:
    question = make_question()
    user = make_user()
    client.force_login(user)
    attempt = finished(question, "C", make_learner(user=user))
    for letter in "B" * 18 + "C" * 10:
        finished(question, letter)
    count_everything()
    assert "% chose this" not in html_of(client.get(slot_url(attempt, 1)))
    finished(question, "A")
    count_everything()
    page = html_of(client.get(slot_url(attempt, 1)))
    assert "% chose this" not in page, "shares are read at most once in some minutes"
    shares.forget()
    page = html_of(client.get(slot_url(attempt, 1)))
    assert "How 30 learners answered" in page
    assert [page.count(f">{n}% chose this") for n in (60, 37, 3, 0)] == [1, 1, 1, 1]


def test_nothing_of_them_is_seen_before_the_answer(client: Client) -> None:
    question = make_question()
    for _ in range(30):
        finished(question)
    count_everything()
    assert "chose this" not in html_of(client.get("/practice/new/"))


# --- Discrimination -------------------------------------------------------------------


def mock(questions: list[Question], letters: str, slots: int | None = None) -> Attempt:
    """Save a submitted whole mock with these answers; a blank is a slot without one."""
    attempt = make_attempt(make_learner(), questions, NOON, rated_slots=slots or len(questions))
    for number, letter in enumerate(letters, start=1):
        assert give_answer(attempt, number, NOON, letter=letter)
    practice.finish(attempt.pk, NOON)
    return attempt


def test_discrimination_is_counted_from_whole_mocks_only() -> None:
    questions = make_questions(3)
    for letters in ("BBB", "BBA", "BAA", "AAA"):
        mock(questions, letters)
    finished(questions[0], "A")
    count_everything()
    stat = stat_of(questions[0])
    assert (stat.n_scored, stat.n_scored_correct) == (4, 3)
    assert stat.sum_score == 10_000 + 6_667 + 3_333
    assert stat.discrimination == pytest.approx(
        correlation([1, 1, 1, 0], [10_000, 6_667, 3_333, 0])
    )
    assert stat.first_tries == 5


def test_a_ruling_changes_the_discrimination_of_all_items_of_its_mocks() -> None:
    questions = make_questions(3)
    for letters in ("BBB", "BBA", "ABA", "AAA"):
        mock(questions, letters)
    count_everything()
    before = stat_of(questions[0]).discrimination
    assert questions[2].current
    rulings.rule(questions[2].current, accepted="A", reason="A.")
    assert stat_of(questions[0]).discrimination != before
    state = items()
    stats.rebuild()
    assert items() == state
