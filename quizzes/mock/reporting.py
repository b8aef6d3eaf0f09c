"""The score report of a mock that has ended, and how it compares with earlier ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from prepsite.accounts.learners import LearnerKey
from prepsite.content import revision
from quizzes.mock.plans import Plan
from quizzes.mock.scoring import (
    AreaScore,
    Changes,
    Score,
    ScoredSlot,
    area_scores,
    changes_of,
    is_slow,
    mean_seconds,
    score_of,
)
from quizzes.mock.sitting import NoSuchMock, notes_on, own
from quizzes.models import Answer, Area, Attempt, ItemNote, KeyRuling, MockSlot
from quizzes.notices import rescored_in
from quizzes.rendering import ChoiceContent, VersionContent, contents_of
from quizzes.sessions import MAX_ID

EARLIER = 8
SCORED = (Attempt.Ending.SUBMITTED, Attempt.Ending.TIME_UP)
SHOWS = ("wrong", "flagged", "slow", "changed")


@dataclass(frozen=True)
class Line:
    """One question in the report. ``rescored`` is what staff said when a ruling turned it."""

    slot: ScoredSlot
    content: VersionContent
    picked: ChoiceContent | None
    first: ChoiceContent | None
    is_slow: bool
    notes: tuple[ItemNote, ...]
    rescored: str

    @property
    def keys(self) -> list[ChoiceContent]:
        return [choice for choice in self.content.choices if choice.is_key]

    @property
    def seconds(self) -> int:
        return round(self.slot.millis / 1000)

    def is_in(self, show: str) -> bool:
        """Tell whether a filter leaves the line."""
        return {
            "wrong": not self.slot.correct,
            "flagged": self.slot.flagged,
            "slow": self.is_slow,
            "changed": bool(self.slot.change),
        }.get(show, True)


@dataclass(frozen=True)
class AreaLine:
    """An area in the report under its name."""

    name: str
    tab: str
    result: AreaScore


@dataclass(frozen=True)
class Report:
    """All that a report shows. Withdrawn questions are counted, and left out of the rest."""

    attempt: Attempt
    plan: Plan
    score: Score
    areas: list[AreaLine]
    changes: Changes
    lines: list[Line]
    withdrawn: int
    seconds: int | None

    @property
    def used(self) -> timedelta:
        """Return the time from the start to the end."""
        return (self.attempt.finished_at or self.attempt.started_at) - self.attempt.started_at

    @property
    def lacking(self) -> int:
        """Return how many questions the bank could not give when the mock was started."""
        return self.plan.count - len(self.lines) - self.withdrawn

    def shown(self, show: str) -> list[Line]:
        """Return the lines that a filter leaves."""
        return [line for line in self.lines if line.is_in(show)]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many lines each filter leaves."""
        return {show: len(self.shown(show)) for show in SHOWS}


def report_of(attempt: Attempt) -> Report:
    """Return the report of a learner's mock that has ended with a score.

    At most seven statements, whatever the length, and four where this process has not
    met its questions yet.
    """
    plan = Plan.from_json(attempt.plan)
    slots = list(MockSlot.objects.filter(attempt=attempt).order_by("slot"))
    contents = contents_of(slot.version_id for slot in slots)
    answers = {answer.slot: answer for answer in Answer.objects.filter(attempt=attempt)}
    is_ruled = any(content.ruling for content in contents.values())
    rescored = rescored_in(attempt.pk) if is_ruled else {}
    questions = [content.question_id for content in contents.values()]
    notes = notes_on(attempt.learner_id or 0, questions)
    lines = []
    for slot in slots:
        content = contents[slot.version_id]
        answer = answers.get(slot.slot)
        scored = _scored(slot, content, answer)
        lines.append(
            Line(
                slot=scored,
                content=content,
                picked=content.choice(answer.picked_id if answer else None),
                first=content.choice(slot.first_picked_id),
                is_slow=is_slow(scored, plan.seconds_a_question),
                notes=tuple(notes.get(content.question_id, ())),
                rescored=rescored.get(answer.pk, "") if answer else "",
            )
        )
    all_slots = [line.slot for line in lines]
    areas = {area.slug: area for area in Area.objects.all()}
    counts = [(area.slug, area.exam_count) for area in areas.values()]
    return Report(
        attempt=attempt,
        plan=plan,
        score=score_of(all_slots),
        areas=[
            AreaLine(areas[result.slug].name, areas[result.slug].tab, result)
            for result in area_scores(all_slots, counts)
        ],
        changes=changes_of(all_slots),
        lines=[line for line in lines if not line.slot.withdrawn],
        withdrawn=sum(slot.withdrawn for slot in all_slots),
        seconds=mean_seconds(slot for slot in all_slots if not slot.withdrawn),
    )


