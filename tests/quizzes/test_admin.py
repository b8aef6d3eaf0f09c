"""The staff's side of the bank: adding, editing, publishing, looking back."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizzes import contentload
from quizzes.items import spec_of
from quizzes.models import Area, Question, QuestionVersion, Status
from tests.factories import item_data, make_question, make_source, make_topic, make_user
from tests.quizzes.bankfiles import AREA, solved, write_bank
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db
ADD = "/admin/quizzes/questionversion/add/"


@pytest.fixture
def staff(client: Client) -> Client:
    sign_in_staff(client, make_user(is_staff=True, is_superuser=True))
    return client


def editor_fields(data: dict[str, Any], topic: int) -> dict[str, Any]:
    """Return what the editor's form sends for an item as a content file holds it."""
    names = ["key", "rule", "difficulty", "payer_context", "code_year", "valid_from", "valid_to"]
    fields = {name: data[name] for name in [*names, "order", "stem", "rationale"]}
    lines = "\n".join(f"{r['source']} | {r['section']}" for r in data["references"])
    fields |= {"topic": topic, "note": "", "reference_lines": lines}
    fields |= {"choices-TOTAL_FORMS": 4, "choices-INITIAL_FORMS": 0}
    for place, (letter, option) in enumerate(data["options"].items()):
        prefix = f"choices-{place}"
        fields |= {
            f"{prefix}-letter": letter,
            f"{prefix}-text": option["text"],
            f"{prefix}-codes": "",
            f"{prefix}-error_tag": option.get("error", ""),
            f"{prefix}-reason": option.get("reason", ""),
        }
        if letter == data["answer"]:
            fields[f"{prefix}-is_key"] = "on"
    return fields


def test_a_new_item_is_added_as_a_draft(staff: Client) -> None:
    make_source()
    data = item_data()
    response = staff.post(ADD, editor_fields(data, make_topic().pk), follow=True)
    assert response.status_code == 200
    question = Question.objects.get(key=data["key"])
    assert (question.status, question.current_id is not None) == (Status.DRAFT, True)
    assert spec_of(question).stem == data["stem"]
    assert "Saved. The item has the wording that you see here." in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"rule": "Not_Plain"}, "rule"),
        ({"key": "Upper-Case"}, "key"),
        ({"reference_lines": "nobody | Section 1"}, "There is no source"),
        ({"choices-0-is_key": "on"}, "exactly one key; 2 are marked"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"choices-0-text": ""}, "This field is required"),
    ],
)
def test_a_wrong_item_is_refused_with_the_reason(
    staff: Client, changes: dict[str, str], complaint: str
) -> None:
    make_source()
    response = staff.post(ADD, editor_fields(item_data(), make_topic().pk) | changes)
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not Question.objects.exists()


def test_a_rule_that_files_could_not_read_back_is_refused(staff: Client) -> None:
    question = make_question()
    url = reverse("admin:quizzes_question_change", args=[question.pk])
    response = staff.post(
        url, {"topic": question.topic_id, "rule": "Foo_Bar", "status": "published"}
    )
    assert "Write lower-case letters, numbers and single hyphens." in response.content.decode()
    assert spec_of(Question.objects.get()).rule == question.rule


def test_an_item_nobody_solved_is_not_published(staff: Client) -> None:
    question = make_question(status="in_review", blind_solves=[])
    fields = {"action": "publish", "_selected_action": [question.pk]}
    page = staff.post("/admin/quizzes/question/", fields, follow=True).content.decode()
    assert "has not been solved blind" in page
    assert Question.objects.get().status == Status.IN_REVIEW


def test_an_old_version_is_shown_as_it_was(staff: Client) -> None:
    question = make_question(rationale="The first rationale.")
    old = question.current_id
    make_question(key=question.key, rationale="The second rationale.")
    page = staff.get(f"/admin/quizzes/questionversion/{old}/change/").content.decode()
    assert "The first rationale." in page
    assert "a-source | Section" in page
    assert 'name="_save"' not in page


def test_the_preview_takes_any_nonsense(staff: Client) -> None:
    url = reverse("admin:quizzes_question_preview", args=[make_question().pk])
    for choice in ("9" * 5_000, "x", "-1", ""):
        assert staff.post(url, {"choice": choice}).status_code == 200


def test_a_question_costs_the_same_with_many_versions(
    staff: Client, django_assert_num_queries: Any
) -> None:
    question = make_question(rationale="Version 1.")
    url = reverse("admin:quizzes_question_change", args=[question.pk])
    staff.get(url)
    with django_assert_num_queries(7) as first:
        staff.get(url)
    for number in range(2, 6):
        make_question(key=question.key, rationale=f"Version {number}.")
    assert QuestionVersion.objects.count() == 5
    with django_assert_num_queries(len(first)):
        staff.get(url)


def test_an_edit_of_an_area_is_kept_and_reported(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(key="one"))
    contentload.load(tmp_path)
    filed = Area.objects.get(slug=AREA).name
    assert filed != "Gut"
    Area.objects.filter(slug=AREA).update(name="Gut")
    report = contentload.load(tmp_path, force=True)
    assert report.kept == [f"area {AREA}"]
    assert Area.objects.get(slug=AREA).name == "Gut"
    assert not contentload.load(tmp_path, take="files").kept
    assert Area.objects.get(slug=AREA).name == filed
