"""Changing an item's status or wording, with everything that publication asks for."""

from pathlib import Path

from django.db import transaction

from prepsite.accounts.models import User
from prepsite.content import revision
from quizzes import codereviews, findings
from quizzes.checks import ITEM_CHECKS
from quizzes.checks.materials import from_database
from quizzes.contentfiles import FiledItem
from quizzes.items import (
    OWN_WORK,
    ItemError,
    SaveResult,
    is_own_work,
    is_solved_blind,
    save_item,
    spec_of,
)
from quizzes.itemspec import ItemSpec, StatusName
from quizzes.models import Question, QuestionVersion, Status, Topic

CHANGE = "quizzes.change_question"
REVIEW = "quizzes.review_question"
PUBLISH = "quizzes.publish_question"
NOT_A_PUBLISHER = (
    "Learners have this item now, and only a publisher may change it under them."
    " Send it to review with your change: it leaves practice until it is published again."
)


def problems_of(
    spec: ItemSpec, topic: Topic, question: Question | None, by: User | None = None
) -> list[str]:
    """Return what keeps ``by`` from publishing an item, in plain words; empty if nothing."""
    item = FiledItem(Path("database"), topic.area.slug, topic.slug, spec)
    materials = from_database([spec])
    problems = [
        f"{problem.field}: {problem.message}"
        for check in ITEM_CHECKS
        for problem in check(item, materials)
        if problem.severity == "error" and problem.check != "blind"
    ]
    problems += [f"{field}: is still to be written." for field in spec.unwritten()]
    if not spec.is_solved_blind() and not (
        question and is_solved_blind(question, spec.sheet_digest(), spec.answer)
    ):
        problems.append("It has not been solved blind, with agreement, in its present wording.")
    elif question and is_own_work(question, spec.sheet_digest(), by):
        problems.append(OWN_WORK)
    return problems


def allowed_statuses(status: StatusName | None, by: User | None) -> set[StatusName]:
    """Return the statuses that a user may give an item that has ``status``, or is new.

    Writers take their work back from review, reviewers send anything to review, publishers
    do everything. Without a user it is a command that asks, and its operator may.
    """
    if by is None or by.has_perm(PUBLISH):
        return set(StatusName)
    allowed = {status or StatusName.DRAFT}
    if by.has_perm(REVIEW):
        allowed.add(StatusName.IN_REVIEW)
    if by.has_perm(CHANGE) and status is StatusName.IN_REVIEW:
        allowed.add(StatusName.DRAFT)
    return allowed


def set_status(question: Question, status: StatusName, by: User | None) -> SaveResult:
    """Give an item another status through ``save_item``.

    Raises ItemError, naming every reason, where it may not be published.
    """
    spec = spec_of(question).model_copy(update={"status": status})
    if status is StatusName.PUBLISHED and (
        problems := problems_of(spec, question.topic, question, by)
    ):
        raise ItemError("status", " ".join(problems))
    return save(spec, question.topic, by=by)


def with_status(
    spec: ItemSpec, topic: Topic, question: Question | None, by: User | None, *, to_review: bool
) -> ItemSpec:
    """Return an edited item under the status that its edit leads to.

    ``to_review`` sends it there. Otherwise a published item stays so if ``by`` may publish
    and nothing speaks against it; if the change voids its blind solve it goes back to
    review. Raises ItemError, naming every reason, where it can have neither.
    """
    in_review = spec.model_copy(update={"status": StatusName.IN_REVIEW})
    if to_review:
        return in_review
    if question is None or question.status != Status.PUBLISHED:
        return spec
    if StatusName.PUBLISHED not in allowed_statuses(None, by):
        raise ItemError("status", NOT_A_PUBLISHER)
    problems = problems_of(spec, topic, question, by)
    if not problems:
        return spec
    if question.current and spec.sheet_digest() != question.current.sheet_digest:
        return in_review
    raise ItemError("status", " ".join(problems))


@transaction.atomic
def return_to(version: QuestionVersion, *, by: User | None) -> SaveResult:
    """Make a new version that says what an old one said; nothing is rewritten.

    A published item whose old wording cannot be published by ``by`` goes to review.
    Raises ItemError where the wording breaks a rule that is newer than it is.
    """
    question = Question.objects.select_for_update().get(pk=version.question_id)
    old = spec_of(question, version)
    if question.current_id and spec_of(question).digest() == old.digest():
        return SaveResult(question, created=False, new_version=False, changed=False)
    may_publish = StatusName.PUBLISHED in allowed_statuses(None, by)
    to_review = question.status == Status.PUBLISHED and not may_publish
    spec = with_status(old, question.topic, question, by, to_review=to_review)
    return save(spec, question.topic, by=by, reason=f"Returned to version {version.number}")


@transaction.atomic
def save(spec: ItemSpec, topic: Topic, *, by: User | None, reason: str = "") -> SaveResult:
    """Save an item that staff edited, check it anew and let public pages know.

    Raises ItemError where ``by`` may not give it its status, or not change it under learners.
    """
    _refuse_what_is_not_theirs(spec, topic, by)
    result = save_item(spec, topic, by=by, reason=reason)
    if result.changed:
        findings.refresh(result.question)
        codereviews.refresh(result.question)
        revision.bump()
    return result


def _refuse_what_is_not_theirs(spec: ItemSpec, topic: Topic, by: User | None) -> None:
    """Hold an item that is to be saved against the permissions of who saves it."""
    if by is None or by.has_perm(PUBLISH):
        return
    question = Question.objects.filter(key=spec.key).select_related("current").first()
    status = StatusName(question.status) if question else None
    if spec.status not in allowed_statuses(status, by):
        label = Status(spec.status).label.lower()
        raise ItemError("status", f"You may not give this item the status “{label}”.")
    if question is None or spec.status is not StatusName.PUBLISHED:
        return
    if question.topic_id != topic.pk or spec_of(question).digest() != spec.digest():
        raise ItemError("status", NOT_A_PUBLISHER)
