"""The end of a mock: answers are made of its slots, once, whoever ends it and however often."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from prepsite.accounts.models import Learner
from quizzes import stats
from quizzes.mock.sitting import GRACE
from quizzes.models import Answer, Attempt, MockSlot, SeenQuestion
from quizzes.rendering import contents_of

BATCH = 1_000


@transaction.atomic
def submit(attempt_id: int, now: datetime) -> bool:
    """End an open mock and score it; return whether this call did it.

    It ends now, or at its deadline where that has passed. Answers are made of the slots
    with a choice, and what is derived from answers is recounted. A handful of statements,
    whatever the length. The caller has checked whose mock it is.
    """
    attempt = Attempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt_id)
    if attempt.mode != Attempt.Mode.MOCK or attempt.finished_at:
        return False
    is_late = attempt.deadline is not None and now > attempt.deadline
    attempt.finished_at = attempt.deadline if is_late else now
    attempt.ending = Attempt.Ending.TIME_UP if is_late else Attempt.Ending.SUBMITTED
    attempt.save(update_fields=["finished_at", "ending"])
    slots = list(MockSlot.objects.filter(attempt=attempt, picked__isnull=False))
    contents = contents_of(slot.version_id for slot in slots)
    questions = [contents[slot.version_id].question_id for slot in slots]
    known = set(
        SeenQuestion.objects.filter(
            learner=attempt.learner_id, question__in=questions
        ).values_list("question_id", flat=True)
    )
    Answer.objects.bulk_create(
        [
            Answer(
                attempt=attempt,
                slot=slot.slot,
                version_id=slot.version_id,
                picked_id=slot.picked_id,
                correct=content.is_correct_id(slot.picked_id),
                first_try=content.question_id not in known,
                answered_at=min(slot.saved_at or now, attempt.finished_at or now),
            )
            for slot in slots
            if (content := contents[slot.version_id])
        ],
        batch_size=BATCH,
    )
    if attempt.learner_id:
        stats.recount_seen(attempt.learner_id, questions)
    return True
