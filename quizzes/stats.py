"""Totals derived from answers: what learners have seen, how items do. All rebuildable."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, Max, Q

from prepsite.accounts.models import Learner
from quizzes.models import Answer, SeenQuestion, VersionStat

BATCH = 1_000


@transaction.atomic
def recount_seen(learner_id: int, question_ids: Iterable[int] | None = None) -> None:
    """Recount what a learner has seen, of the given questions or of all, from the answers."""
    # Both locks: answering locks its row of the totals, and a new one needs the learner.
    Learner.objects.select_for_update().filter(pk=learner_id).first()
    answers = Answer.objects.filter(attempt__learner_id=learner_id, answered_at__isnull=False)
    stored = SeenQuestion.objects.filter(learner_id=learner_id)
    if question_ids is not None:
        wanted = list(question_ids)
        answers = answers.filter(version__question__in=wanted)
        stored = stored.filter(question__in=wanted)
    list(stored.select_for_update())
    totals = (
        answers.order_by()
        .values("version__question_id")
        .annotate(n=Count("id"), right=Count("id", filter=Q(correct=True)), last=Max("answered_at"))
    )
    # Of two answers in the same instant the later slot counts, so any order of merging
    # gives the same row.
    last_correct = dict(
        answers.order_by("answered_at", "attempt_id", "slot").values_list(
            "version__question_id", "correct"
        )
    )
    rows = [
        SeenQuestion(
            learner_id=learner_id,
            question_id=total["version__question_id"],
            times_answered=total["n"],
            times_correct=total["right"],
            last_correct=bool(last_correct[total["version__question_id"]]),
            last_answered_at=total["last"],
        )
        for total in totals
    ]
    stored.delete()
    SeenQuestion.objects.bulk_create(rows, batch_size=BATCH)


@transaction.atomic
def recount_versions(version_ids: Iterable[int] | None = None) -> None:
    """Recount item statistics, of the given versions or of all, from first tries."""
    stats = VersionStat.objects.all()
    tries = Answer.objects.filter(first_try=True)
    if version_ids is not None:
        wanted = list(version_ids)
        stats = stats.filter(version__in=wanted)
        tries = tries.filter(version__in=wanted)
    totals = {
        row["version_id"]: (row["n"], row["right"])
        for row in tries.order_by()
        .values("version_id")
        .annotate(n=Count("id"), right=Count("id", filter=Q(correct=True)))
    }
    changed = []
    for stat in stats:
        n, right = totals.get(stat.version_id, (0, 0))
        if (stat.first_tries, stat.first_tries_correct) != (n, right):
            stat.first_tries, stat.first_tries_correct = n, right
            changed.append(stat)
    VersionStat.objects.bulk_update(
        changed, ["first_tries", "first_tries_correct"], batch_size=BATCH
    )


def rebuild() -> None:
    """Recount everything that is derived from answers."""
    for learner_id in Learner.objects.order_by("pk").values_list("pk", flat=True).iterator():
        recount_seen(learner_id)
    recount_versions()
