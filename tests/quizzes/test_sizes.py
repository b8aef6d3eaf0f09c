"""What goes over the wire: an answer at most 4 kB, a question page at most 17 kB.

Compressed sizes are what counts: every browser of today asks for gzip. The middleware
pads compressed pages by a random number of bytes, at most 100, against guessing by size;
that much is left free below the budget.
"""

import gzip
from statistics import median

import pytest
from django.test import Client
from django.utils import timezone

from quizzes import contentload
from quizzes.models import Attempt, Question, Status, VersionStat
from tests.factories import choice_of, make_attempt, make_learner, make_user
from tests.quizzes.browsing import HTMX, NEW, forget_all, slot_url

pytestmark = [pytest.mark.django_db, pytest.mark.once]
GZIP = {"Accept-Encoding": "gzip"}
KB = 1_000
PADDING = 100
type Sizes = list[tuple[int, int, str]]


def size_of(response) -> tuple[int, int]:
    """Return a response's size as it stands, and compressed."""
    assert response.status_code == 200
    assert response["Content-Encoding"] == "gzip"
    return len(gzip.decompress(response.content)), len(response.content)


def report(name: str, sizes: Sizes) -> None:
    """Print medians and the largest: shown by ``pytest -rP``."""
    largest = max(sizes)
    print(
        f"{name}: median {median(plain for plain, _, _ in sizes):.0f} bytes,"
        f" {median(packed for _, packed, _ in sizes):.0f} compressed;"
        f" largest {largest[0]}, {largest[1]} compressed ({largest[2]})"
    )


@pytest.fixture
def shipped(client: Client) -> list[tuple[Question, Attempt]]:
    """Every shipped item as the only one of a session: real texts in real lengths."""
    contentload.load()
    Question.objects.update(status=Status.PUBLISHED)
    # Answered often enough that the feedback shows how others chose.
    VersionStat.objects.update(first_tries=400, picked_a=99, picked_b=49, picked_c=199, picked_d=53)
    forget_all()
    user = make_user()
    learner = make_learner(user=user)
    client.force_login(user)
    return [
        (question, make_attempt(learner, [question], timezone.now()))
        for question in Question.objects.select_related("current")
    ]


def test_pages_of_all_shipped_items(
    client: Client, shipped: list[tuple[Question, Attempt]]
) -> None:
    questions: Sizes = []
    answers: Sizes = []
    for question, attempt in shipped:
        url = slot_url(attempt, 1)
        questions.append((*size_of(client.get(url, headers=GZIP)), question.key))
        data = {"choice": choice_of(question, right=False).pk}
        response = client.post(url, data, headers=HTMX | GZIP)
        answers.append((*size_of(response), question.key))
    first = client.get(NEW, {"count": 40}, headers=GZIP)
    questions.append((*size_of(first), "first question, with the start of 40 items"))
    report("question page", questions)
    report("answer by htmx", answers)
    for plain, packed, name in questions:
        assert plain <= 17 * KB, name
        assert packed <= 4 * KB - PADDING, name
    for _, packed, name in answers:
        assert packed <= 4 * KB - PADDING, name
