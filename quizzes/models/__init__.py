"""The tables of the bank (``bank``) and of learners' work (``attempts``)."""

from quizzes.models.attempts import Answer, Attempt, SeenQuestion
from quizzes.models.bank import (
    Area,
    BlindSolve,
    Choice,
    KeyRuling,
    PayerContext,
    Question,
    QuestionVersion,
    Source,
    Status,
    Subject,
    Topic,
    VersionStat,
)
from quizzes.models.reports import QuestionReport

__all__ = [
    "Answer",
    "Area",
    "Attempt",
    "BlindSolve",
    "Choice",
    "KeyRuling",
    "PayerContext",
    "Question",
    "QuestionReport",
    "QuestionVersion",
    "SeenQuestion",
    "Source",
    "Status",
    "Subject",
    "Topic",
    "VersionStat",
]
