"""Any history of answers, merges, rulings, erasures: totals equal a recount."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from prepsite.accounts import registry
from prepsite.accounts.models import Learner, Merge
from quizzes import itemstats, practice, rulings, stats
from quizzes.itemspec import LETTERS
from quizzes.models import Attempt, Question, SeenQuestion, VersionStat
from tests.factories import at, give_answer, make_attempt, make_learner, make_questions, make_user
from tests.quizzes.browsing import rolled_back

pytestmark = pytest.mark.django_db
NOON = at("2026-11-01 12:00")
people = st.integers(0, 3)
which = st.integers(0, 2)
letters = st.sampled_from(LETTERS)


class Histories(RuleBasedStateMachine):
    """Learners answer, merge and leave, staff rule, statistics roll up, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = rolled_back()
        self.undone.__enter__()
        make_questions(3)
        self.questions = list(Question.objects.select_related("current").order_by("pk"))
        self.learners = [make_learner(user=make_user()), *(make_learner() for _ in range(3))]
        self.open: list[Attempt] = []
        self.now: datetime = NOON

    def teardown(self) -> None:
        self.undone.__exit__(None, None, None)

    def _learner(self, who: int) -> Learner | None:
        """Return a learner who is still there."""
        return Learner.objects.filter(pk=self.learners[who].pk, merged_into=None).first()

    def _answer(self, attempt: Attempt, number: int, letter: str) -> None:
        attempt.refresh_from_db()
        if attempt.learner and give_answer(attempt, number, self.now, letter=letter):
            millis = (ord(letter) - 60) * 1_000 + number
            attempt.answers.filter(slot=number).update(millis=millis)

    @rule(who=people, what=which, letter=letters)
    def answers(self, who: int, what: int, letter: str) -> None:
        if learner := self._learner(who):
            attempt = make_attempt(learner, [self.questions[what]], self.now)
            self._answer(attempt, 1, letter)
            practice.finish(attempt.pk, self.now)

    @rule(who=people, letter=letters)
    def begins(self, who: int, letter: str) -> None:
        if learner := self._learner(who):
            attempt = make_attempt(learner, self.questions, self.now)
            self._answer(attempt, 1, letter)
            self.open.append(attempt)

    @rule(place=which, number=st.integers(2, 3), letter=letters)
    def goes_on(self, place: int, number: int, letter: str) -> None:
        if self.open:
            self._answer(self.open[place % len(self.open)], number, letter)

    @rule(who=people, picked=st.text(LETTERS, max_size=3))
    def sits_a_mock(self, who: int, picked: str) -> None:
        if learner := self._learner(who):
            attempt = make_attempt(learner, self.questions, self.now, rated_slots=3)
            for number, letter in enumerate(picked, start=1):
                self._answer(attempt, number, letter)
            practice.finish(attempt.pk, self.now)

    @rule(who=people, into=people)
    def merges(self, who: int, into: int) -> None:
        first, second = self._learner(who), self._learner(into)
        if first and second and first != second and not first.user_id:
            registry.merge(first, second, self.now)

    @rule()
    def undoes_a_merge(self) -> None:
        if merge := Merge.objects.filter(undone_at=None).last():
            registry.undo(merge, self.now)

    @rule(what=which, accepted=st.sampled_from(["", "A", "BC", "ABCD"]))
    def rules_on_a_key(self, what: int, accepted: str) -> None:
        version = self.questions[what].current
        assert version
        rulings.rule(version, accepted=accepted, credit_all=not accepted, reason="x")

    @rule(who=people)
    def leaves(self, who: int) -> None:
        if learner := self._learner(who):
            registry.erase(learner)
            self.learners[who] = make_learner()

    @rule(days=st.sampled_from([0, 0, 1, 40]))
    def rolls_up(self, days: int) -> None:
        self.now += timedelta(days=days, minutes=11)
        itemstats.roll_up(self.now)

    @invariant()
    def agrees_with_a_recount(self) -> None:
        before = self._derived()
        stats.rebuild()
        assert self._derived() == before

    @staticmethod
    def _derived() -> tuple[list[Any], list[Any]]:
        seen = SeenQuestion.objects.order_by("learner", "question").values_list(
            *("learner", "question", "times_answered", "times_correct"),
            *("last_correct", "last_answered_at"),
        )
        return list(seen), list(VersionStat.objects.order_by("version").values())


def test_whatever_happens_a_recount_finds_the_same() -> None:
    run_state_machine_as_test(
        Histories, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
