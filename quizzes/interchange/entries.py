"""Items with all that a file for other programs says about them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from prepsite.content import revision
from quizzes.items import spec_of
from quizzes.itemspec import ItemSpec
from quizzes.models import Question, Source, Status
from quizzes.rendering import ReferenceContent, reference_content


@dataclass(frozen=True)
class Entry:
    """An item, where it belongs, and what counts as right in it after all rulings."""

    spec: ItemSpec
    area: str
    area_name: str
    topic: str
    topic_name: str
    accepted: frozenset[str]
    references: tuple[ReferenceContent, ...]


def open_to_learners(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Return those that learners have: published, and not withdrawn by the CPT switch."""
    questions = questions.filter(status=Status.PUBLISHED)
    if not revision.current().show_cpt_content:
        questions = questions.filter(cpt_content=False)
    return questions


def entries_of(questions: QuerySet[Question]) -> list[Entry]:
    """Return the current wording of these items, in the order of the blueprint.

    Costs five statements, however many there are.
    """
    sources = {source.slug: source for source in Source.objects.all()}
    rows = (
        Question.objects.filter(pk__in=questions.order_by().values("pk"))
        .exclude(current=None)
        .select_related("current", "topic__area")
        .prefetch_related("current__choices", "current__rulings", "blind_solves")
        .order_by("topic__area__position", "topic__position", "key")
    )
    return [_entry(question, sources) for question in rows]


def _entry(question: Question, sources: dict[str, Source]) -> Entry:
    spec = spec_of(question)
    rulings = list(question.current.rulings.all()) if question.current else []
    accepted = frozenset(spec.answer)
    if rulings:
        accepted = frozenset(rulings[-1].accepted) or accepted
        accepted = frozenset(spec.options) if rulings[-1].credit_all else accepted
    return Entry(
        spec=spec,
        area=question.topic.area.slug,
        area_name=question.topic.area.name,
        topic=question.topic.slug,
        topic_name=question.topic.name,
        accepted=accepted,
        references=tuple(
            reference_content(reference.model_dump(), sources) for reference in spec.references
        ),
    )
