"""Answers and reports of somebody, and decisions on them."""

from typing import Any

from prepsite.accounts.models import Learner
from quizzes import errata, reports
from quizzes.errata import Verdict
from quizzes.models import Answer, Decision, Question, QuestionReport
from tests.factories import at, give_answer, make_attempt, make_learner

NOON = at("2026-11-01 12:00")
NO_CHANGE = Verdict(Decision.Kind.NO_CHANGE, "The guideline says so.")
NOW_C = Verdict(Decision.Kind.KEY_RULING, "The guideline says C.", accepted="C")


def answered(question: Question, letter: str, learner: Learner | None = None) -> Answer:
    """Let somebody answer an item (key B) and return the answer."""
    attempt = make_attempt(learner or make_learner(), [question], NOON, finished_at=None)
    assert give_answer(attempt, 1, NOON, letter=letter)
    return attempt.answers.get()


def reported(question: Question, letter: str = "A", note: str = "") -> QuestionReport:
    return reports.take(answered(question, letter).pk, "wrong_key", note, NOON)


def decide(report: QuestionReport, verdict: Verdict, **how: Any) -> Decision:
    return errata.decide(report, verdict, **{"with_others": True, "by": None, "now": NOON} | how)
