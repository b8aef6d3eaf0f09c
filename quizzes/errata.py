"""Decisions on what learners report: made by staff, kept as facts, shown to everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from prepsite.accounts.models import User
from prepsite.content import revision
from quizzes import notices, rulings
from quizzes.models import Area, Decision, QuestionReport, QuestionVersion
from quizzes.rendering import VersionContent, contents_of

PER_PAGE = 20


class AlreadyDecided(Exception):
    """Somebody else decided on a report first; nothing was done."""


@dataclass(frozen=True)
class Verdict:
    """What is to be decided: its kind, staff's words, and what belongs to the kind.

    A key ruling has the letters that count, or ``credit_all``; a rewording has the version
    that mends it. Only "no change" may be left off the public page.
    """

    kind: Decision.Kind
    words: str
    accepted: str = ""
    credit_all: bool = False
    new_version: QuestionVersion | None = None
    is_listed: bool = True


def open_reports(version_id: int) -> QuerySet[QuestionReport]:
    """Return the reports on a version that nobody has decided yet."""
    return QuestionReport.objects.filter(answer__version=version_id, decision=None)


@transaction.atomic
def decide(
    report: QuestionReport, verdict: Verdict, *, with_others: bool, by: User | None, now: datetime
) -> Decision:
    """Decide on a report, or with ``with_others`` on all open ones of the same version.

    A ruling scores all answers anew. Everybody who had reported gets a notice. Raises
    AlreadyDecided where the report has a decision, and ValueError where the verdict is
    not whole.
    """
    version = report.answer.version
    reports = open_reports(version.pk)
    if not with_others:
        reports = reports.filter(pk=report.pk)
    # In order, and before a ruling is made: of two who decide at once, one waits here.
    decided = {row.pk: row for row in reports.select_for_update(of=("self",)).order_by("pk")}
    if report.pk not in decided:
        raise AlreadyDecided
    decision = _fact(version, verdict, by, now)
    QuestionReport.objects.filter(pk__in=decided).update(decision=decision)
    notices.notify(decision, {row.answer_id for row in decided.values()}, is_rescored=False)
    return decision


def _fact(version: QuestionVersion, verdict: Verdict, by: User | None, now: datetime) -> Decision:
    if verdict.kind == Decision.Kind.KEY_RULING:
        return rulings.rule(
            version,
            accepted=verdict.accepted,
            credit_all=verdict.credit_all,
            reason=verdict.words,
            by=by,
            now=now,
        )
    new = verdict.new_version
    if (verdict.kind == Decision.Kind.REWORDED) != (new is not None):
        raise ValueError("A rewording names the version that mends it, and nothing else does.")
    if new and (new.question_id != version.question_id or new.number <= version.number):
        raise ValueError("The version that mends it is a later one of the same item.")
    return Decision.objects.create(
        version=version,
        kind=verdict.kind,
        words=verdict.words,
        new_version=new,
        is_listed=verdict.is_listed or new is not None,
        by=by,
        at=now,
    )


@dataclass(frozen=True)
class Entry:
    """A decision as the public page shows it.

    An item that is still asked keeps its key: only a corrected key, which learners must
    know of, shows the beginning of the stem and what counts now.
    """

    decision: Decision
    content: VersionContent
    stem: str
    counts_now: tuple[SafeString, ...]


def listed(area: Area | None = None) -> QuerySet[Decision]:
    """Return the public decisions, of one area or of all, the latest first."""
    decisions = Decision.objects.filter(_public()).order_by("-at", "-pk")
    if area:
        decisions = decisions.filter(version__question__topic__area=area)
    return decisions.select_related("ruling", "new_version")


def listed_areas() -> list[Area]:
    """Return the areas that have public decisions, as the blueprint orders them."""
    decisions = Decision.objects.filter(_public()).order_by()
    return list(Area.objects.filter(pk__in=decisions.values("version__question__topic__area")))


def _public() -> Q:
    public = Q(is_listed=True)
    if not revision.current().show_cpt_content:
        public &= Q(version__question__cpt_content=False)
    return public


def entries_of(decisions: Iterable[Decision]) -> list[Entry]:
    """Return decisions with what may be told about their items."""
    rows = list(decisions)
    contents = contents_of(row.version_id for row in rows)
    return [_entry(row, contents[row.version_id]) for row in rows]


def _entry(decision: Decision, content: VersionContent) -> Entry:
    ruling = decision.ruling
    if ruling is None:
        return Entry(decision, content, "", ())
    counting = tuple(choice.text for choice in content.choices if choice.letter in ruling.accepted)
    return Entry(decision, content, content.stem_text, counting)
