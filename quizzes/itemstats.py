"""How items do: counters of each version, filled from finished sessions.

A counter holds the answers of the sessions that ``roll_up`` has stamped, and of no other:
so it can be counted anew at any time with the same result, and answering stays cheap.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quizzes.itemspec import LETTERS
from quizzes.measures import FULL_SCORE, median_seconds, percent, point_biserial, time_class
from quizzes.models import Answer, Attempt, VersionStat
from quizzes.sessions import IDLE_DAYS

ATTEMPTS = 500
ROWS = 100
# By then a request that began before the session was finished has ended.
SETTLED = timedelta(minutes=10)
# A day longer than a session stays open.
IDLE = timedelta(days=IDLE_DAYS + 1)

# In the order that ``point_biserial`` takes them.
SCORED = ("n_scored", "n_scored_correct", "sum_score", "sum_score_sq", "sum_score_correct")
COUNTERS = (
    *("first_tries", "first_tries_correct", "picked_a", "picked_b", "picked_c", "picked_d"),
    *SCORED,
)
WORKED_OUT = ("times", "median_seconds", "discrimination")


class Tally:
    """A version's counters while answers are added."""

    def __init__(self) -> None:
        self.counters: Counter[str] = Counter()
        self.times: Counter[str] = Counter()

    def add(
        self,
        letter: str,
        *,
        correct: bool,
        first_try: bool,
        millis: int | None,
        score: int | None,
    ) -> None:
        """Count one answer; ``score`` is that of its whole mock, if it has one."""
        if first_try:
            self.counters["first_tries"] += 1
            self.counters["first_tries_correct"] += int(correct)
            self.counters[f"picked_{letter.lower()}"] += 1
            if millis is not None:
                self.times[time_class(millis)] += 1
        if score is not None:
            self.counters["n_scored"] += 1
            self.counters["n_scored_correct"] += int(correct)
            self.counters["sum_score"] += score
            self.counters["sum_score_sq"] += score**2
            self.counters["sum_score_correct"] += score * int(correct)


