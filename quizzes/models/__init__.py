"""The tables: the bank (``bank``, ``reviews``), learners' work (``attempts``, ``reports``)."""

from quizzes.models.attempts import Answer, Attempt, SeenQuestion
from quizzes.models.bank import (
    Area,
    Choice,
    PayerContext,
    Question,
    QuestionVersion,
    Source,
    Status,
    Subject,
    Topic,
    VersionStat,
)
from quizzes.models.mock import ItemNote, MockSlot
from quizzes.models.reports import Decision, Notice, QuestionReport
from quizzes.models.reviews import BlindSolve, CodeReview, Finding, KeyRuling

__all__ = [
    "Answer",
    "Area",
    "Attempt",
    "BlindSolve",
    "Choice",
    "CodeReview",
    "Decision",
    "Finding",
    "ItemNote",
    "KeyRuling",
    "MockSlot",
    "Notice",
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
