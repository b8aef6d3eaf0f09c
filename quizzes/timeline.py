"""Everything that happened to an item, from five tables, in one order of time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from prepsite.accounts.models import User
from quizzes.models import Decision, KeyRuling, Question, QuestionVersion, Status, Topic

NOBODY = "No account"


@dataclass(frozen=True)
class Change:
    """A field's value before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Event:
    """Something that happened: when, by whom, what, and the version it made, if any."""

    at: datetime
    who: str
    what: str
    note: str = ""
    changes: tuple[Change, ...] = ()
    version: QuestionVersion | None = None

    @property
    def earlier(self) -> int:
        """Return the number of the version that this one took the place of; 0 for the first."""
        return self.version.number - 1 if self.version else 0


def events_of(question: Question) -> list[Event]:
    """Return an item's events, the latest first. Six statements, whatever happened."""
    kinds = (_changes, _versions, _solves, _rulings, _decisions)
    events = [event for events_of_kind in kinds for event in events_of_kind(question)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _name(user: User | None) -> str:
    return user.email if user else NOBODY


def _changes(question: Question) -> Iterator[Event]:
    topics = {topic.pk: topic.name for topic in Topic.objects.all()}
    before: dict[str, str] = {}
    for row in question.history.select_related("history_user").order_by(
        "history_date", "history_id"
    ):
        now = {
            "Status": Status(row.status).label,
            "Topic": topics.get(row.topic_id, f"topic {row.topic_id}"),
            "Rule": row.rule,
            "Names CPT codes": "yes" if row.cpt_content else "no",
        }
        changes = tuple(
            Change(label, before.get(label, ""), value)
            for label, value in now.items()
            if before.get(label) != value
        )
        what = "Changed" if before else "Item created"
        yield Event(
            row.history_date,
            _name(row.history_user),
            what,
            row.history_change_reason or "",
            changes,
        )
        before = now


def _versions(question: Question) -> Iterator[Event]:
    for version in question.versions.select_related("created_by"):
        yield Event(
            version.created_at,
            _name(version.created_by),
            f"Version {version.number} of the wording",
            version=version,
        )


def _solves(question: Question) -> Iterator[Event]:
    for solve in question.blind_solves.select_related("by"):
        verdict = "agrees with the key" if solve.agreed else "does not agree with the key"
        noon = timezone.make_aware(datetime.combine(solve.solved_on, time(12)))
        yield Event(
            solve.recorded_at or noon,
            _name(solve.by) if solve.by else solve.solver,
            f"Solved blind: {solve.solver} picked {solve.picked}, {verdict}",
            f"On {solve.solved_on}, {solve.confidence} confidence: {solve.reason}",
        )


def _rulings(question: Question) -> Iterator[Event]:
    rulings = KeyRuling.objects.filter(version__question=question)
    for ruling in rulings.select_related("by", "version"):
        yield Event(
            ruling.at,
            _name(ruling.by),
            f"Key ruling on version {ruling.version.number}: {ruling}",
            ruling.reason,
        )


def _decisions(question: Question) -> Iterator[Event]:
    """Yield what was decided on reports; a ruling stands there as itself."""
    decisions = Decision.objects.filter(version__question=question, ruling=None)
    for decision in decisions.select_related("by", "version"):
        yield Event(
            decision.at,
            _name(decision.by),
            f"Decision on reports about version {decision.version.number}:"
            f" {decision.get_kind_display().lower()}",
            decision.words,
        )