def _scored(slot: MockSlot, content: VersionContent, answer: Answer | None) -> ScoredSlot:
    """Return a slot as it counts: by its answer, which rulings score anew."""
    first = content.choice(slot.first_picked_id)
    return ScoredSlot(
        number=slot.slot,
        area=content.area,
        answered=answer is not None,
        # Where everybody gets credit, a blank has it too.
        correct=bool(answer.correct) if answer else content.credit_all,
        first_correct=content.is_correct(first) if first else None,
        changes=slot.changes,
        flagged=slot.flagged,
        millis=slot.millis,
        withdrawn=content.cpt_content and not revision.current().show_cpt_content,
    )


def get_scored(learner: LearnerKey, attempt_id: int) -> Attempt:
    """Return a learner's mock that has ended with a score. Raises NoSuchMock for others."""
    scored = Attempt.objects.select_related("learner").filter(own(learner), ending__in=SCORED)
    attempt = scored.filter(pk=min(attempt_id, MAX_ID)).first()
    if attempt is None:
        raise NoSuchMock
    return attempt


def missed_questions(attempt: Attempt) -> set[int]:
    """Return the questions of a mock that were answered wrong or left blank."""
    return {line.content.question_id for line in report_of(attempt).shown("wrong")}


@dataclass(frozen=True)
class Result:
    """A mock of the past with its score; without one where it was closed unscored."""

    attempt: Attempt
    plan: Plan
    score: Score | None


def results(learner_id: int, limit: int = EARLIER) -> list[Result]:
    """Return a learner's latest mocks that have ended, the newest first. Three statements."""
    ended = Attempt.objects.filter(
        learner=learner_id, mode=Attempt.Mode.MOCK, finished_at__isnull=False
    )
    attempts = list(ended.order_by("-started_at", "-pk")[:limit])
    scores = scores_of(attempt.pk for attempt in attempts)
    return [
        Result(
            attempt,
            Plan.from_json(attempt.plan),
            scores.get(attempt.pk) if attempt.ending in SCORED else None,
        )
        for attempt in attempts
    ]


def earlier(attempt: Attempt) -> list[Result]:
    """Return the scored mocks by the blueprint that the learner sat before this one."""
    return [
        result
        for result in results(attempt.learner_id or 0, limit=3 * EARLIER)
        if result.score
        and result.plan.is_blueprint
        and (result.attempt.started_at, result.attempt.pk) < (attempt.started_at, attempt.pk)
    ][:EARLIER]


def scores_of(attempt_ids: Iterable[int]) -> dict[int, Score]:
    """Return the scores of mocks by the rules of their reports. Two statements."""
    slots = MockSlot.objects.filter(attempt__in=list(attempt_ids)).order_by()
    if not revision.current().show_cpt_content:
        slots = slots.filter(version__question__cpt_content=False)
    answer = Answer.objects.filter(attempt=OuterRef("attempt"), slot=OuterRef("slot"))
    rows = (
        slots.annotate(
            right=Coalesce(
                Subquery(answer.values("correct")[:1]),
                Case(When(version__in=_credited(), then=Value(True)), default=Value(False)),
            )
        )
        .values("attempt")
        .annotate(total=Count("pk"), correct=Count("pk", filter=Q(right=True)))
    )
    return {row["attempt"]: Score(row["correct"], row["total"]) for row in rows}


def _credited() -> list[int]:
    """Return the versions whose latest ruling gives everybody credit; they are few."""
    latest = dict(KeyRuling.objects.order_by("pk").values_list("version_id", "credit_all"))
    return [version for version, credit_all in latest.items() if credit_all]
