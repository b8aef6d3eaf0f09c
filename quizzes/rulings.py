"""Corrections of keys: a ruling is added, and everything derived is scored again."""

from collections.abc import Iterable
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from prepsite.accounts.models import Learner, User
from quizzes import itemstats, notices, stats
from quizzes.itemspec import LETTERS
from quizzes.models import Answer, Decision, KeyRuling, QuestionVersion

BATCH = 1_000


@transaction.atomic
def rule(
    version: QuestionVersion,
    *,
    accepted: Iterable[str] = (),
    credit_all: bool = False,
    reason: str,
    by: User | None = None,
    now: datetime | None = None,
) -> Decision:
    """Add a ruling on a version's key and score every answer to it anew.

    Give either the accepted letters or credit for all. Returns the decision under which
    the ruling is made public. Raises ValueError for anything else, and for a letter that
    no choice has.
    """
    letters = "".join(sorted(set(accepted)))
    if bool(letters) == credit_all:
        raise ValueError("Name the accepted letters, or give credit for all.")
    if strange := set(letters) - set(LETTERS):
        raise ValueError(f"No choice is lettered {', '.join(sorted(strange))}.")
    at = now or timezone.now()
    ruling = KeyRuling.objects.create(
        version=version, accepted=letters, credit_all=credit_all, reason=reason, by=by, at=at
    )
    decision = Decision.objects.create(
        version=version,
        kind=Decision.Kind.KEY_RULING,
        words=reason,
        ruling=ruling,
        by=by,
        at=at,
    )
    rescore(version)
    return decision


@transaction.atomic
def rescore(version: QuestionVersion) -> int:
    """Score a version's answers by its latest ruling; return how many changed.

    What learners have seen and the statistics that rest on these answers are recounted
    with them, and their learners get a notice.
    """
    itemstats.hold()
    ruling = version.rulings.order_by("pk").last()
    counting = version.choices.filter(_counts(ruling))
    answers = Answer.objects.filter(version=version, answered_at__isnull=False).order_by()
    gained = answers.filter(picked__in=counting, correct=False)
    lost = answers.exclude(picked__in=counting).filter(correct=True)
    changed = {True: list(gained.values_list("pk", flat=True))}
    changed[False] = list(lost.values_list("pk", flat=True))
    together = changed[True] + changed[False]
    if not together:
        return 0
    decision = ruling.decisions.order_by("pk").first() if ruling else None
    if decision:
        # Holds the learners, before anything of theirs is written.
        notices.notify(decision, together, is_rescored=True)
    for correct, ids in changed.items():
        for some in batched(ids, BATCH):
            Answer.objects.filter(pk__in=some).update(correct=correct)
    owners = Learner.objects.filter(attempt__answers__in=answers.filter(pk__in=together))
    stats.recount_seen(owners.values_list("pk", flat=True), [version.question_id])
    itemstats.recount({version.pk, *itemstats.rated_with(together)})
    return len(together)


def _counts(ruling: KeyRuling | None) -> Q:
    """Return which choices are right: the key, or what a ruling says instead."""
    if ruling is None:
        return Q(is_key=True)
    return Q() if ruling.credit_all else Q(letter__in=list(ruling.accepted))


def rescore_ruled(since: datetime | None = None) -> int:
    """Score the answers to all versions with a ruling, made ``since`` then, anew.

    For a second after a ruling another process may still judge by the former key; this
    mends what it saved. Returns how many answers changed.
    """
    rulings = KeyRuling.objects.filter(at__gte=since) if since else KeyRuling.objects.all()
    versions = QuestionVersion.objects.filter(pk__in=rulings.order_by().values("version"))
    return sum(rescore(version) for version in versions)
