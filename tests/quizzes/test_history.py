"""Who changed what, and when, whoever wrote it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from prepsite.content.models import PublicationState
from quizzes import contentload, publication, rulings
from quizzes.items import save_item, spec_of
from quizzes.itemspec import StatusName
from quizzes.models import Area, Question, Source, Topic
from quizzes.timeline import Change, events_of
from tests.factories import make_question, make_spec, make_topic, make_user
from tests.quizzes.bankfiles import solved, write_bank
from tests.quizzes.staffing import item_fields, make_member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Any:
    return make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def client(boss: Any) -> Client:
    return signed_in(boss)


def last(model: Any) -> tuple[Any, str | None, str]:
    """Return user, reason and kind of the latest entry of a model's history."""
    row = model.history.first()
    return row.history_user, row.history_change_reason, row.history_type


def test_the_form_leaves_who_and_what(client: Client, boss: Any) -> None:
    question = make_question()
    url = f"/admin/quizzes/question/{question.pk}/change/"
    assert client.post(url, item_fields(question, status="retired")).status_code == 302
    assert last(Question) == (boss, None, "~")
    assert [row.status for row in question.history.all()] == ["retired", "published"]


def test_bulk_actions_leave_it_for_every_item(client: Client, boss: Any) -> None:
    questions = [make_question() for _ in range(3)]
    fields = {"action": "retire", "_selected_action": [question.pk for question in questions]}
    client.post("/admin/quizzes/question/", fields)
    for question in questions:
        row = question.history.first()
        assert (row.status, row.history_user) == ("retired", boss)


def test_a_domain_call_outside_of_a_request_leaves_it(boss: Any) -> None:
    question = make_question()
    publication.set_status(question, StatusName.RETIRED, boss)
    assert last(Question) == (boss, None, "~")


def test_a_reason_given_to_save_item_is_kept(boss: Any) -> None:
    save_item(make_spec(status="draft"), make_topic(), by=boss, reason="Imported from items.csv")
    assert last(Question) == (boss, "Imported from items.csv", "+")


def test_files_leave_their_name_once(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(key="an-item"))
    contentload.load(tmp_path)
    for model in (Question, Area, Topic, Source):
        assert last(model) == (None, "Loaded from files", "+")
    contentload.load(tmp_path, force=True)
    contentload.load(tmp_path, take="files")
    assert Question.history.count() == 1
    assert Topic.history.count() == Topic.objects.count()
    write_bank(tmp_path, solved(key="an-item", status="retired"))
    contentload.load(tmp_path)
    assert last(Question) == (None, "Loaded from files", "~")


def test_a_new_wording_alone_is_told_by_its_version(boss: Any) -> None:
    question = make_question()
    spec = spec_of(question).model_copy(update={"rationale": "A better one."})
    publication.save(spec, question.topic, by=boss)
    assert question.history.count() == 1
    whats = [(event.what, event.who) for event in events_of(question)]
    assert ("Version 2 of the wording", boss.email) in whats


def test_everything_stands_in_one_list_in_order_of_time(client: Client, boss: Any) -> None:
    question = make_question()
    assert question.current
    publication.set_status(question, StatusName.IN_REVIEW, boss)
    rulings.rule(question.current, accepted="C", reason="C is right as well.", by=boss)
    spec = spec_of(Question.objects.get()).model_copy(update={"stem": "Another stem?"})
    publication.save(spec, question.topic, by=boss)
    events = events_of(question)
    assert [event.what for event in events[:3]] == [
        "Version 2 of the wording",
        "Key ruling on version 1: accepted: C",
        "Changed",
    ]
    assert Change("Status", "Published", "In review") in events[2].changes
    assert any("reader-1 picked B, agrees with the key" in event.what for event in events)
    page = client.get(f"/admin/quizzes/question/{question.pk}/history/").content.decode()
    places = [page.index(event.what) for event in events[:3]]
    assert places == sorted(places)
    assert "<del>Published</del>" in page
    assert "?old=1&amp;new=2" in page
    assert "C is right as well." in page


def test_the_history_page_costs_the_same_with_many_events(
    client: Client, boss: Any, django_assert_num_queries: Any
) -> None:
    question = make_question()
    url = f"/admin/quizzes/question/{question.pk}/history/"
    client.get(url)
    with django_assert_num_queries(8) as first:
        client.get(url)
    for number in range(6):
        make_question(key=question.key, rationale=f"Rationale {number}.")
        publication.set_status(question, StatusName.RETIRED, boss)
    with django_assert_num_queries(len(first)):
        client.get(url)


@pytest.mark.parametrize("pk", ["999", "x", "9" * 40, "-1"])
def test_no_item_no_history(client: Client, pk: str) -> None:
    assert client.get(f"/admin/quizzes/question/{pk}/history/").status_code == 404


def test_the_cpt_switch_leaves_history_and_keeps_the_revision(client: Client, boss: Any) -> None:
    PublicationState.objects.update_or_create(pk=1, defaults={"revision": 41})
    client.post("/admin/content/publicationstate/1/change/", {})
    state = PublicationState.objects.get()
    assert (state.show_cpt_content, state.revision) == (False, 42)
    assert last(PublicationState) == (boss, None, "~")
    page = client.get("/admin/content/publicationstate/1/history/").content.decode()
    assert "<ins>False</ins>" in page


def test_a_topics_history_shows_values_and_takes_no_styles_of_its_own(
    client: Client, boss: Any
) -> None:
    topic = make_topic()
    fields = {"area": topic.area_id, "name": "A better name", "position": 3}
    assert client.post(f"/admin/quizzes/topic/{topic.pk}/change/", fields).status_code == 302
    page = client.get(f"/admin/quizzes/topic/{topic.pk}/history/").content.decode()
    assert "<del>Topic a-topic</del>" in page
    assert "<ins>A better name</ins>" in page
    assert boss.email in page
    assert "style=" not in page
    former = topic.history.last()
    url = f"/admin/quizzes/topic/{topic.pk}/history/{former.pk}/"
    assert "Return to this state" in client.get(url).content.decode()
    client.post(url, fields | {"name": "Topic a-topic", "position": former.position})
    topic.refresh_from_db()
    assert topic.name == "Topic a-topic"
    assert topic.history.count() == 3


def test_who_may_only_look_takes_no_former_state_up() -> None:
    topic = make_topic()
    former = topic.history.last()
    url = f"/admin/quizzes/topic/{topic.pk}/history/{former.pk}/"
    reviewer = signed_in(make_member("Reviewer"))
    assert reviewer.get(url).status_code == 200
    fields = {"area": topic.area_id, "name": "Mine", "position": 3}
    assert reviewer.post(url, fields).status_code == 403
    topic.refresh_from_db()
    assert topic.name == "Topic a-topic"


def test_no_page_edits_or_deletes_history(client: Client) -> None:
    make_question()
    for name in ("historicalquestion", "historicaltopic", "finding", "blindsolve"):
        assert client.get(f"/admin/quizzes/{name}/").status_code == 404
