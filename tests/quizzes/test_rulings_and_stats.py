"""Corrected keys, and totals that always agree with the answers they come from."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from quizzes import rulings, stats
from quizzes.models import Answer, KeyRuling, Question, SeenQuestion, VersionStat
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
)
from tests.quizzes.browsing import rolled_back

pytestmark = pytest.mark.django_db
NOON = at("2026-11-01 12:00")


def totals() -> dict[str, Any]:
    """Return every derived row by what it says."""
    seen = SeenQuestion.objects.order_by("learner", "question").values_list(
        "learner", "question", "times_answered", "times_correct", "last_correct", "last_answered_at"
    )
    count_everything()
    items = VersionStat.objects.order_by("version").values_list(
        "version", "first_tries", "first_tries_correct"
    )
    return {"seen": list(seen), "items": list(items)}


@pytest.fixture
def answered() -> Question:
    """An item (key B) that three learners answered with A, B and C, and the first with B again."""
    question = make_question()
    learners = [make_learner() for _ in range(3)]
    for hour, (learner, letter) in enumerate(zip([*learners, learners[0]], "ABCB", strict=True)):
        now = NOON + timedelta(hours=hour)
        give_answer(make_attempt(learner, [question], now), 1, now, letter=letter)
    return question


def verdicts() -> list[bool | None]:
    return list(Answer.objects.order_by("answered_at").values_list("correct", flat=True))


def test_before_any_ruling_the_key_counts(answered: Question) -> None:
    assert verdicts() == [False, True, False, True]
    assert totals()["items"][0][1:] == (3, 1)


def test_credit_for_all(answered: Question) -> None:
    assert answered.current
    rulings.rule(answered.current, credit_all=True, reason="Two keys.", by=make_user())
    assert verdicts() == [True] * 4
    assert totals()["items"][0][1:] == (3, 3)
    assert [row[3] for row in totals()["seen"]] == [2, 1, 1]
    assert [row[4] for row in totals()["seen"]] == [True] * 3


def test_accepted_letters_replace_the_key(answered: Question) -> None:
    assert answered.current
    rulings.rule(answered.current, accepted="AC", reason="The key was wrong.")
    assert verdicts() == [True, False, True, False]
    assert totals()["items"][0][1:] == (3, 2)
    first = totals()["seen"][0]
    assert first[2:5] == (2, 1, False)


def test_the_latest_ruling_holds(answered: Question) -> None:
    assert answered.current
    rulings.rule(answered.current, credit_all=True, reason="One.")
    rulings.rule(answered.current, accepted="B", reason="Two.")
    assert verdicts() == [False, True, False, True]
    assert KeyRuling.objects.count() == 2


def test_after_a_ruling_new_answers_are_judged_by_it(answered: Question) -> None:
    assert answered.current
    before = content_of(answered.current.pk)
    assert not before.is_correct(before.choices[3])
    rulings.rule(answered.current, accepted="BD", reason="Both.")
    attempt = make_attempt(make_learner(), [answered], NOON)
    give_answer(attempt, 1, NOON, letter="D")
    assert attempt.answers.get().correct is True
    content = content_of(answered.current.pk)
    assert [choice.letter for choice in content.choices if choice.is_key] == ["B", "D"]


def test_a_ruling_leaves_other_items_alone(answered: Question) -> None:
    other = make_question()
    give_answer(make_attempt(make_learner(), [other], NOON), 1, NOON, right=False)
    assert answered.current
    rulings.rule(answered.current, credit_all=True, reason="All.")
    assert Answer.objects.get(version=other.current_id).correct is False


@pytest.mark.parametrize(
    "values", [{}, {"accepted": "A", "credit_all": True}, {"accepted": "E"}, {"accepted": "b"}]
)
def test_a_ruling_that_says_nothing_or_too_much_is_refused(
    answered: Question, values: dict[str, Any]
) -> None:
    assert answered.current
    with pytest.raises(ValueError, match=r"credit for all|No choice is lettered"):
        rulings.rule(answered.current, reason="x", **values)
    assert not KeyRuling.objects.exists()


# Learner, question, letter: what happens, one hour after the other.
events = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from("ABCD")), max_size=14
)
rules = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["", "A", "BC", "ABCD"])), max_size=2)


def play(learners: list, questions: list, happened: list[tuple[int, int, str]]) -> None:
    for hour, (who, what, letter) in enumerate(happened):
        now = NOON + timedelta(hours=hour)
        give_answer(make_attempt(learners[who], [questions[what]], now), 1, now, letter=letter)


@given(events, rules)
def test_counters_agree_with_a_recount(happened, ruled) -> None:
    with rolled_back():
        learners = [make_learner() for _ in range(3)]
        questions = make_questions(3)
        play(learners, questions, happened)
        for what, letters in ruled:
            rulings.rule(
                questions[what].current, accepted=letters, credit_all=not letters, reason="x"
            )
        counted = totals()
        stats.rebuild()
        assert totals() == counted
        assert sum(row[2] for row in counted["seen"]) == len(happened)
        pairs = {(who, what) for who, what, _ in happened}
        assert sum(row[1] for row in counted["items"]) == len(pairs)


@given(events)
def test_a_recount_mends_whatever_was_wrong(happened) -> None:
    with rolled_back():
        learners = [make_learner() for _ in range(3)]
        questions = make_questions(3)
        play(learners, questions, happened)
        right = totals()
        SeenQuestion.objects.filter(learner=learners[0]).delete()
        SeenQuestion.objects.update(times_answered=99, last_correct=True)
        SeenQuestion.objects.get_or_create(
            learner=learners[2],
            question=questions[2],
            defaults={"last_correct": True, "last_answered_at": NOON},
        )
        VersionStat.objects.update(first_tries=77, first_tries_correct=78)
        stats.rebuild()
        assert totals() == right


def test_rebuild_stats(answered: Question, capsys: pytest.CaptureFixture[str]) -> None:
    right = totals()
    VersionStat.objects.update(first_tries=77)
    SeenQuestion.objects.all().delete()
    call_command("rebuild_stats")
    assert totals() == right
    assert "Recounted." in capsys.readouterr().out
