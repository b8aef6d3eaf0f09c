"""A bank with the exam's areas, and what a browser does with a mock."""

import re
from datetime import datetime
from typing import Any

from django.test import Client

from prepsite.accounts.learners import LearnerKey, key_of
from prepsite.accounts.models import Learner
from quizzes.mock import sitting
from quizzes.mock.assembling import AreaCount, assemble
from quizzes.mock.plans import Plan
from quizzes.mock.sitting import Saved, SlotState
from quizzes.models import Area, Attempt, Choice, MockSlot
from quizzes.pool import pool_on
from tests.factories import make_question, make_topic

# Three areas with 3, 2 and 1 of every six questions.
AREAS = {"first": 3, "second": 2, "third": 1}


def make_bank(each: int = 6, **changes: Any) -> None:
    """Fill three areas with questions, each about a rule of its own."""
    for position, (slug, exam_count) in enumerate(AREAS.items()):
        topic = make_topic(f"topic-{slug}", slug)
        Area.objects.filter(slug=slug).update(exam_count=exam_count, position=position)
        for _ in range(each):
            make_question(topic, **changes)


def area_counts() -> list[AreaCount]:
    """Return the areas as assembling takes them."""
    return [AreaCount(area.slug, area.exam_count) for area in Area.objects.all()]


def make_mock(learner: Learner, now: datetime, plan: Plan | None = None, seed: int = 5) -> Attempt:
    """Start a mock over the bank through the domain."""
    plan = plan or Plan(6)
    wanted = [area for area in area_counts() if plan.is_blueprint or area.slug in plan.areas]
    items = assemble(wanted, pool_on(now.date()).items, {}, plan.count, seed)
    return sitting.start(learner, plan, items, seed, now)


def choice_in(attempt: Attempt, number: int, letter: str) -> int:
    """Return the id of a slot's choice; B is the key of every question of the tests."""
    version = MockSlot.objects.values_list("version_id").get(attempt=attempt, slot=number)[0]
    return Choice.objects.get(version=version, letter=letter).pk


def say(
    attempt: Attempt,
    number: int,
    letter: str,
    now: datetime,
    *,
    key: LearnerKey | None = None,
    tab: str = "tab",
    counter: int = 1,
    **values: Any,
) -> Saved:
    """Save a choice by its letter, empty for none, through the domain."""
    if key is None:
        learner = Attempt.objects.select_related("learner").get(pk=attempt.pk).learner
        assert learner
        key = key_of(learner)
    picked = choice_in(attempt, number, letter) if letter else None
    state = SlotState(picked, tab=tab, counter=counter, **values)
    return sitting.save(key, attempt.pk, number, state, now)


def picks(attempt: Attempt) -> str:
    """Return the letters that stand in the slots, a dash for none."""
    rows = MockSlot.objects.filter(attempt=attempt).order_by("slot")
    return "".join(letter or "-" for letter in rows.values_list("picked__letter", flat=True))


def answers(attempt: Attempt) -> list[tuple[Any, ...]]:
    """Return the answers of a mock: slot, letter, whether correct and a first try."""
    return list(
        attempt.answers.order_by("slot").values_list(
            "slot", "picked__letter", "correct", "first_try"
        )
    )


def start_mock(client: Client, **data: Any) -> Attempt:
    """Start a mock in a browser; return it."""
    response = client.post("/exam/start/", {"length": "25", "pace": "1"} | data)
    assert response.status_code == 302, response.content.decode()
    return Attempt.objects.filter(mode="mock").latest("pk")


def url_of(attempt: Attempt, number: int) -> str:
    """Return the address of a question."""
    return f"/exam/{attempt.pk}/{number}/"


def form_in(response: Any) -> dict[str, Any]:
    """Return the fields that a plain browser posts from a question page as it stands."""
    html = re.search(r'<form id="slot-form".*?</form>', response.content.decode(), re.DOTALL)
    assert html, "the page holds no question"
    fields: dict[str, Any] = dict(
        re.findall(r'<input type="hidden" name="([\w]+)" value="([^"]*)"', html[0])
    )
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)" checked', html[0]):
        fields.setdefault(name, []).append(value)
    note = re.search(r"<textarea[^>]*>(.*?)</textarea>", html[0], re.DOTALL)
    return fields | {"note": note[1] if note else ""}


def letter_of(choice: Choice | None) -> str:
    """Return the letter of a choice, empty for none."""
    return choice.letter if choice else ""


def owner_of(attempt: Attempt) -> Learner:
    """Return whose mock it is."""
    assert attempt.learner
    return attempt.learner
