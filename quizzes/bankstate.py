"""How items stand, asked of the database in one statement for many of them."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual

from quizzes.itemspec import LETTERS
from quizzes.measures import ENOUGH
from quizzes.models import (
    BlindSolve,
    Choice,
    CodeReview,
    Finding,
    KeyRuling,
    Question,
    QuestionReport,
    Status,
)

# Below it an item does not tell who knows much from who knows little.
LOW_DISCRIMINATION = 0.1
MANY_REPORTS = 3


def with_state(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Add how readers and checks judge each item in its present wording.

    ``is_agreed``: a reader picked the key; ``is_disputed``: a reader did not.
    ``n_errors`` and ``n_warnings`` count what the checks found. An item is solved blind
    where it is agreed and not disputed.
    """
    # Unordered: the model's own order joins the items again, under the outer query's name.
    keys = Choice.objects.filter(version=OuterRef("current"), is_key=True).order_by()
    solves = BlindSolve.objects.filter(
        question=OuterRef("pk"), sheet_digest=OuterRef("current__sheet_digest")
    )
    agreement = Q(agreed=True, picked=OuterRef("key_letter"))
    return questions.annotate(
        key_letter=Subquery(keys.values("letter")[:1]),
        is_agreed=Exists(solves.filter(agreement)),
        is_disputed=Exists(solves.filter(~agreement)),
        n_errors=_number_of(Finding.Severity.ERROR),
        n_warnings=_number_of(Finding.Severity.WARNING),
    )


def _number_of(severity: str) -> Coalesce:
    counts = (
        Finding.objects.filter(question=OuterRef("pk"), severity=severity)
        .order_by()
        .values("question")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counts), 0)


def names_changed_code() -> Exists:
    """Return the condition for items whose code a code set changed, and nobody has looked."""
    return Exists(CodeReview.objects.filter(question=OuterRef("pk"), settled_at=None))


def ends_before(day: date) -> Q:
    """Return the condition for items that are no longer right on the exams of a day."""
    return Q(current__valid_to__lt=day)


def next_code_year(today: date) -> date:
    """Return the first day of the coming code year."""
    return date(today.year + 1, 1, 1)


def doubts() -> dict[str, Q]:
    """Return what makes a published item's key doubtful, by kind, for items ``with_state``.

    ``distractor``: of 30 first tries or more, more went to a wrong choice than to the key,
    and no ruling has dealt with it. ``discrimination``: in 30 whole mocks or more, those
    who got it right did hardly better, or worse, than the others. ``reports``: three or
    more reports wait for a decision.
    """
    picks = {letter: F(f"current__stat__picked_{letter.lower()}") for letter in LETTERS}
    key_picks = Case(*(When(key_letter=letter, then=pick) for letter, pick in picks.items()))
    ruled = KeyRuling.objects.filter(version=OuterRef("current"))
    reports = (
        QuestionReport.objects.filter(answer__version__question=OuterRef("pk"), decision=None)
        .order_by()
        .values("answer__version__question")
        .annotate(number=Count("pk"))
        .values("number")
    )
    published = Q(status=Status.PUBLISHED)
    return {
        "distractor": published
        & Q(current__stat__first_tries__gte=ENOUGH)
        & Q(GreaterThan(Greatest(*picks.values()), key_picks))
        & ~Q(Exists(ruled)),
        "discrimination": published
        & Q(current__stat__n_scored__gte=ENOUGH)
        & Q(current__stat__discrimination__lt=LOW_DISCRIMINATION),
        "reports": published & Q(GreaterThanOrEqual(Coalesce(Subquery(reports), 0), MANY_REPORTS)),
    }


def any_doubt() -> Q:
    """Return the condition for items whose key is doubtful for whatever reason."""
    return reduce(or_, doubts().values())
