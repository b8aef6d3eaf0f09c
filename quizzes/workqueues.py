"""What waits in the question bank for the person who looks."""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from prepsite.accounts.models import User
from prepsite.content.workqueue import WorkQueue
from quizzes import publication, readers
from quizzes.bankstate import (
    any_doubt,
    ends_before,
    names_changed_code,
    next_code_year,
    with_state,
)
from quizzes.models import Question, QuestionReport, QuestionVersion, Status

GROUP = "Questions"


def queues(user: User, today: date) -> Iterator[WorkQueue]:
    """Yield the work that a user can do something about, also where nothing waits."""
    if not user.has_perm("quizzes.view_question"):
        return
    if user.has_perm(publication.REVIEW):
        waiting = QuestionReport.objects.filter(decision=None).aggregate(
            count=Count("pk"), since=Min("at")
        )
        yield WorkQueue(
            GROUP,
            "Reports from learners",
            waiting["count"],
            f"{reverse('admin:quizzes_questionreport_changelist')}?decided=no",
            "Check each against the rule, mend the question if they are right, and decide.",
            _day(waiting["since"]),
        )
    if user.has_perm(publication.REVIEW):
        waiting = readers.waiting_for(user).aggregate(
            count=Count("pk"), since=Min("current__created_at")
        )
        yield WorkQueue(
            GROUP,
            "In review, waiting for you to solve blind",
            waiting["count"],
            reverse("admin:quizzes_question_blind"),
            "Answer from the question alone, as a learner would. What you wrote is left out.",
            _day(waiting["since"]),
        )
    counts = _counts(user, today)
    if user.has_perm(publication.PUBLISH):
        yield WorkQueue(
            GROUP,
            "In review, ready to publish",
            counts["ready"],
            _list(status__exact="in_review", solved="yes", checks="no_errors"),
            "Readers agree with the key and no check objects.",
        )
    if user.has_perm(publication.CHANGE):
        yield WorkQueue(
            GROUP,
            "In review, readers disagree with the key",
            counts["disputed"],
            _list(status__exact="in_review", solved="disagreement"),
            "Read their reasons on the item's page, mend the wording and have it solved anew.",
        )
        yield WorkQueue(
            GROUP,
            "Published, key in doubt",
            counts["doubtful"],
            _list(doubt="any"),
            "Learners pick another choice more often, good ones miss it like the rest, or several"
            " reported it. Look the rule up before you change anything.",
        )
        yield WorkQueue(
            GROUP,
            "Published with errors",
            counts["failing"],
            _list(status__exact="published", checks="errors"),
            "A check found something wrong, such as a code that no longer holds.",
        )
        yield WorkQueue(
            GROUP,
            "Codes changed by a new code set",
            counts["changed"],
            _list(code_changes="open"),
            "Still right for its exams? Then use the action “Changed codes looked at”. If not,"
            " mend the item or move its last valid date. Until then learners keep it.",
        )
        yield WorkQueue(
            GROUP,
            "Published, ends with this code year",
            counts["ending"],
            _list(status__exact="published", ends="this_year"),
            f"Not asked for exams from {date_format(next_code_year(today), 'F j, Y')} on. Check"
            " each against the new code books, then move its last valid date, or retire it.",
        )
        yield WorkQueue(
            GROUP,
            "Your drafts",
            counts["drafts"],
            _list(status__exact="draft", written="me"),
            "Finish them and send them to review.",
        )


def _counts(user: User, today: date) -> dict[str, int]:
    """Count all kinds of work in one statement."""
    in_review = Q(status=Status.IN_REVIEW)
    published = Q(status=Status.PUBLISHED)
    mine = QuestionVersion.objects.filter(question=OuterRef("pk"), created_by=user)
    questions = with_state(Question.objects.all()).annotate(
        is_mine=Exists(mine), is_doubtful=any_doubt(), is_changed=names_changed_code()
    )
    return questions.aggregate(
        ready=Count("pk", filter=in_review & Q(is_agreed=True, is_disputed=False, n_errors=0)),
        disputed=Count("pk", filter=in_review & Q(is_disputed=True)),
        doubtful=Count("pk", filter=Q(is_doubtful=True)),
        failing=Count("pk", filter=published & Q(n_errors__gt=0)),
        changed=Count("pk", filter=Q(is_changed=True)),
        ending=Count("pk", filter=published & ends_before(next_code_year(today))),
        drafts=Count("pk", filter=Q(status=Status.DRAFT, is_mine=True)),
    )


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _list(**filters: str) -> str:
    """Return the address of the list of items under these filters."""
    return f"{reverse('admin:quizzes_question_changelist')}?{urlencode(filters)}"
