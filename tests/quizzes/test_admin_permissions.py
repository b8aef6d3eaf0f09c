"""Writers, reviewers and publishers: each finds what is theirs, and is refused the rest."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from quizzes.models import Question, QuestionVersion, Status
from tests.factories import make_question, make_user
from tests.quizzes.staffing import item_fields, make_member, signed_in, wording_fields

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/question/"
REWORDED = {"choices-0-reason": "A reason that says it better."}


def item_url(question: Question) -> str:
    return f"{LIST}{question.pk}/change/"


def wording_url(question: Question) -> str:
    return f"/admin/quizzes/questionversion/{question.current_id}/change/"


def status_of(question: Question) -> str:
    return Question.objects.get(pk=question.pk).status


@pytest.mark.parametrize(
    ("group", "actions"),
    [
        ("Writer", {"send_to_review"}),
        ("Reviewer", {"send_to_review"}),
        ("Publisher", {"publish", "send_to_review", "retire"}),
    ],
)
def test_the_list_offers_each_group_its_actions(group: str, actions: set[str]) -> None:
    make_question()
    page = signed_in(make_member(group)).get(LIST).content.decode()
    offered = {name for name in ("publish", "send_to_review", "retire") if f'"{name}"' in page}
    assert offered == actions


@pytest.mark.parametrize(
    ("group", "offered"),
    [
        ("Writer", {"draft", "in_review"}),
        ("Publisher", {"draft", "in_review", "published", "retired"}),
    ],
)
def test_the_form_offers_only_what_this_user_may_give(group: str, offered: set[str]) -> None:
    question = make_question(status="draft")
    page = signed_in(make_member(group)).get(item_url(question)).content.decode()
    assert {value for value in Status.values if f'<option value="{value}"' in page} == offered


def test_a_forged_status_is_refused() -> None:
    question = make_question(status="in_review")
    client = signed_in(make_member("Writer"))
    page = client.post(item_url(question), item_fields(question, status="published"))
    assert "Select a valid choice. published is not one" in page.content.decode()
    fields = {"action": "publish", "_selected_action": [question.pk]}
    client.post(LIST, fields, follow=True)
    assert status_of(question) == Status.IN_REVIEW


def test_a_reviewer_changes_no_item() -> None:
    question = make_question(status="draft")
    client = signed_in(make_member("Reviewer"))
    assert client.get(item_url(question)).status_code == 200
    assert client.post(item_url(question), item_fields(question, rule="x")).status_code == 403
    assert client.get(wording_url(question)).status_code == 200
    assert client.post(wording_url(question), wording_fields(question)).status_code == 403
    assert QuestionVersion.objects.count() == 1


def test_a_writers_edit_of_a_published_item_waits_for_a_publisher() -> None:
    question = make_question()
    client = signed_in(make_member("Writer"))
    page = client.get(wording_url(question)).content.decode()
    assert 'value="Save and send to review"' in page
    refused = client.post(wording_url(question), wording_fields(question, **REWORDED))
    assert "only a publisher may change it under them" in refused.content.decode()
    assert QuestionVersion.objects.count() == 1
    fields = wording_fields(question, **REWORDED, _to_review="Save and send to review")
    saved = client.post(wording_url(question), fields, follow=True)
    assert "It is in review." in saved.content.decode()
    assert status_of(question) == Status.IN_REVIEW
    assert QuestionVersion.objects.count() == 2


def test_a_writer_moves_no_published_item_to_another_topic_either() -> None:
    question = make_question()
    client = signed_in(make_member("Writer"))
    page = client.post(item_url(question), item_fields(question, rule="another-rule"))
    assert "only a publisher may change it under them" in page.content.decode()
    fields = item_fields(question, rule="another-rule", status="in_review")
    assert client.post(item_url(question), fields).status_code == 302
    assert status_of(question) == Status.IN_REVIEW


def test_a_publishers_better_reason_stays_published() -> None:
    question = make_question()
    client = signed_in(make_member("Publisher"))
    client.post(wording_url(question), wording_fields(question, **REWORDED))
    assert status_of(question) == Status.PUBLISHED
    assert QuestionVersion.objects.count() == 2


def test_a_publishers_new_stem_goes_to_review() -> None:
    question = make_question()
    client = signed_in(make_member("Publisher"))
    page = client.post(
        wording_url(question), wording_fields(question, stem="Quite another?"), follow=True
    )
    assert "It is in review." in page.content.decode()
    assert status_of(question) == Status.IN_REVIEW


def test_return_to_a_former_wording() -> None:
    question = make_question(rationale="The first rationale.")
    old = question.current_id
    make_question(key=question.key, rationale="The second rationale.")
    url = f"/admin/quizzes/questionversion/{old}/return/"
    reviewer = signed_in(make_member("Reviewer"))
    assert reviewer.post(url).status_code == 403
    page = reviewer.get(f"/admin/quizzes/questionversion/{old}/change/").content.decode()
    assert "Return to this wording" not in page
    writer = signed_in(make_member("Writer"))
    assert writer.get(url).status_code == 405
    page = writer.get(f"/admin/quizzes/questionversion/{old}/change/").content.decode()
    assert "Return to this wording" in page
    page = writer.post(url, follow=True).content.decode()
    assert "says again what version 1 said. It is in review." in page
    page = writer.post(url, follow=True).content.decode()
    assert "says what version 1 says already" in page
    assert [version.rationale for version in question.versions.all()] == [
        "The first rationale.",
        "The second rationale.",
        "The first rationale.",
    ]


def test_only_publishers_rule_on_keys() -> None:
    make_question()
    assert signed_in(make_member("Writer")).get("/admin/quizzes/keyruling/add/").status_code == 403
    publisher = signed_in(make_member("Publisher"))
    assert publisher.get("/admin/quizzes/keyruling/add/").status_code == 200


def test_staff_without_a_group_see_nothing() -> None:
    client = signed_in(make_user(is_staff=True))
    question = make_question()
    for path in ("", f"{question.pk}/preview/", f"{question.pk}/compare/", "blind/"):
        assert client.get(LIST + path).status_code == 403
    assert client.get(f"{LIST}{question.pk}/history/").status_code == 403


def test_the_command_repairs_and_takes_nothing_away() -> None:
    call_command("staff_groups", stdout=StringIO())
    writer = Group.objects.get(name="Writer")
    lost = writer.permissions.get(codename="change_questionversion")
    extra = Permission.objects.get(codename="add_user")
    writer.permissions.remove(lost)
    writer.permissions.add(extra)
    out = StringIO()
    call_command("staff_groups", stdout=out)
    assert out.getvalue() == "Group Writer: 1 permissions given.\n"
    assert {lost, extra} <= set(writer.permissions.all())
    out = StringIO()
    call_command("staff_groups", stdout=out)
    assert out.getvalue() == ""


def test_groups_say_who_does_what() -> None:
    writer, reviewer = make_member("Writer"), make_member("Reviewer")
    publisher = make_member("Publisher")
    for user in (writer, reviewer, publisher):
        assert user.has_perm("careers.view_salaryfigure")
        assert user.has_perm("quizzes.view_question")
        assert not user.has_perm("accounts.view_learner")
        assert not user.has_perm("quizzes.view_answer")
    assert writer.has_perm("careers.change_section")
    assert publisher.has_perm("careers.add_salaryfigure")
    assert not reviewer.has_perm("careers.change_section")
    assert not writer.has_perm("quizzes.publish_question")
