"""How items stand, asked of the database in one statement for many of them."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quizzes.models import BlindSolve, Choice, CodeReview, Finding, Question


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
