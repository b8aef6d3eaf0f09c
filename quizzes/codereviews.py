"""Items that name a code which a loaded code set changed: found, shown to staff, settled.

A change concerns an item where its current version is meant for an exam on which the change
counts: one for exams of 2026 has nothing to do with the code set of 2027. Nothing is taken
from learners; the staff's start page asks somebody to look.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from prepsite.accounts.models import User
from prepsite.codes.changes import Affected
from prepsite.codes.models import CodeChange
from prepsite.codes.systems import codes_in
from quizzes import findings
from quizzes.checks.codes import MAY_BE_INVALID
from quizzes.models import CodeReview, Question, QuestionVersion, Status


def codes_of(version: QuestionVersion) -> set[str]:
    """Return the codes that a version holds as valid, in its options or in prose.

    The codes of an option that stands for an invalid code are not among them. Costs no
    statement where the choices are prefetched.
    """
    choices = list(version.choices.all())
    texts = [version.stem, version.note, version.rationale]
    texts += [text for choice in choices for text in (choice.text, choice.reason)]
    named = {code for text in texts for code, _ in codes_in(text)}
    meant: set[str] = set()
    for choice in choices:
        (meant if choice.error_tag in MAY_BE_INVALID else named).update(choice.codes.split())
    return named - meant


def refresh(question: Question, *, now: datetime | None = None) -> None:
    """Make the open changes of one item those that concern it in its present wording."""
    codes = codes_of(question.current) if question.current else set()
    changes = CodeChange.objects.filter(code__in=codes)
    _refresh([question], changes, now or timezone.now())


def refresh_all(*, now: datetime | None = None) -> None:
    """Make the open changes of every item those that concern it; retired ones have none."""
    CodeReview.objects.filter(settled_at=None, question__status=Status.RETIRED).delete()
    _refresh(_with_versions(), CodeChange.objects.all(), now or timezone.now())


def _refresh(questions: Iterable[Question], changes: Iterable[CodeChange], now: datetime) -> None:
    by_code = _by_code(changes)
    known: dict[int, set[int]] = {}
    gone: list[int] = []
    wanted = {question.pk: _concerning(question, by_code) for question in questions}
    for review in CodeReview.objects.filter(question__in=wanted):
        if review.change_id in wanted[review.question_id] or review.settled_at:
            known.setdefault(review.question_id, set()).add(review.change_id)
        else:
            gone.append(review.pk)
    CodeReview.objects.filter(pk__in=gone).delete()
    CodeReview.objects.bulk_create(
        (
            CodeReview(question_id=pk, change_id=change, found_at=now)
            for pk, concerned in wanted.items()
            for change in sorted(concerned - known.get(pk, set()))
        ),
        # Two who save at once find the same.
        ignore_conflicts=True,
    )


def _by_code(changes: Iterable[CodeChange]) -> dict[str, list[CodeChange]]:
    by_code: dict[str, list[CodeChange]] = {}
    for change in changes:
        by_code.setdefault(change.code, []).append(change)
    return by_code


def _concerning(question: Question, changes: dict[str, list[CodeChange]]) -> set[int]:
    version = question.current
    if version is None or question.status == Status.RETIRED or not changes:
        return set()
    return {
        change.pk
        for code in codes_of(version)
        for change in changes.get(code, [])
        if change.counts_between(version.valid_from, version.valid_to)
    }


def settle(question: Question, by: User | None, now: datetime) -> int:
    """Note that somebody looked at an item's changed codes; return how many were open."""
    waiting = CodeReview.objects.filter(question=question, settled_at=None)
    return waiting.update(settled_at=now, settled_by=by)


def look_through(changes: list[CodeChange], now: datetime) -> Iterator[Affected]:
    """Check the bank against the loaded codes, and yield every item that names a changed one."""
    findings.refresh_all(now=now)
    refresh_all(now=now)
    waiting = set(
        CodeReview.objects.filter(settled_at=None).values_list("question_id", "change_id")
    )
    by_code = _by_code(changes)
    for question in _with_versions():
        naming: dict[int, list[QuestionVersion]] = {}
        found: dict[int, CodeChange] = {}
        for version in question.versions.all():
            for code in codes_of(version):
                for change in by_code.get(code, []):
                    found[change.pk] = change
                    naming.setdefault(change.pk, []).append(version)
        for pk, change in found.items():
            state = _state(question, naming[pk])
            yield Affected("item", question.key, state, change, (question.pk, pk) in waiting)


def _with_versions() -> QuerySet[Question]:
    return (
        Question.objects.exclude(status=Status.RETIRED)
        .select_related("current")
        .prefetch_related("current__choices", "versions__choices")
    )


def _state(question: Question, versions: list[QuestionVersion]) -> str:
    """Return an item's status, which versions name the code, and up to when it is right."""
    numbers = ", ".join(str(version.number) for version in versions)
    noun = "version" if len(versions) == 1 else "versions"
    state = f"{question.get_status_display().lower()}, {noun} {numbers}"
    if question.current_id not in {version.pk for version in versions}:
        return f"{state}, not the current one"
    return f"{state}, for exams up to {versions[-1].valid_to}"
