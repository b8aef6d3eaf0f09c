"""The list of items: its filters, its cost, and the queues that lead to it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.codes.models import CodeChange
from prepsite.content.workqueue import WorkQueue, queues
from quizzes.models import CodeReview, Finding, Question, Subject
from tests.factories import blind_solve, item_data, make_question, make_spec, make_topic, make_user
from tests.quizzes.staffing import make_member, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/question/"


@pytest.fixture
def boss() -> Any:
    return make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def client(boss: Any) -> Client:
    return signed_in(boss)


def listed(client: Client, query: str) -> set[str]:
    """Return the keys on the list at this address."""
    response = client.get(query if query.startswith("/") else f"{LIST}?{query}")
    assert response.status_code == 200
    return {question.key for question in response.context["cl"].result_list}


def disputed(**changes: Any) -> Question:
    """Save an item in review with one reader for the key and one against it."""
    spec = make_spec(**{"status": "in_review", "blind_solves": []} | changes)
    solves = [blind_solve(spec), blind_solve(spec, solver="reader-2", picked="C", agreed="no")]
    return make_question(**spec.to_file() | {"blind_solves": solves})


def with_finding(severity: str, **changes: Any) -> Question:
    question = make_question(**changes)
    Finding.objects.create(
        question=question, check_name="codes", severity=severity, field="stem", message="Wrong."
    )
    return question


def with_key(letter: str, **changes: Any) -> Question:
    """Save a published item whose key is another letter than the factory's."""
    data = item_data(**changes)
    options = data["options"]
    options[letter], options["B"] = options["B"], options[letter]
    return make_question(**data | {"answer": letter, "status": "published"})


def test_each_item_is_judged_by_its_own_key(client: Client) -> None:
    for letter in "BCDA":
        with_key(letter, key=f"key-{letter.lower()}")
    assert listed(client, "solved=yes") == {"key-a", "key-b", "key-c", "key-d"}
    assert listed(client, "solved=disagreement") == set()


def test_filters_find_what_they_name(client: Client) -> None:
    year = timezone.localdate().year
    make_question(key="published")
    make_question(key="unsolved", status="in_review", blind_solves=[])
    disputed(key="disputed")
    with_finding("error", key="error")
    with_finding("warning", key="warning")
    make_question(
        key="ending", code_year="2026", valid_from="2026-01-01", valid_to=f"{max(year, 2026)}-12-31"
    )
    everything = listed(client, "")
    assert everything == {"published", "unsolved", "disputed", "error", "warning", "ending"}
    assert listed(client, "status__exact=in_review") == {"unsolved", "disputed"}
    assert listed(client, "solved=no") == {"unsolved"}
    assert listed(client, "solved=disagreement") == {"disputed"}
    assert listed(client, "solved=yes") == everything - {"unsolved", "disputed"}
    assert listed(client, "checks=errors") == {"error"}
    assert listed(client, "checks=warnings") == {"warning"}
    assert listed(client, "checks=no_errors") == everything - {"error"}
    assert listed(client, "checks=clean") == everything - {"error", "warning"}
    if year >= 2026:
        assert listed(client, "ends=this_year") == {"ending"}
        assert listed(client, "ends=later") == everything - {"ending"}
    assert listed(client, "solved=nonsense&checks=x&ends=x&topic=x&written=you") == everything


def test_topics_are_offered_within_their_area(client: Client) -> None:
    here = make_topic("here", "area-one", Subject.CPT)
    there = make_topic("there", "area-two", Subject.ANATOMY)
    make_question(here, key="in-here")
    make_question(there, key="in-there")
    page = client.get(LIST).content.decode()
    assert f"topic={here.pk}" not in page
    area = f"topic__area__id__exact={here.area_id}"
    page = client.get(f"{LIST}?{area}").content.decode()
    assert f"topic={here.pk}" in page
    assert f"topic={there.pk}" not in page
    assert listed(client, f"{area}&topic={here.pk}") == {"in-here"}
    # A topic left over from another area filters nothing.
    assert listed(client, f"{area}&topic={there.pk}") == {"in-here"}
    assert listed(client, "topic__area__subject__exact=anatomy") == {"in-there"}
    assert client.get(f"{LIST}?topic__area__id__exact={'9' * 40}").status_code in (200, 302)


def test_facets_count_what_the_filters_find(client: Client) -> None:
    make_question(status="in_review", blind_solves=[])
    disputed()
    page = client.get(f"{LIST}?_facets=True").content.decode()
    assert "Not yet (1)" in page
    assert "Readers disagree (1)" in page


def test_thirty_items_cost_no_more_than_three(
    client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        with_finding("error")
    client.get(LIST)
    with django_assert_num_queries(6) as first:
        client.get(LIST)
    for _ in range(27):
        with_finding("warning")
    with django_assert_num_queries(len(first)):
        assert len(listed(client, LIST)) == 30


def found(user: Any, today: date) -> dict[str, WorkQueue]:
    return {queue.title: queue for queue in queues(user, today) if queue.group == "Questions"}


def change_of(question: Question) -> None:
    """Save a change of a code that waits for somebody to look at this item."""
    change = CodeChange.objects.create(
        code="A00.0", kind="gone", before="Gut fever", release="A release", holds_from="2026-01-01"
    )
    CodeReview.objects.create(question=question, change=change)


def test_queues_count_what_their_addresses_list(client: Client, boss: Any) -> None:
    today = timezone.localdate()
    make_question(status="in_review")
    make_question(status="in_review", blind_solves=[])
    disputed()
    with_finding("error")
    with_finding("error", status="in_review")
    make_question(valid_to=f"{today.year}-12-31")
    make_question(status="retired", valid_to=f"{today.year}-12-31")
    draft = make_question(status="draft")
    make_question(status="draft")
    draft.versions.update(created_by=boss)
    change_of(draft)
    work = found(boss, today)
    assert {title: queue.count for title, queue in work.items()} == {
        "Reports from learners": 0,
        "In review, waiting for you to solve blind": 4,
        "In review, ready to publish": 1,
        "In review, readers disagree with the key": 1,
        "Published, key in doubt": 0,
        "Published with errors": 1,
        "Codes changed by a new code set": 1,
        "Published, ends with this code year": 1,
        "Your drafts": 1,
    }
    for queue in list(work.values())[2:]:
        assert len(listed(client, queue.url)) == queue.count, queue.title
    blind = work["In review, waiting for you to solve blind"]
    assert blind.oldest == today
    assert client.get(blind.url).content.decode().count("Blind sheet ") == blind.count


def test_each_group_sees_its_own_work() -> None:
    today = timezone.localdate()
    writer = found(make_member("Writer"), today)
    assert "In review, ready to publish" not in writer
    assert "Your drafts" in writer
    assert list(found(make_member("Reviewer"), today)) == [
        "Reports from learners",
        "In review, waiting for you to solve blind",
    ]
    assert found(make_user(is_staff=True), today) == {}


def test_what_one_wrote_or_solved_does_not_wait_for_them(boss: Any) -> None:
    mine = make_question(status="in_review", blind_solves=[])
    mine.versions.update(created_by=boss)
    assert found(boss, timezone.localdate())["In review, waiting for you to solve blind"].count == 0


def test_all_queues_take_four_statements(boss: Any, django_assert_num_queries: Any) -> None:
    make_question(status="in_review")
    # Reports, sheets to solve, all other questions; and one for the career guide.
    with django_assert_num_queries(4):
        assert len(found(boss, timezone.localdate())) == 8
