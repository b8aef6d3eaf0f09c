"""Blind solving in the admin: the sheet tells nothing, the answer counts once."""

import re
from typing import Any

import pytest
from django.test import Client

from prepsite.accounts.models import User
from quizzes import publication, readers
from quizzes.items import spec_of
from quizzes.models import BlindSolve, Question, Status
from tests.factories import item_data, make_question, make_source, make_spec, make_topic
from tests.quizzes.staffing import make_member, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/question/blind/"


@pytest.fixture
def reader() -> User:
    return make_member("Reviewer")


@pytest.fixture
def client(reader: User) -> Client:
    return signed_in(reader)


def in_review(by: User | None = None, **changes: Any) -> Question:
    make_source()
    spec = make_spec(**{"status": "in_review", "blind_solves": []} | changes)
    return publication.save(spec, make_topic(), by=by).question


def sheet_url(question: Question) -> str:
    return f"{LIST}{question.pk}/"


def answer(question: Question, page: str, letter: str, **changes: str) -> dict[str, str]:
    """Return the fields that answer a sheet with an option of the item."""
    text = spec_of(question).options[letter].text  # type: ignore[index]
    place = re.search(rf'value="(.)" required> <strong>.</strong> <span>{text}', page)
    token = re.search(r'name="token" value="(\w+)"', page)
    assert place
    assert token
    fields = {"place": place[1], "token": token[1], "confidence": "high", "reason": "A rule."}
    return fields | changes


def test_the_sheet_shows_the_item_and_gives_nothing_away(client: Client) -> None:
    data = item_data(key="tell-tale-key", rule="tell-tale-rule", status="in_review")
    question = in_review(**data)
    page = client.get(sheet_url(question)).content.decode()
    assert data["stem"] in page
    for option in data["options"].values():
        assert option["text"] in page
        assert option.get("reason", "no reason") not in page
        assert option.get("error", "no error") not in page
    spec = spec_of(question)
    for secret in (data["rationale"], "tell-tale", spec.sheet_digest(), spec.digest()):
        assert secret not in page
    listed = client.get(LIST).content.decode()
    assert f"Blind sheet {question.pk}" in listed
    assert "tell-tale" not in listed
    assert data["stem"] not in listed


def test_options_stand_in_each_readers_own_order(reader: User) -> None:
    question = in_review()
    texts = {
        tuple(text for _, text in readers.sheet_for(question, member).options)
        for member in [reader, *(make_member("Reviewer") for _ in range(12))]
    }
    assert len(texts) > 1
    assert readers.sheet_for(question, reader) == readers.sheet_for(question, reader)


@pytest.mark.parametrize(("letter", "agreed"), [("B", True), ("D", False)])
def test_an_answer_is_recorded_once_and_compared(
    client: Client, reader: User, letter: str, agreed: bool
) -> None:
    question = in_review()
    page = client.get(sheet_url(question)).content.decode()
    fields = answer(question, page, letter)
    outcome = client.post(sheet_url(question), fields, follow=True).content.decode()
    assert ("You agree with the key." in outcome) == agreed
    assert ("You do not agree with the key." in outcome) != agreed
    solve = BlindSolve.objects.get()
    assert (solve.by, solve.picked, solve.agreed, solve.confidence) == (
        reader,
        letter,
        agreed,
        "high",
    )
    assert solve.solver == f"staff-{reader.pk}"
    client.post(sheet_url(question), answer(question, page, "A"))
    assert BlindSolve.objects.get().picked == letter
    assert f"Blind sheet {question.pk}<" not in client.get(LIST).content.decode()


def test_no_address_gets_into_content_files(client: Client, reader: User) -> None:
    question = in_review()
    fields = answer(question, client.get(sheet_url(question)).content.decode(), "B")
    client.post(sheet_url(question), fields)
    exported = str(spec_of(Question.objects.get()).to_file())
    assert f"staff-{reader.pk}" in exported
    assert reader.email not in exported
    assert reader.email.split("@")[0] not in exported


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ({"place": ""}, "Choose the one best answer."),
        ({"place": "E"}, "Choose one of the four answers."),
        ({"confidence": ""}, "Say how sure you are."),
        ({"reason": "  "}, "Give the reason in a sentence."),
        ({"token": "x"}, "The item was changed while you were reading."),
        ({"token": "ü" * 20}, "The item was changed while you were reading."),
    ],
)
def test_an_answer_in_part_is_refused_and_kept(
    client: Client, missing: dict[str, str], message: str
) -> None:
    question = in_review()
    fields = answer(question, client.get(sheet_url(question)).content.decode(), "B") | missing
    page = client.post(sheet_url(question), fields).content.decode()
    assert message in page
    if "reason" not in missing:
        assert ">\nA rule.</textarea>" in page
    assert not BlindSolve.objects.exists()


def test_an_item_changed_meanwhile_is_shown_anew(client: Client) -> None:
    question = in_review()
    fields = answer(question, client.get(sheet_url(question)).content.decode(), "B")
    spec = spec_of(question).model_copy(update={"stem": "A stem of later?"})
    publication.save(spec, question.topic, by=None)
    page = client.post(sheet_url(question), fields).content.decode()
    assert "This is its new wording." in page
    assert "A stem of later?" in page
    assert not BlindSolve.objects.exists()


def test_authors_do_not_solve_their_own_wording() -> None:
    author = make_member("Writer")
    question = in_review(by=author)
    client = signed_in(author)
    assert f"Blind sheet {question.pk}<" not in client.get(LIST).content.decode()
    response = client.get(sheet_url(question))
    assert response.status_code == 403
    assert "You wrote this wording." in response.content.decode()
    assert client.post(sheet_url(question), {"place": "A"}).status_code == 403
    assert not BlindSolve.objects.exists()


def test_one_who_reworded_only_a_reason_has_seen_the_key_too() -> None:
    author = make_member("Writer")
    question = in_review()
    spec = spec_of(question).model_copy(update={"rationale": "A better one."})
    publication.save(spec, question.topic, by=author)
    assert signed_in(author).get(sheet_url(question)).status_code == 403


def test_only_items_in_review_are_solved(client: Client) -> None:
    question = make_question()
    response = client.get(sheet_url(question))
    assert response.status_code == 403
    assert "not in review" in response.content.decode()
    assert client.get(f"{LIST}999/").status_code == 404
    assert "Nothing waits for you." in client.get(LIST).content.decode()


def test_a_disagreement_stands_on_the_items_page(client: Client) -> None:
    question = in_review()
    fields = answer(question, client.get(sheet_url(question)).content.decode(), "D")
    client.post(sheet_url(question), fields | {"reason": "D is the better code."})
    page = client.get(f"/admin/quizzes/question/{question.pk}/change/").content.decode()
    assert "readers disagree" in page
    assert "D is the better code." in page
    assert Question.objects.get().status == Status.IN_REVIEW


def test_the_list_costs_the_same_with_many_items(
    client: Client, django_assert_num_queries: Any
) -> None:
    in_review()
    client.get(LIST)
    with django_assert_num_queries(4) as first:
        client.get(LIST)
    for _ in range(9):
        in_review()
    with django_assert_num_queries(len(first)):
        page = client.get(LIST).content.decode()
    assert len(re.findall("Blind sheet ", page)) == 10
