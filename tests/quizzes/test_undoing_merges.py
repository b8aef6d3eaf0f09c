"""Merges and their undoing, in any order: nothing is lost, doubled or left miscounted."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepsite.accounts import registry
from prepsite.accounts.models import Learner, Merge
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
PEOPLE = 4  # the first has the account

people = st.integers(0, PEOPLE - 1)
# Somebody answers, sets an exam date, joins somebody else; or a merge is undone.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), people, st.integers(0, 2), st.booleans()),
        st.tuples(st.just("date"), people, st.integers(1, 28)),
        st.tuples(st.just("merge"), people, people),
        st.tuples(st.just("undo"), st.integers(0, 9)),
    ),
    max_size=20,
)


def snapshot() -> dict[str, list[Any]]:
    """Return all that a merge may touch, without the numbers of derived rows."""
    return {
        "learners": list(Learner.objects.order_by("pk").values()),
        "attempts": list(Attempt.objects.order_by("pk").values()),
        "answers": list(Answer.objects.order_by("pk").values()),
        "seen": list(
            SeenQuestion.objects.order_by("learner", "question").values_list(
                "learner",
                "question",
                "times_answered",
                "times_correct",
                "last_correct",
                "last_answered_at",
            )
        ),
        "items": list(VersionStat.objects.order_by("pk").values()),
    }


class Play:
    """Plays steps and skips those that the site would refuse."""

    def __init__(self) -> None:
        make_questions(3)
        self.questions = list(Question.objects.order_by("pk"))
        self.learners = [make_learner(user=make_user())]
        self.learners += [make_learner() for _ in range(PEOPLE - 1)]
        self.merges: list[Merge] = []
        self.now = NOON

    def stands(self, who: int) -> bool:
        return not Learner.objects.get(pk=self.learners[who].pk).merged_into_id

    def play(self, step: tuple[Any, ...]) -> None:
        kind, *values = step
        self.now += timedelta(minutes=1)
        getattr(self, kind)(*values)

    def answer(self, who: int, what: int, right: bool) -> None:
        if self.stands(who):
            make_answered(self.learners[who], self.questions[what], self.now, right=right)

    def date(self, who: int, day: int) -> None:
        if self.stands(who):
            Learner.objects.filter(pk=self.learners[who].pk).update(
                exam_date=date(2027, 2, day), exam_date_set_at=self.now
            )

    def merge(self, who: int, into: int) -> Merge | None:
        if who in (0, into) or not self.stands(who) or not self.stands(into):
            return None
        registry.merge(self.learners[who], self.learners[into], self.now)
        merge = Merge.objects.get(source=self.learners[who], undone_at=None)
        self.merges.append(merge)
        return merge

    def undo(self, which: int) -> None:
        if self.merges:
            registry.undo(self.merges[which % len(self.merges)], self.now)


@given(steps, people, people)
def test_undoing_the_last_merge_restores_exactly_what_was(
    before: list[tuple[Any, ...]], who: int, into: int
) -> None:
    with rolled_back():
        play = Play()
        for step in before:
            play.play(step)
        state = snapshot()
        merge = play.merge(who, into)
        if merge is None:
            return
        assert registry.undo(merge, play.now)
        assert snapshot() == state
        # Once is all: a second click finds nothing to do.
        assert not registry.undo(merge, play.now)
        assert snapshot() == state


@given(steps)
def test_whatever_the_order_every_total_is_right_and_no_answer_is_lost(
    steps: list[tuple[Any, ...]],
) -> None:
    with rolled_back():
        play = Play()
        for step in steps:
            play.play(step)
        state = snapshot()
        assert not [row for row in state["attempts"] if row["learner_id"] is None]
        # Nobody who was merged away still owns anything.
        gone = {row["id"] for row in state["learners"] if row["merged_into_id"]}
        assert not [row for row in state["attempts"] if row["learner_id"] in gone]
        assert not [row for row in state["seen"] if row[0] in gone]
        stats.rebuild()
        assert snapshot() == state


@given(
    st.permutations(range(1, PEOPLE)),
    st.permutations(range(1, PEOPLE)),
    st.lists(st.tuples(people, st.integers(1, 28)), max_size=8),
)
def test_all_merges_undone_in_any_order_leave_everybody_their_own(
    order: list[int], back: list[int], dates: list[tuple[int, int]]
) -> None:
    with rolled_back():
        play = Play()
        for who in range(PEOPLE):
            play.play(("answer", who, who % 3, who % 2 == 0))
        for who, day in dates:
            play.play(("date", who, day))
        state = snapshot()
        merges = {who: play.merge(who, 0) for who in order}
        for who in back:
            merge = merges[who]
            assert merge
            assert registry.undo(merge, play.now)
        assert snapshot() == state


def test_a_merge_can_be_undone_made_again_and_undone_again() -> None:
    play = Play()
    play.play(("answer", 0, 0, True))
    play.play(("answer", 1, 0, False))
    play.play(("date", 1, 5))
    state = snapshot()
    for _ in range(3):
        merge = play.merge(1, 0)
        assert merge
        assert Attempt.objects.filter(learner=play.learners[0]).count() == 2
        assert registry.undo(merge)
        assert snapshot() == state
    assert Merge.objects.filter(undone_at=None).count() == 0
    assert Merge.objects.count() == 3


def test_what_the_account_did_since_stays_with_it() -> None:
    account, anonymous = make_learner(user=make_user()), make_learner()
    questions = make_questions(2)
    make_answered(anonymous, questions[0], NOON)
    registry.merge(anonymous, account)
    make_answered(account, questions[0], NOON + timedelta(days=1), right=False)
    make_answered(account, questions[1], NOON + timedelta(days=1))
    assert registry.undo(Merge.objects.get())
    assert Answer.objects.filter(attempt__learner=account).count() == 2
    assert Answer.objects.filter(attempt__learner=anonymous).count() == 1
    seen = SeenQuestion.objects.get(learner=account, question=questions[0])
    assert (seen.times_answered, seen.times_correct, seen.last_correct) == (1, 0, False)


def test_an_open_session_goes_back_whole() -> None:
    account, anonymous = make_learner(user=make_user()), make_learner()
    attempt = make_attempt(anonymous, make_questions(2), NOON)
    give_answer(attempt, 1, NOON)
    registry.merge(anonymous, account)
    attempt.refresh_from_db()
    give_answer(attempt, 2, NOON + timedelta(hours=1))
    registry.undo(Merge.objects.get())
    assert Answer.objects.filter(attempt__learner=anonymous).count() == 2
    assert SeenQuestion.objects.filter(learner=account).count() == 0
    assert SeenQuestion.objects.filter(learner=anonymous).count() == 2


def test_an_exam_date_chosen_after_the_merge_is_kept() -> None:
    play = Play()
    play.play(("date", 0, 1))
    play.play(("date", 1, 2))
    merge = play.merge(1, 0)
    assert merge
    assert Learner.objects.get(pk=play.learners[0].pk).exam_date == date(2027, 2, 2)
    play.play(("date", 0, 3))
    registry.undo(merge)
    assert Learner.objects.get(pk=play.learners[0].pk).exam_date == date(2027, 2, 3)
    assert Learner.objects.get(pk=play.learners[1].pk).exam_date == date(2027, 2, 2)


def test_a_merge_below_another_waits_until_that_one_is_undone() -> None:
    play = Play()
    make_answered(play.learners[1], make_question(), NOON)
    lower, upper = play.merge(1, 2), play.merge(2, 0)
    assert lower
    assert upper
    state = snapshot()
    assert not registry.undo(lower)
    assert snapshot() == state
    assert registry.undo(upper)
    assert registry.undo(lower)
    assert Attempt.objects.get().learner == play.learners[1]


def test_erasing_the_account_takes_its_merges_along() -> None:
    play = Play()
    make_answered(play.learners[1], make_question(), NOON)
    play.merge(1, 0)
    registry.erase(Learner.objects.get(pk=play.learners[0].pk))
    assert not Merge.objects.exists()
    assert Learner.objects.count() == PEOPLE - 2
    assert Attempt.objects.get().merged_from is None
