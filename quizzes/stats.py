"""Totals of learners derived from answers: what they have seen. All rebuildable."""

from collections.abc import Iterable
from itertools import batched

from django.db import transaction
from django.db.models import Count, Max, Q

from prepsite.accounts.models import Learner
from quizzes import itemstats
from quizzes.models import Answer, SeenQuestion

BATCH = 1_000
LEARNERS = 200


@transaction.atomic
def recount_seen(learner_ids: Iterable[int], question_ids: Iterable[int] | None = None) -> None:
    """Recount what learners have seen, of the given questions or of all, from the answers."""
    questions = None if question_ids is None else list(question_ids)
    for learners in batched(sorted(set(learner_ids)), LEARNERS):
        _recount_seen(list(learners), questions)


def _recount_seen(learners: list[int], questions: list[int] | None) -> None:
    # Both locks: answering locks its row of the totals, and a new one needs the learner.
    list(Learner.objects.select_for_update().filter(pk__in=learners).order_by("pk"))
    answers = Answer.objects.filter(attempt__learner__in=learners, answered_at__isnull=False)
    stored = SeenQuestion.objects.filter(learner__in=learners)
    if questions is not None:
        answers = answers.filter(version__question__in=questions)
        stored = stored.filter(question__in=questions)
    list(stored.select_for_update())
    pair = ("attempt__learner_id", "version__question_id")
    totals = (
        answers.order_by()
        .values(*pair)
        .annotate(n=Count("id"), right=Count("id", filter=Q(correct=True)), last=Max("answered_at"))
    )
    # Of two answers in the same instant the later slot counts, so any order of merging
    # gives the same row.
    last_correct = {
        (learner, question): correct
        for learner, question, correct in answers.order_by(
            "answered_at", "attempt_id", "slot"
        ).values_list(*pair, "correct")
    }
    rows = [
        SeenQuestion(
            learner_id=total[pair[0]],
            question_id=total[pair[1]],
            times_answered=total["n"],
            times_correct=total["right"],
            last_correct=bool(last_correct[total[pair[0]], total[pair[1]]]),
            last_answered_at=total["last"],
        )
        for total in totals
    ]
    stored.delete()
    SeenQuestion.objects.bulk_create(rows, batch_size=BATCH)


def rebuild() -> None:
    """Recount everything that is derived from answers."""
    learners = Learner.objects.order_by("pk").values_list("pk", flat=True)
    for some in batched(learners.iterator(), LEARNERS):
        recount_seen(some)
    itemstats.recount()
