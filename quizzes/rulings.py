"""Corrections of keys: a ruling is added, and everything derived is scored again."""

from collections.abc import Iterable

from django.db import transaction

from prepsite.accounts.models import User
from quizzes import stats
from quizzes.itemspec import LETTERS
from quizzes.models import Answer, KeyRuling, QuestionVersion


@transaction.atomic
def rule(
    version: QuestionVersion,
    *,
    accepted: Iterable[str] = (),
    credit_all: bool = False,
    reason: str,
    by: User | None = None,
) -> KeyRuling:
    """Add a ruling on a version's key and score every answer to it anew.

    Give either the accepted letters or credit for all. Raises ValueError for anything
    else, and for a letter that no choice has.
    """
    letters = "".join(sorted(set(accepted)))
    if bool(letters) == credit_all:
        raise ValueError("Name the accepted letters, or give credit for all.")
    if strange := set(letters) - set(LETTERS):
        raise ValueError(f"No choice is lettered {', '.join(sorted(strange))}.")
    ruling = KeyRuling.objects.create(
        version=version, accepted=letters, credit_all=credit_all, reason=reason, by=by
    )
    rescore(version)
    return ruling


@transaction.atomic
def rescore(version: QuestionVersion) -> int:
    """Score a version's answers by its latest ruling; return how many changed.

    What learners have seen and the item's statistics are recounted with them.
    """
    ruling = version.rulings.order_by("pk").last()
    choices = {choice.pk: choice for choice in version.choices.all()}
    changed = []
    for answer in Answer.objects.filter(version=version, answered_at__isnull=False):
        choice = choices[answer.picked_id or 0]
        correct = choice.is_key
        if ruling:
            correct = ruling.credit_all or choice.letter in ruling.accepted
        if answer.correct != correct:
            answer.correct = correct
            changed.append(answer)
    Answer.objects.bulk_update(changed, ["correct"], batch_size=1_000)
    learners = set(
        Answer.objects.filter(pk__in=[answer.pk for answer in changed])
        .exclude(attempt__learner=None)
        .values_list("attempt__learner_id", flat=True)
    )
    for learner_id in learners:
        stats.recount_seen(learner_id, [version.question_id])
    stats.recount_versions([version.pk])
    return len(changed)
