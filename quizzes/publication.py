"""Changing an item's status, with everything that publication asks for."""

from pathlib import Path

from django.db import transaction

from prepsite.accounts.models import User
from prepsite.codes.systems import codes_in
from prepsite.codes.validity import book_from_database
from prepsite.content import revision
from quizzes.contentcheck import ITEM_CHECKS
from quizzes.contentfiles import FiledItem
from quizzes.items import ItemError, SaveResult, is_solved_blind, save_item, spec_of
from quizzes.itemspec import ItemSpec, StatusName
from quizzes.models import Question, Topic


def problems_of(spec: ItemSpec, topic: Topic, question: Question | None) -> list[str]:
    """Return what keeps an item from being published, in plain words; empty if nothing."""
    codes = {code for option in spec.options.values() for code in option.codes}
    item = FiledItem(Path("database"), topic.area.slug, topic.slug, spec)
    book = book_from_database(codes | _codes_in_text(spec))
    problems = [
        f"{problem.field}: {problem.message}"
        for check in ITEM_CHECKS
        for problem in check(item, book)
        if problem.severity == "error" and problem.check != "blind"
    ]
    if not spec.is_solved_blind() and not (
        question and is_solved_blind(question, spec.sheet_digest(), spec.answer)
    ):
        problems.append("It has not been solved blind, with agreement, in its present wording.")
    return problems


def _codes_in_text(spec: ItemSpec) -> set[str]:
    return {code for _, text in spec.texts() for code, _ in codes_in(text)}


def set_status(question: Question, status: StatusName, by: User | None) -> SaveResult:
    """Give an item another status through ``save_item``.

    Raises ItemError, naming every reason, where it may not be published.
    """
    spec = spec_of(question).model_copy(update={"status": status})
    if status is StatusName.PUBLISHED and (problems := problems_of(spec, question.topic, question)):
        raise ItemError("status", " ".join(problems))
    return save(spec, question.topic, by=by)


@transaction.atomic
def save(spec: ItemSpec, topic: Topic, *, by: User | None) -> SaveResult:
    """Save an item that staff edited, and let public pages know."""
    result = save_item(spec, topic, by=by)
    if result.changed:
        revision.bump()
    return result
