"""Which items a learner can be asked on an exam date, read once for each revision."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.db.models import Count, Max
from django.utils import timezone

from prepsite.content import revision
from quizzes.models import Area, BlindSolve, Question, QuestionVersion, Status, Subject, Topic

# What each subject asks of a learner, for choosing one.
SUBJECT_ABOUT = {
    Subject.CPT: "Procedures and services, from surgery to office visits, with their modifiers.",
    Subject.ICD10CM: "Diagnoses: conventions, sequencing, and the chapters’ own rules.",
    Subject.HCPCS: "Drugs and their units, supplies, equipment, and Medicare’s own codes.",
    Subject.ANATOMY: "Where things are, so that you can tell which code a report means.",
    Subject.TERMINOLOGY: "Roots, prefixes and suffixes, met in the notes that use them.",
    Subject.GUIDELINES: "How the code sets are used, and the law around claims.",
}


@dataclass(frozen=True)
class PoolItem:
    """An item that can be asked: its current version and where it belongs."""

    question_id: int
    version_id: int
    topic: str
    area: str
    subject: str
    rule: str


@dataclass(frozen=True)
class Scope:
    """What a session asks about: a subject, an area, a topic, or everything.

    ``value`` is how a form and an attempt write it: ``subject.cpt``, or empty for all.
    """

    kind: str
    slug: str
    title: str
    count: int
    tab: str = ""

    @property
    def value(self) -> str:
        """Return the scope as forms and attempts write it."""
        return f"{self.kind}.{self.slug}" if self.kind else ""

    def holds(self, item: PoolItem) -> bool:
        """Tell whether an item belongs to the scope."""
        return not self.kind or getattr(item, self.kind) == self.slug


@dataclass(frozen=True)
class SubjectCount:
    """A subject with its items and areas, for choosing one."""

    slug: str
    title: str
    about: str
    count: int
    areas: tuple[Scope, ...]

    @property
    def value(self) -> str:
        """Return the subject's scope as forms and attempts write it."""
        return f"subject.{self.slug}"


@dataclass(frozen=True)
class Pool:
    """All items that can be asked on one exam date, and the scopes that they fill."""

    items: tuple[PoolItem, ...]
    scopes: dict[str, Scope]
    subjects: tuple[SubjectCount, ...]


_MAX_DATES = 64
_pools: OrderedDict[tuple[int, date], Pool] = OrderedDict()
_lock = Lock()


def pool_on(exam_date: date) -> Pool:
    """Return the pool of an exam date, from this process's memory where it is current."""
    publication = revision.current()
    key = (publication.revision, exam_date)
    with _lock:
        if key in _pools:
            _pools.move_to_end(key)
            return _pools[key]
    pool = _read(exam_date, show_cpt=publication.show_cpt_content)
    with _lock:
        _pools[key] = pool
        while len(_pools) > _MAX_DATES:
            _pools.popitem(last=False)
    return pool


def forget() -> None:
    """Drop all pools from memory."""
    with _lock:
        _pools.clear()


def _read(exam_date: date, *, show_cpt: bool) -> Pool:
    questions = Question.objects.filter(
        status=Status.PUBLISHED,
        current__valid_from__lte=exam_date,
        current__valid_to__gte=exam_date,
    )
    if not show_cpt:
        questions = questions.filter(cpt_content=False)
    items = tuple(
        PoolItem(*row)
        for row in questions.order_by("pk").values_list(
            "pk", "current_id", "topic__slug", "topic__area__slug", "topic__area__subject", "rule"
        )
    )
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        for kind in ("subject", "area", "topic"):
            place = (kind, getattr(item, kind))
            counts[place] = counts.get(place, 0) + 1
    areas = [
        Scope("area", area.slug, area.name, counts.get(("area", area.slug), 0), area.tab)
        for area in Area.objects.all()
    ]
    subject_of = dict(Area.objects.values_list("slug", "subject"))
    subjects = tuple(
        SubjectCount(
            subject.value,
            subject.label,
            SUBJECT_ABOUT[subject],
            counts.get(("subject", subject.value), 0),
            tuple(area for area in areas if subject_of[area.slug] == subject and area.count),
        )
        for subject in Subject
    )
    topics = [
        Scope("topic", slug, name, counts.get(("topic", slug), 0))
        for slug, name in Topic.objects.values_list("slug", "name")
    ]
    everything = Scope("", "", "All subjects", len(items))
    scopes = [
        everything,
        *(Scope("subject", subject.slug, subject.title, subject.count) for subject in subjects),
        *areas,
        *topics,
    ]
    return Pool(items, {scope.value: scope for scope in scopes if scope.count}, subjects)


def subject_counts(exam_date: date) -> tuple[SubjectCount, ...]:
    """Return the subjects that have items on this exam date."""
    return tuple(subject for subject in pool_on(exam_date).subjects if subject.count)


def area_tabs() -> list[dict[str, str]]:
    """Return the thumb tab of every area, with items or without."""
    return [{"slug": area.slug, "label": area.tab} for area in Area.objects.all()]


def item_count(exam_date: date) -> int:
    """Return how many items can be asked on this exam date."""
    return len(pool_on(exam_date).items)


def newest_item_on() -> date | None:
    """Return the day on which the newest version of a published item was made."""
    published = QuestionVersion.objects.filter(question__status=Status.PUBLISHED)
    newest = published.aggregate(at=Max("created_at"))["at"]
    return timezone.localdate(newest) if newest else None


@dataclass(frozen=True)
class ReviewFacts:
    """What the page about items says of the bank, counted and not claimed."""

    published: int
    solves: int
    disagreements: int


def review_facts(today: date) -> ReviewFacts:
    """Return how many items are published and how their blind solves went."""
    verdicts = dict(BlindSolve.objects.order_by().values_list("agreed").annotate(n=Count("id")))
    return ReviewFacts(
        published=item_count(today),
        solves=sum(verdicts.values()),
        disagreements=verdicts.get(False, 0),
    )