def hold() -> None:
    """Let the others who write item statistics wait for the end of this transaction.

    Roll-up, ruling and recount read answers and write counters; in turns, none of them
    works with what another is about to change.
    """
    list(VersionStat.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def roll_up(now: datetime) -> int:
    """Count the answers of sessions that were finished since; return how many sessions.

    Each counts exactly once, also where two processes roll up together: the stamp and the
    counters are written in one transaction.
    """
    _close_abandoned(now)
    total = 0
    while counted := _count_some(now):
        total += counted
    return total


def _close_abandoned(now: datetime) -> None:
    """Finish practice that can no longer go on, or whose end nobody noted.

    The end is that of its last answer. Where the last two slots were answered at once,
    each request left it to the other to finish.
    """
    last = (
        Answer.objects.filter(attempt=OuterRef("pk"))
        .order_by()
        .values("attempt")
        .annotate(last=Max("answered_at"))
        .values("last")
    )
    waiting = Answer.objects.filter(attempt=OuterRef("pk"), answered_at=None)
    unfinished = Attempt.objects.filter(
        finished_at=None,
        counted_at=None,
        mode=Attempt.Mode.PRACTICE,
        started_at__lt=now - SETTLED,
    ).annotate(last=Coalesce(Subquery(last), "started_at"))
    over = unfinished.filter(
        Q(last__lt=now - IDLE) | (Q(last__lt=now - SETTLED) & ~Exists(waiting))
    )
    # By number: an UPDATE cannot use what its own rows were annotated with.
    for pk, moment in list(over.values_list("pk", "last")):
        Attempt.objects.filter(pk=pk, finished_at=None).update(finished_at=moment)


@transaction.atomic
def _count_some(now: datetime) -> int:
    hold()
    ready = Attempt.objects.filter(counted_at=None, finished_at__lte=now - SETTLED)
    attempts = list(ready.order_by("finished_at").values_list("pk", flat=True)[:ATTEMPTS])
    tallies = _tally(Answer.objects.filter(attempt__in=attempts))
    stamped = Attempt.objects.filter(pk__in=attempts, counted_at=None).update(counted_at=now)
    stats = list(VersionStat.objects.filter(pk__in=tallies))
    for stat in stats:
        tally = tallies[stat.pk]
        tally.counters.update({name: getattr(stat, name) for name in COUNTERS})
        tally.times.update(stat.times or {})
        _set(stat, tally)
    VersionStat.objects.bulk_update(stats, [*COUNTERS, *WORKED_OUT], batch_size=ROWS)
    return stamped


@transaction.atomic
def recount(version_ids: Iterable[int] | None = None) -> None:
    """Count the given versions, or all, anew from the answers of all stamped sessions."""
    hold()
    stats = VersionStat.objects.all()
    answers = Answer.objects.filter(attempt__counted_at__isnull=False)
    if version_ids is not None:
        wanted = list(version_ids)
        stats = stats.filter(version__in=wanted)
        answers = answers.filter(version__in=wanted)
    tallies = _tally(answers)
    changed = [stat for stat in stats if _set(stat, tallies[stat.pk])]
    VersionStat.objects.bulk_update(changed, [*COUNTERS, *WORKED_OUT], batch_size=ROWS)


def rated_with(answer_ids: Iterable[int]) -> set[int]:
    """Return the versions whose discrimination rests on the scores of these answers' mocks."""
    versions: set[int] = set()
    for some in batched(answer_ids, ATTEMPTS):
        mocks = Attempt.objects.filter(rated_slots__isnull=False, answers__in=some)
        versions.update(
            Answer.objects.filter(attempt__in=mocks).order_by().values_list("version", flat=True)
        )
    return versions


def _tally(answers: QuerySet[Answer]) -> defaultdict[int, Tally]:
    answers = answers.filter(answered_at__isnull=False).order_by()
    scores = _scores(answers)
    tallies: defaultdict[int, Tally] = defaultdict(Tally)
    rows = answers.values_list(
        *("version_id", "attempt_id", "picked__letter", "correct", "first_try", "millis")
    )
    for version, attempt, letter, correct, first_try, millis in rows.iterator():
        tallies[version].add(
            letter,
            correct=correct,
            first_try=first_try,
            millis=millis,
            score=scores.get(attempt),
        )
    return tallies


def _scores(answers: QuerySet[Answer]) -> dict[int, int]:
    """Return the scores of the whole mocks that these answers belong to.

    A slot left blank has no answer: it counts in the score, and says nothing of its item.
    """
    mocks = Attempt.objects.filter(
        rated_slots__isnull=False, pk__in=answers.values("attempt_id")
    ).annotate(n_correct=Count("answers", filter=Q(answers__correct=True)))
    return {
        pk: round(FULL_SCORE * n_correct / rated_slots)
        for pk, n_correct, rated_slots in mocks.order_by().values_list(
            "pk", "n_correct", F("rated_slots")
        )
    }


def _set(stat: VersionStat, tally: Tally) -> bool:
    """Give a version's row these counters; return whether that changes anything."""
    counters = {name: tally.counters[name] for name in COUNTERS}
    values: dict[str, Any] = counters | {
        "times": dict(tally.times) or None,
        "median_seconds": median_seconds(tally.times),
        "discrimination": point_biserial(*(counters[name] for name in SCORED)),
    }
    changed = {name for name, value in values.items() if getattr(stat, name) != value}
    for name in changed:
        setattr(stat, name, values[name])
    return bool(changed)


def in_words(stat: VersionStat) -> list[str]:
    """Return what a version's counters say, in sentences for staff."""
    if not stat.first_tries:
        return ["No first try is counted yet."]
    tries = stat.first_tries
    picked = [getattr(stat, f"picked_{letter.lower()}") for letter in LETTERS]
    shares = ", ".join(
        f"{letter} {percent(n, tries)}%" for letter, n in zip(LETTERS, picked, strict=True)
    )
    said = [
        f"{percent(stat.first_tries_correct, tries)}% of {tries} first tries were correct.",
        f"Picked: {shares}.",
    ]
    if stat.median_seconds is not None:
        said.append(f"Half took {stat.median_seconds} seconds or less.")
    if stat.discrimination is not None:
        said.append(f"Discrimination {stat.discrimination:.2f} in {stat.n_scored} whole mocks.")
    return said
