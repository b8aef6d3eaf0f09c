"""What becomes of practice when learners merge, export or leave."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from hypothesis import given
from hypothesis import strategies as st

from prepsite.accounts import registry
from prepsite.accounts.models import Learner
from quizzes import stats
from quizzes.models import Answer, Attempt, Question, SeenQuestion, VersionStat
from tests.factories import (
    at,
    give_answer,
    make_answered,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
    make_user,
)
from tests.quizzes.browsing import rolled_back

pytestmark = pytest.mark.django_db
NOON = at("2026-11-01 12:00")
SOURCES = 3

# Who (0 has the account), which question, right or wrong, and at which hour: some of
# these happen in the same instant.
answers = st.lists(
    st.tuples(st.integers(0, SOURCES), st.integers(0, 3), st.booleans(), st.integers(0, 5)),
    max_size=12,
).map(lambda events: sorted(events, key=lambda event: event[3]))


def seen_rows(learner: Learner) -> list[tuple[Any, ...]]:
    return list(
        SeenQuestion.objects.filter(learner=learner)
        .order_by("question")
        .values_list(
            "question", "times_answered", "times_correct", "last_correct", "last_answered_at"
        )
    )


def items() -> list[tuple[Any, ...]]:
    return list(
        VersionStat.objects.order_by("version").values_list(
            "version", "first_tries", "first_tries_correct"
        )
    )


def play(events: list[tuple[int, int, bool, int]]) -> list[Learner]:
    """Let an account and some anonymous learners answer; return them."""
    learners = [make_learner(user=make_user()), *(make_learner() for _ in range(SOURCES))]
    questions = list(Question.objects.order_by("pk"))
    for who, what, right, hour in events:
        make_answered(learners[who], questions[what], NOON + timedelta(hours=hour), right=right)
    return learners


def outcome(learners: list[Learner]) -> dict[str, Any]:
    """Return all that a merge can change, with numbers that no order gives."""
    own = learners[0]
    return {
        "seen": seen_rows(own),
        "items": items(),
        "answers": Answer.objects.filter(attempt__learner=own).count(),
        "left": Attempt.objects.exclude(learner=own).count()
        + SeenQuestion.objects.exclude(learner=own).count(),
    }


orders = st.permutations(range(1, SOURCES + 1))


@given(answers, orders, st.lists(st.integers(1, SOURCES), max_size=3))
def test_any_order_and_any_repetition_give_the_same(events, order, repeated) -> None:
    results = []
    for sequence in (range(1, SOURCES + 1), [*order, *repeated]):
        with rolled_back():
            make_questions(4)
            # Rows are compared by places, for ids go on after a rollback on PostgreSQL.
            first = Question.objects.order_by("pk")[0].pk
            learners = play(events)
            for place in sequence:
                registry.merge(learners[place], learners[0])
            result = outcome(learners)
            result["seen"] = [(row[0] - first, *row[1:]) for row in result["seen"]]
            result["items"] = [row[1:] for row in result["items"]]
            results.append(result)
    assert results[0] == results[1]


@given(answers)
def test_nothing_is_lost_and_nothing_counted_twice(events) -> None:
    with rolled_back():
        make_questions(4)
        learners = play(events)
        before = items()
        moved = [registry.merge(source, learners[0]) for source in learners[1:]]
        assert sum(counts["answers"] for counts in moved) == sum(e[0] != 0 for e in events)
        result = outcome(learners)
        assert result["answers"] == len(events)
        assert result["left"] == 0
        assert sum(row[1] for row in result["seen"]) == len(events)
        assert sum(row[2] for row in result["seen"]) == sum(right for _, _, right, _ in events)
        # First tries are facts of their time: a merge does not rewrite them.
        assert result["items"] == before
        for source in learners[1:]:
            assert registry.merge(source, learners[0]) == {}
        stats.rebuild()
        assert outcome(learners) == result


@pytest.mark.parametrize("order", list(permutations([1, 2, 3]))[::2])
def test_answers_of_one_instant_merge_alike(order: tuple[int, ...]) -> None:
    question = make_question()
    learners = [make_learner() for _ in range(4)]
    for learner, right in zip(learners, [True, True, False, True], strict=True):
        make_answered(learner, question, NOON, right=right)
    for place in order:
        registry.merge(learners[place], learners[0])
    assert seen_rows(learners[0]) == [(question.pk, 4, 3, True, NOON)]


def test_an_open_session_goes_on_after_the_merge() -> None:
    anonymous, own = make_learner(), make_learner(user=make_user())
    attempt = make_attempt(anonymous, make_questions(2), NOON)
    give_answer(attempt, 1, NOON)
    assert registry.merge(anonymous, own) == {"answers": 1, "sessions": 1}
    attempt.refresh_from_db()
    assert attempt.learner == own
    assert give_answer(attempt, 2, NOON)
    assert Answer.objects.filter(first_try=True).count() == 2


def test_a_question_that_both_answered_is_no_first_try_any_more() -> None:
    question = make_question()
    anonymous, own = make_learner(), make_learner(user=make_user())
    make_answered(anonymous, question, NOON)
    registry.merge(anonymous, own)
    again = make_answered(own, question, NOON + timedelta(days=1))
    assert again.answers.get().first_try is False


def test_an_account_is_never_merged_away() -> None:
    account, anonymous = make_learner(user=make_user()), make_learner()
    make_answered(account, make_question(), NOON)
    with pytest.raises(ValueError, match="anonymous"):
        registry.merge(account, anonymous)
    assert Attempt.objects.get().learner == account


@given(answers)
def test_the_export_holds_every_answer(events) -> None:
    with rolled_back():
        make_questions(4)
        learner = play(events)[0]
        found = [
            (line["item"], line["picked"], line["correct"], line["answered_at"])
            for line in registry.export(learner)["answers"]
        ]
        expected = [
            (
                a.version.question.key,
                a.picked and a.picked.letter,
                a.correct,
                a.answered_at and a.answered_at.isoformat(),
            )
            for a in Answer.objects.filter(attempt__learner=learner)
        ]
        assert sorted(map(str, found)) == sorted(map(str, expected))
        assert len(found) == sum(who == 0 for who, *_ in events)


def test_the_export_holds_open_slots_and_nobody_elses_answers() -> None:
    learner, other = make_learner(), make_learner()
    questions = make_questions(2)
    attempt = make_attempt(learner, questions, NOON, title="My session")
    give_answer(attempt, 1, NOON, letter="C")
    make_answered(other, questions[0], NOON)
    exported = registry.export(learner)
    (session,) = exported["sessions"]
    assert session["title"] == "My session"
    assert session["finished_at"] is None
    assert [line["picked"] for line in exported["answers"]] == ["C", None]
    assert exported["answers"][0]["item"] == questions[0].key
    assert {line["session"] for line in exported["answers"]} == {session["session"]}


def test_the_export_costs_the_same_however_long_the_history(
    django_assert_num_queries: Any,
) -> None:
    learner = make_learner()
    for number in (2, 12):
        for question in make_questions(number):
            make_answered(learner, question, NOON)
        # Merges, sessions, answers, questions seen, reports, notices; mocks, slots, notes.
        with django_assert_num_queries(9):
            registry.export(learner)


def test_erasing_leaves_answers_without_a_trace_to_anyone() -> None:
    learner, other = make_learner(user=make_user()), make_learner()
    question = make_question()
    mine = make_answered(learner, question, at("2026-11-02 03:15"), right=False)
    Attempt.objects.filter(pk=mine.pk).update(start_token="7f9c2ba4-e88f-4c1d-9a3b-5d2f1c0b9a87")
    theirs = make_answered(other, question, NOON)
    pk, before = learner.pk, items()
    registry.erase(learner)
    assert not Learner.objects.filter(pk=pk).exists()
    mine.refresh_from_db()
    assert (mine.learner, mine.start_token) == (None, None)
    answer = mine.answers.get()
    assert (answer.correct, answer.first_try, answer.version_id) == (
        False,
        True,
        question.current_id,
    )
    # The day stays, the hour goes.
    day = at("2026-11-02 00:00")
    assert answer.answered_at == mine.started_at == mine.finished_at == day
    assert SeenQuestion.objects.count() == 1
    theirs.refresh_from_db()
    assert theirs.answers.get().answered_at == NOON
    assert items() == before
    stats.rebuild()
    assert items() == before


def test_erasing_an_open_session_keeps_its_empty_slots_empty() -> None:
    learner = make_learner()
    attempt = make_attempt(learner, make_questions(2), NOON)
    give_answer(attempt, 1, NOON)
    registry.erase(learner)
    attempt.refresh_from_db()
    assert attempt.finished_at is None
    assert attempt.answers.get(slot=2).answered_at is None


def leads_to_learner(model: type[Model], on_the_way: frozenset[type[Model]]) -> bool:
    """Tell whether foreign keys lead from this model to a learner."""
    if model is Learner:
        return True
    targets = {
        field.related_model
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not field.many_to_many and field.related_model
    }
    return any(
        leads_to_learner(target, on_the_way | {model})
        for target in targets - on_the_way - {model}
        if isinstance(target, type)
    )


def test_every_model_with_a_path_to_a_learner_has_a_handler() -> None:
    handled = {model for data in registry.handlers() for model in data.models}
    found = {
        model
        for model in apps.get_models(include_auto_created=True)
        if model is not Learner and leads_to_learner(model, frozenset())
    }
    assert {Attempt, Answer, SeenQuestion} <= found
    assert {model._meta.label for model in found - handled} == set()
