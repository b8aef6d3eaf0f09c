"""What the checks find wrong with the items of the database, kept beside each item.

Derived data: every save of an item checks it anew, ``refresh_all`` the whole bank. A
finding that is still there keeps the time at which it was first seen.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from quizzes.checks import BANK_CHECKS, COMPARING, ITEM_CHECKS, Problem
from quizzes.checks.materials import Materials, from_database
from quizzes.contentfiles import Bank, BlueprintSpec, FiledItem, SourceSpec
from quizzes.items import spec_of
from quizzes.models import Finding, Question, Source, Status

# What the checks of codes say without a code set is about the database, not the item.
CODES_CHECKS = {"codes", "codes-later"}
WORDS = {
    "stem": "stem",
    "note": "case note",
    "rationale": "rationale",
    "references": "references",
    "cpt_content": "CPT flag",
    "blind_solves": "blind solving",
    "rule": "rule",
    "options": "options",
    "codes": "codes",
    "reason": "reason",
    "text": "text",
}


def place_in_words(field: str) -> str:
    """Return a field of ItemSpec as staff know it: ``options.B.codes`` is option B, codes."""
    first, *rest = field.split(".")
    if first == "options" and rest:
        return ", ".join([f"option {rest[0]}", *(WORDS.get(part, part) for part in rest[1:])])
    return WORDS.get(first, first.replace("_", " "))


def checkable() -> QuerySet[Question]:
    """Return the items that checks are about, with all that these read. Retired ones rest."""
    return (
        Question.objects.exclude(status=Status.RETIRED)
        .exclude(current=None)
        .select_related("current", "topic__area")
        .prefetch_related("current__choices", "blind_solves")
    )


def filed(question: Question) -> FiledItem:
    """Return an item of the database in the form that the checks take."""
    topic = question.topic
    return FiledItem(Path("database"), topic.area.slug, topic.slug, spec_of(question))


def item_problems(item: FiledItem, materials: Materials) -> Iterator[Problem]:
    """Yield what is wrong with an item, seen alone."""
    for check in ITEM_CHECKS:
        for problem in check(item, materials):
            if materials.book.icd10cm or problem.check not in CODES_CHECKS:
                yield problem


def refresh(question: Question, *, now: datetime | None = None) -> None:
    """Check one item anew; what only a comparison with other items finds stays as it is."""
    fresh = checkable().filter(pk=question.pk).first()
    problems: list[Problem] = []
    stale = Finding.objects.filter(question=question)
    if fresh:
        item = filed(fresh)
        problems = list(item_problems(item, from_database([item.spec])))
        stale = stale.exclude(check_name__in=COMPARING)
    _replace(stale, [(question.pk, problem) for problem in problems], now or timezone.now())


@transaction.atomic
def refresh_all(*, now: datetime | None = None) -> int:
    """Check every item alone and against the others; return the number of findings."""
    questions = {question.key: question for question in checkable()}
    items = tuple(filed(question) for question in questions.values())
    materials = from_database(item.spec for item in items)
    problems = [problem for item in items for problem in item_problems(item, materials)]
    bank = _bank_of(items)
    problems += [problem for check in BANK_CHECKS for problem in check(bank) if problem.item]
    found = [(questions[problem.item].pk, problem) for problem in problems]
    return _replace(Finding.objects.all(), found, now or timezone.now())


def _bank_of(items: tuple[FiledItem, ...]) -> Bank:
    """Return the items and the sources' slugs as checks take them.

    They were checked when they were saved; the blueprint's own problems are no item's.
    """
    blueprint = BlueprintSpec.model_construct(areas=())
    slugs = Source.objects.values_list("slug", flat=True)
    return Bank(blueprint, tuple(SourceSpec.model_construct(slug=slug) for slug in slugs), items)


def _replace(stored: QuerySet[Finding], found: Iterable[tuple[int, Problem]], now: datetime) -> int:
    """Make the stored findings those that were found; return how many these are."""
    wanted = {
        (pk, problem.check, problem.severity, problem.field, problem.message): None
        for pk, problem in found
    }
    known = {
        (row.question_id, row.check_name, row.severity, row.field, row.message): row.pk
        for row in stored
    }
    gone = [pk for values, pk in known.items() if values not in wanted]
    if gone:
        Finding.objects.filter(pk__in=gone).delete()
    Finding.objects.bulk_create(
        Finding(
            question_id=pk,
            check_name=check,
            severity=severity,
            field=field,
            message=message,
            found_at=now,
        )
        for pk, check, severity, field, message in wanted
        if (pk, check, severity, field, message) not in known
    )
    return len(wanted)
