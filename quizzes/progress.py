"""What a learner has done so far, counted from their answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from prepsite.accounts.models import Learner
from prepsite.content import revision
from quizzes.models import Answer, Area, Attempt, Subject
from quizzes.sessions import IDLE_DAYS

# Late-night studying belongs to the day that it began on.
ROLLOVER = timedelta(hours=4)
RECENT = 10


@dataclass
class Tally:
    """Answers counted: how many, how many correct, when the last one was."""

    name: str
    slug: str = ""
    answered: int = 0
    correct: int = 0
    last: datetime | None = None
    parts: list["Tally"] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """Return the share of correct answers in whole percent, or None without answers."""
        return round(100 * self.correct / self.answered) if self.answered else None

    def add(self, other: "Tally") -> None:
        """Count another tally in, as a part of this one."""
        self.answered += other.answered
        self.correct += other.correct
        self.last = max(filter(None, [self.last, other.last]), default=None)
        self.parts.append(other)


@dataclass(frozen=True)
class Progress:
    """All that the progress page shows."""

    total: Tally
    days_active: int
    subjects: list[Tally]
    sessions: list[Attempt]
    open_ids: set[int]


def progress_of(learner: Learner, zone: ZoneInfo, now: datetime) -> Progress:
    """Return a learner's progress, in five statements however long the history is."""
    answers = Answer.objects.filter(_shown(), attempt__learner=learner, answered_at__isnull=False)
    by_area = {
        row["area"]: row
        for row in answers.order_by()
        .values(area=F("version__question__topic__area__slug"))
        .annotate(n=Count("pk"), right=Count("pk", filter=Q(correct=True)), last=Max("answered_at"))
    }
    total = Tally("All subjects")
    subjects = {subject.value: Tally(subject.label, subject.value) for subject in Subject}
    for area in Area.objects.all():
        row = by_area.get(area.slug)
        if row:
            subjects[area.subject].add(
                Tally(area.name, area.slug, row["n"], row["right"], row["last"])
            )
    for subject in subjects.values():
        total.add(subject)
    days = answers.aggregate(
        days=Count(TruncDate(F("answered_at") - ROLLOVER, tzinfo=zone), distinct=True)
    )["days"]
    return Progress(
        total=total,
        days_active=days,
        subjects=[subject for subject in subjects.values() if subject.answered],
        sessions=list(_with_totals(Attempt.objects.filter(learner=learner))[:RECENT]),
        open_ids={attempt.pk for attempt in open_sessions(learner, now)},
    )


def _shown(path: str = "") -> Q:
    """Return the condition for answers to items that the CPT switch leaves on.

    A withdrawn item leaves every count, as it leaves the score of its session.
    """
    if revision.current().show_cpt_content:
        return Q()
    return Q(**{f"{path}version__question__cpt_content": False})


def _with_totals(attempts: QuerySet[Attempt], since: datetime | None = None) -> QuerySet[Attempt]:
    """Add each session's totals; with ``since`` keep those active at that time or later."""
    shown = _shown("answers__")
    counted = attempts.annotate(
        n_items=Count("answers", filter=shown or None),
        n_answered=Count("answers", filter=shown & Q(answers__answered_at__isnull=False)),
        n_correct=Count("answers", filter=shown & Q(answers__correct=True)),
        last_answer=Coalesce(Max("answers__answered_at"), "started_at"),
    ).order_by("-started_at")
    return counted.filter(last_answer__gte=since) if since else counted


def open_sessions(learner: Learner, now: datetime) -> list[Attempt]:
    """Return the sessions that a learner can go on with, the latest first."""
    waiting = Answer.objects.filter(_shown(), attempt=OuterRef("pk"), answered_at=None)
    unfinished = Attempt.objects.filter(Exists(waiting), learner=learner, finished_at=None)
    return list(_with_totals(unfinished, since=now - timedelta(days=IDLE_DAYS))[:RECENT])
