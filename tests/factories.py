"""Rows and specs for tests: each says what matters to it, the rest is filled in."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from prepsite.accounts.learners import key_of
from prepsite.accounts.models import Learner, User
from prepsite.content import revision
from prepsite.content.models import PublicationState
from quizzes import itemstats, practice
from quizzes.items import save_item
from quizzes.itemspec import ItemSpec, parse_item
from quizzes.models import Answer, Area, Attempt, Choice, Question, Source, Subject, Topic
from quizzes.rendering import content_of
from quizzes.sessions import get_session

_numbers = count(1)
# The items of tests are right for ever, so that no test ends with a code year.
VALID = {"code_year": "2026", "valid_from": "2026-01-01", "valid_to": "2099-12-31"}


def _written(number: int) -> str:
    """Return a number as texts of items hold it: five figures in a row would be a CPT code."""
    return str(number) if number < 10_000 else f"{number // 10_000}-{number % 10_000}"


def item_data(**changes: Any) -> dict[str, Any]:
    """Return a draft as a content file holds it; every text of it is unlike all others."""
    n = _written(next(_numbers))
    options: dict[str, dict[str, Any]] = {
        letter: {
            "text": f"choice {letter} of item {n}",
            "error": f"error_{letter.lower()}",
            "reason": f"reason why {letter} of item {n} is wrong",
        }
        for letter in "ACD"
    }
    options["B"] = {"text": f"choice B of item {n}"}
    return {
        "key": f"item-{n}",
        "rule": f"rule-{n}",
        "status": "draft",
        "difficulty": "2",
        "payer_context": "any",
        **VALID,
        "cpt_content": "no",
        "order": "fixed",
        "stem": f"What does item {n} ask?",
        "options": {letter: options[letter] for letter in "ABCD"},
        "answer": "B",
        "rationale": f"The rationale of item {n} says why.",
        "references": [{"source": "a-source", "section": f"Section {n}"}],
    } | changes


def blind_solve(spec: ItemSpec, **changes: Any) -> dict[str, Any]:
    """Return a record of an agreeing reader of this item's present sheet."""
    return {
        "sheet": spec.sheet_digest(),
        "solver": "reader-1",
        "picked": spec.answer,
        "agreed": "yes",
        "confidence": "high",
        "reason": "It follows from the rule.",
        "solved_on": "2026-11-01",
    } | changes


def make_spec(**changes: Any) -> ItemSpec:
    """Return a published item, solved blind with agreement unless the test says otherwise."""
    data = item_data(**{"status": "published"} | changes)
    if "blind_solves" not in data:
        data["blind_solves"] = [blind_solve(parse_item(data, "test"))]
    return parse_item(data, "test")


def make_source(slug: str = "a-source") -> Source:
    """Return the source that items cite."""
    return Source.objects.get_or_create(
        slug=slug,
        defaults={
            "title": f"Title of {slug}",
            "publisher": "A publisher",
            "edition": "2026",
            "url": "https://example.org/source",
        },
    )[0]


def make_topic(
    slug: str = "a-topic", area: str = "an-area", subject: Subject = Subject.HCPCS
) -> Topic:
    """Return a topic, with its area where that is missing."""
    home, _ = Area.objects.get_or_create(
        slug=area,
        defaults={
            "name": f"Area {area}",
            "tab": "TAB",
            "subject": subject,
            "exam_count": 6,
            "position": next(_numbers) % 1_000,
        },
    )
    topic, _ = Topic.objects.get_or_create(
        slug=slug,
        defaults={"area": home, "name": f"Topic {slug}", "position": next(_numbers) % 1_000},
    )
    return topic


def make_question(topic: Topic | None = None, **changes: Any) -> Question:
    """Save an item as every writer does, and publish the change."""
    make_source()
    question = save_item(make_spec(**changes), topic or make_topic()).question
    revision.bump()
    return question


def make_questions(number: int, **changes: Any) -> list[Question]:
    """Save several items of one topic."""
    return [make_question(**changes) for _ in range(number)]


def set_cpt_switch(*, show: bool) -> None:
    """Turn the switch for items that name CPT codes, as the admin does."""
    PublicationState.objects.update_or_create(pk=1, defaults={"show_cpt_content": show})
    revision.bump()


def make_user(**values: Any) -> User:
    """Save an account."""
    return User.objects.create_user(f"user-{next(_numbers)}@example.org", **values)


def make_learner(**values: Any) -> Learner:
    """Save a learner, anonymous unless a user is given."""
    return Learner.objects.create(**values)


def at(text: str) -> datetime:
    """Return a moment in UTC, such as 2026-11-01 12:30."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def make_attempt(
    learner: Learner, questions: Iterable[Question], started_at: datetime, **values: Any
) -> Attempt:
    """Save a session with open slots for these questions' current versions."""
    attempt = Attempt.objects.create(
        **{"learner": learner, "title": "A session", "seed": 7, "started_at": started_at} | values
    )
    Answer.objects.bulk_create(
        Answer(attempt=attempt, slot=slot, version_id=question.current_id or 0)
        for slot, question in enumerate(questions, start=1)
    )
    return attempt


def choice_of(question: Question, *, right: bool) -> Choice:
    """Return the key of an item's current version, or its first distractor."""
    return Choice.objects.filter(version=question.current_id, is_key=right).order_by("letter")[0]


def give_answer(
    attempt: Attempt, number: int, now: datetime, *, right: bool = True, letter: str = ""
) -> bool:
    """Answer a slot through the domain; return whether the answer was saved."""
    assert attempt.learner
    slot = get_session(key_of(attempt.learner), attempt.pk).slots[number - 1]
    content = content_of(slot.version_id)
    choice = next(
        choice
        for choice in content.choices
        if (choice.letter == letter if letter else choice.is_key == right)
    )
    return practice.answer(attempt.learner.pk, slot, content, choice, now)


def count_everything() -> None:
    """Roll the statistics up so late that every session is over and counted."""
    itemstats.roll_up(at("2098-01-01 00:00"))


def make_answered(
    learner: Learner, question: Question, now: datetime, *, right: bool = True
) -> Attempt:
    """Save a session of one question with its answer."""
    attempt = make_attempt(learner, [question], now)
    assert give_answer(attempt, 1, now, right=right)
    practice.finish(attempt.pk, now)
    return attempt
