"""The end of a mock: answers are made of its slots, once, whoever ends it and however often."""

from datetime import datetime

from django.db import transaction

from prepsite.accounts.models import Learner
from prepsite.content import revision
from quizzes import stats
from quizzes.mock.plans import Plan
from quizzes.mock.sitting import GRACE, is_up, takes_choices
from quizzes.models import Answer, Attempt, MockSlot, SeenQuestion
from quizzes.practice import MAX_MILLIS, MIN_MILLIS
from quizzes.rendering import contents_of

BATCH = 1_000


class _Moved(Exception):
    """A merge moved the mock to another learner before it could be locked."""


def submit(attempt_id: int, now: datetime) -> bool:
    """End an open mock and score it; return whether this call did it.

    Before the deadline it ends now. After it, it ends at the deadline, once choices that
    were made in time have had their journey; until then nothing happens. Answers are made
    of the slots with a choice, and what is derived from answers is recounted. A bounded
    number of statements, whatever the length. The caller has checked whose mock it is.
    """
    while True:
        try:
            return _submit(attempt_id, now)
        except _Moved:
            continue


@transaction.atomic
def _submit(attempt_id: int, now: datetime) -> bool:
    attempt = _held(attempt_id)
    is_late = is_up(attempt.deadline, now)
    is_settling = is_late and takes_choices(attempt.deadline, now)
    if attempt.mode != Attempt.Mode.MOCK or attempt.finished_at or is_settling:
        return False
    slots = list(MockSlot.objects.filter(attempt=attempt))
    contents = contents_of(slot.version_id for slot in slots)
    plan = Plan.from_json(attempt.plan)
    show_cpt = revision.current().show_cpt_content
    is_whole = len(slots) == plan.count and (
        show_cpt or not any(content.cpt_content for content in contents.values())
    )
    attempt.finished_at = attempt.deadline if is_late and attempt.deadline else now
    attempt.ending = Attempt.Ending.TIME_UP if is_late else Attempt.Ending.SUBMITTED
    attempt.rated_slots = len(slots) if plan.is_blueprint and is_whole else None
    attempt.save(update_fields=["finished_at", "ending", "rated_slots"])
    _make_answers(attempt, slots, attempt.finished_at)
    return True


def _held(attempt_id: int) -> Attempt:
    """Lock a mock and, before it, its learner: in the order in which a merge locks them."""
    owner = Attempt.objects.values_list("learner_id", flat=True).get(pk=attempt_id)
    list(Learner.objects.select_for_update().filter(pk=owner))
    attempt = Attempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt_id)
    if attempt.learner_id != owner:
        raise _Moved
    return attempt


def _make_answers(attempt: Attempt, slots: list[MockSlot], end: datetime) -> None:
    """Make the answers of a mock's slots that have a choice, and recount what they change."""
    contents = contents_of(slot.version_id for slot in slots)
    questions = [contents[slot.version_id].question_id for slot in slots if slot.picked_id]
    seen = SeenQuestion.objects.filter(learner=attempt.learner_id, question__in=questions)
    known = set(seen.values_list("question_id", flat=True))
    answers = []
    for slot in slots:
        content = contents[slot.version_id]
        choice = content.choice(slot.picked_id)
        if choice is None:
            continue
        answers.append(
            Answer(
                attempt=attempt,
                slot=slot.slot,
                version_id=slot.version_id,
                picked_id=choice.id,
                correct=content.is_correct(choice),
                first_try=content.question_id not in known,
                answered_at=min(slot.saved_at or end, end),
                millis=slot.millis if MIN_MILLIS <= slot.millis <= MAX_MILLIS else None,
            )
        )
    Answer.objects.bulk_create(answers, batch_size=BATCH)
    if attempt.learner_id:
        stats.recount_seen([attempt.learner_id], questions)


def discard(attempt_id: int, now: datetime, ending: str = Attempt.Ending.UNSCORED.value) -> bool:
    """Close an open mock without a score; return whether this call did it.

    One whose time is up is not discarded: it counts with what was saved.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if is_up(attempt.deadline, now):
        return False
    standing = Attempt.objects.filter(pk=attempt_id, mode=Attempt.Mode.MOCK, finished_at=None)
    return bool(standing.update(finished_at=now, ending=ending))


def open_mock_of(learner: Learner, now: datetime) -> Attempt | None:
    """Return the learner's open mock, or None; one whose time is up is closed first.

    One statement where there is nothing to close. A mock that waits for the last choices
    to arrive counts as open.
    """
    standing = Attempt.objects.filter(learner=learner, mode=Attempt.Mode.MOCK, finished_at=None)
    attempt = standing.first()
    if attempt and not takes_choices(attempt.deadline, now):
        submit(attempt.pk, now)
        return None
    return attempt


def close_due(now: datetime) -> int:
    """Submit all mocks whose time is up; return how many this call closed."""
    due = Attempt.objects.filter(mode=Attempt.Mode.MOCK, finished_at=None, deadline__lt=now - GRACE)
    numbers = list(due.order_by("deadline").values_list("pk", flat=True))
    return sum(submit(pk, now) for pk in numbers)
