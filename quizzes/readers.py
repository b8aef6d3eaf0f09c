"""Blind solving by staff: who may read what, the sheet without its key, and the record.

A sheet holds stem, note and options in an order of the reader's own. It carries no key,
no reason and not the item's name, and what comes back is matched by ``token``, which
nobody can work the key out from.
"""

import random
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.safestring import SafeString

from prepsite.accounts.models import User
from quizzes import findings
from quizzes.itemspec import LETTERS
from quizzes.models import BlindSolve, Question, QuestionVersion, Status
from quizzes.rendering import content_of


class NotAReader(Exception):
    """This user cannot solve this item blind; the message says why."""


@dataclass(frozen=True)
class BlindSheet:
    """An item as its blind reader sees it; ``options`` are pairs of place and text."""

    question_id: int
    token: str
    code_years: tuple[int, ...]
    note: SafeString
    stem: SafeString
    options: tuple[tuple[str, SafeString], ...]


def solver_name(user: User) -> str:
    """Return how a member of staff is named in records, which content files publish."""
    return f"staff-{user.pk}"


def waiting_for(user: User) -> QuerySet[Question]:
    """Return the items in review whose present wording a user neither wrote nor solved."""
    present = {"question": OuterRef("pk"), "sheet_digest": OuterRef("current__sheet_digest")}
    return (
        Question.objects.filter(status=Status.IN_REVIEW, current__isnull=False)
        .exclude(Exists(QuestionVersion.objects.filter(created_by=user, **present)))
        .exclude(Exists(BlindSolve.objects.filter(_is_reader(user), **present)))
        .order_by("current__created_at", "pk")
    )


def _is_reader(user: User) -> Q:
    return Q(by=user) | Q(solver=solver_name(user))


def solve_of(question: Question, user: User) -> BlindSolve | None:
    """Return what a user answered to an item's present sheet, or None."""
    sheet = question.current.sheet_digest if question.current else ""
    return question.blind_solves.filter(_is_reader(user), sheet_digest=sheet).first()


def sheet_for(question: Question, user: User) -> BlindSheet:
    """Return the sheet of an item; raises NotAReader for one of its authors."""
    version = _readable(question, user)
    content = content_of(version.pk)
    texts = {choice.letter: choice.text for choice in content.choices}
    return BlindSheet(
        question_id=question.pk,
        token=_token(version),
        code_years=content.code_years,
        note=content.note,
        stem=content.stem,
        options=tuple((place, texts[letter]) for place, letter in _order(version, user).items()),
    )


@transaction.atomic
def record(
    question: Question,
    user: User,
    *,
    token: str,
    place: str,
    confidence: str,
    reason: str,
    on: date,
) -> BlindSolve:
    """Score a reader's answer and keep it; a second one changes nothing.

    ``place`` is the letter on the reader's sheet. Raises NotAReader for an author, and
    where the item was changed since the sheet with this token was opened.
    """
    question = Question.objects.select_for_update().get(pk=question.pk)
    if known := solve_of(question, user):
        return known
    version = _readable(question, user)
    if not constant_time_compare(token, _token(version)):
        raise NotAReader("The item was changed while you were reading. This is its new wording.")
    letter = _order(version, user)[place]
    solve = BlindSolve.objects.create(
        question=question,
        sheet_digest=version.sheet_digest,
        solver=solver_name(user),
        by=user,
        picked=letter,
        agreed=version.choices.filter(letter=letter, is_key=True).exists(),
        confidence=confidence,
        reason=reason,
        solved_on=on,
    )
    findings.refresh(question)
    return solve


def _readable(question: Question, user: User) -> QuestionVersion:
    """Return the version that is to be solved, for a user who may solve it."""
    version = question.current
    if question.status != Status.IN_REVIEW or version is None:
        raise NotAReader("This item is not in review, so it needs no blind reader now.")
    if question.versions.filter(created_by=user, sheet_digest=version.sheet_digest).exists():
        raise NotAReader("You wrote this wording. Somebody who has not seen it must solve it.")
    return version


def _order(version: QuestionVersion, user: User) -> dict[str, str]:
    """Map the places on a user's sheet to the letters of the item; the same at each visit."""
    letters = list(LETTERS)
    random.Random(f"{user.pk}:{version.sheet_digest}").shuffle(letters)
    return dict(zip(LETTERS, letters, strict=True))


def _token(version: QuestionVersion) -> str:
    # The digest itself covers the key: four guesses would find it.
    return salted_hmac("quizzes.readers", version.sheet_digest, algorithm="sha256").hexdigest()[:32]
