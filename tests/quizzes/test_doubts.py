"""Doubtful keys: what learners' answers and reports say against an item, for staff."""

from typing import Any

import pytest
from django.utils import timezone

from quizzes import errata, reports, rulings, workqueues
from quizzes.models import Decision, Question, VersionStat
from tests.factories import at, make_answered, make_learner, make_question
from tests.quizzes.staffing import make_member, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/question/"
NOON = at("2026-11-01 12:00")
TITLE = "Published, key in doubt"


def counted(question: Question, picked: str = "", **values: Any) -> Question:
    """Give an item (key B) counters: each letter is one first try."""
    values = {f"picked_{letter.lower()}": picked.count(letter) for letter in "ABCD"} | values
    VersionStat.objects.filter(version=question.current_id).update(
        first_tries=len(picked), first_tries_correct=picked.count("B"), **values
    )
    return question


def reported(question: Question, times: int) -> list:
    answers = [make_answered(make_learner(), question, NOON).answers.get() for _ in range(times)]
    return [reports.take(answer.pk, "wrong_key", "", NOON) for answer in answers]


def listed(kind: str) -> set[str]:
    """Return the items that the list shows under a kind of doubt."""
    page = signed_in(make_member("Writer")).get(f"{LIST}?doubt={kind}").content.decode()
    return {key for key in Question.objects.values_list("key", flat=True) if f">{key}<" in page}


def waiting() -> int:
    queues = workqueues.queues(make_member("Writer"), timezone.localdate())
    return next(queue.count for queue in queues if queue.title == TITLE)


def test_a_choice_that_is_picked_more_than_the_key() -> None:
    doubtful = counted(make_question(), "B" * 14 + "C" * 16)
    counted(make_question(), "B" * 15 + "C" * 15)
    counted(make_question(), "B" * 14 + "C" * 15)
    counted(make_question(status="retired"), "C" * 40)
    assert listed("distractor") == listed("any") == {doubtful.key}
    assert waiting() == 1


def test_a_ruling_deals_with_it() -> None:
    doubtful = counted(make_question(), "B" * 14 + "C" * 16)
    assert doubtful.current
    rulings.rule(doubtful.current, accepted="C", reason="C.")
    counted(doubtful, "B" * 14 + "C" * 16)
    assert listed("distractor") == set()


@pytest.mark.parametrize(
    ("value", "n", "is_doubtful"),
    [(-0.2, 30, True), (0.05, 30, True), (0.1, 30, False), (-0.2, 29, False), (None, 30, False)],
)
def test_an_item_that_good_learners_miss_too(
    value: float | None, n: int, is_doubtful: bool
) -> None:
    question = counted(make_question(), discrimination=value, n_scored=n)
    expected = {question.key} if is_doubtful else set()
    assert listed("discrimination") == listed("any") == expected


def test_many_open_reports() -> None:
    doubtful, other = make_question(), make_question()
    first, *_ = reported(doubtful, 3)
    reported(other, 2)
    assert listed("reports") == listed("any") == {doubtful.key}
    verdict = errata.Verdict(Decision.Kind.NO_CHANGE, "It is right.")
    errata.decide(first, verdict, with_others=False, by=None, now=NOON)
    assert listed("reports") == set()


def test_an_unknown_kind_filters_nothing() -> None:
    question = make_question()
    assert listed("nonsense") == {question.key}


def test_the_items_page_tells_how_it_does() -> None:
    question = counted(
        make_question(),
        "B" * 12 + "A" * 18,
        median_seconds=48,
        discrimination=0.312,
        n_scored=40,
    )
    client = signed_in(make_member("Writer"))
    page = client.get(f"{LIST}{question.pk}/change/").content.decode()
    assert "40% of 30 first tries were correct. Picked: A 60%, B 40%, C 0%, D 0%." in page
    assert "Half took 48 seconds or less. Discrimination 0.31 in 40 whole mocks." in page
    fresh = client.get(f"{LIST}{make_question().pk}/change/").content.decode()
    assert "No first try is counted yet." in fresh
