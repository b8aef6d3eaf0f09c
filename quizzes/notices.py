"""Notices: who hears of a decision, what they have not put away yet, and that they did."""

from collections.abc import Iterable
from datetime import datetime
from itertools import batched

from prepsite.accounts.models import Learner
from quizzes.models import Answer, Decision, Notice

BATCH = 1_000
SHOWN = 5


def notify(decision: Decision, answer_ids: Iterable[int], *, is_rescored: bool) -> None:
    """Let the learners of these answers know of a decision; each answer once.

    An answer that nobody owns any more is left out. Call it in a transaction: it holds
    the learners, so that no merge moves their answers meanwhile.
    """
    for ids in batched(answer_ids, BATCH):
        answers = Answer.objects.filter(pk__in=ids, attempt__learner__isnull=False).order_by()
        owners = set(answers.values_list("attempt__learner_id", flat=True))
        list(Learner.objects.select_for_update(no_key=True).filter(pk__in=owners).order_by("pk"))
        Notice.objects.bulk_create(
            (
                Notice(learner_id=learner, answer_id=pk, decision=decision, is_rescored=is_rescored)
                for pk, learner in answers.values_list("pk", "attempt__learner_id")
            ),
            ignore_conflicts=True,
        )


def unseen(learner: Learner) -> list[Notice]:
    """Return what a learner has not put away yet, the oldest first; a few at a time."""
    return list(
        Notice.objects.filter(learner=learner, seen_at=None)
        .select_related("decision", "answer__attempt")
        .order_by("pk")[:SHOWN]
    )


def put_away(learner: Learner, last: int, now: datetime) -> None:
    """Note that a learner has seen the notices up to this one; it is noted once."""
    Notice.objects.filter(learner=learner, pk__lte=last, seen_at=None).update(seen_at=now)


def rescored_in(attempt_id: int) -> dict[int, str]:
    """Return the answers of a session that a ruling scored anew, with what staff said of it."""
    rows = Notice.objects.filter(answer__attempt=attempt_id, is_rescored=True)
    return dict(rows.order_by("pk").values_list("answer_id", "decision__words"))
