"""A slot's page: nothing given away before the answer, everything explained after it."""

import re

import pytest
from django.test import Client

from prepsite.content import revision
from quizzes import rulings
from quizzes.items import save_item, spec_of
from quizzes.models import Answer, Attempt, QuestionVersion
from quizzes.practice import read_token
from tests.factories import choice_of, make_question, make_questions
from tests.quizzes.browsing import (
    HTMX,
    NEW,
    answer_open_slot,
    choices_in,
    first_post,
    go_through,
    html_of,
    pick_in,
    slot_url,
    start_session,
    token_in,
)

pytestmark = pytest.mark.django_db


def secrets_of(version: QuestionVersion) -> list[str]:
    """Return every text of an item that gives its answer away."""
    choices = version.choices.all()
    return [
        version.rationale,
        version.question.key,
        version.question.rule,
        *(choice.reason for choice in choices if choice.reason),
        *(choice.error_tag for choice in choices if choice.error_tag),
        *(reference["section"] for reference in version.references),
    ]


def assert_gives_nothing_away(response) -> None:
    html = html_of(response)
    for version in QuestionVersion.objects.select_related("question"):
        for text in secrets_of(version):
            assert text not in html
    for marker in ("is-key", "is_key", "is-missed", "Right answer", "rationale", "verdict"):
        assert marker not in html
    # The four choices differ in nothing but id, letter and text.
    labels = re.findall(r"<label class=\"choice\">.*?</label>", html)
    plain = {
        re.sub(r'value="\d+"|<span class="cap">.</span>|<span class="text">.*?</span>', "", label)
        for label in labels
    }
    assert len(labels) == 4
    assert len(plain) == 1


@pytest.fixture
def attempt(client: Client) -> Attempt:
    """A session of five items, each with the note of a case, whose first one is answered."""
    make_questions(5, note="The note of a case.", order="shuffle")
    return start_session(client, count=5)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_first_question_gives_nothing_away(client: Client, headers: dict) -> None:
    make_questions(5)
    response = client.get(NEW, headers=headers)
    assert_gives_nothing_away(response)
    assert len(choices_in(response)) == 4


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_question_gives_nothing_away(client: Client, attempt: Attempt, headers: dict) -> None:
    response = client.get(slot_url(attempt, 2), headers=headers)
    assert_gives_nothing_away(response)
    version = attempt.answers.get(slot=2).version
    html = html_of(response)
    assert version.stem in html
    assert version.note in html
    assert all(choice.text in html for choice in version.choices.all())


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_refused_choice_gives_nothing_away(
    client: Client, attempt: Attempt, headers: dict
) -> None:
    assert_gives_nothing_away(client.post(slot_url(attempt, 2), {"choice": "-1"}, headers=headers))


def test_the_token_holds_no_key(client: Client) -> None:
    make_questions(5)
    token = token_in(client.get(NEW))
    start = read_token(token)
    assert set(vars(start)) == {"nonce", "scope", "title", "seed", "versions"}


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("right", [True, False])
def test_feedback_says_everything(
    client: Client, attempt: Attempt, headers: dict, right: bool
) -> None:
    answer_open_slot(client, attempt, right=right)
    html = html_of(client.get(slot_url(attempt, 2), headers=headers))
    version = attempt.answers.get(slot=2).version
    for text in (
        version.stem,
        version.note,
        version.rationale,
        version.question.key,
        version.references[0]["section"],
        "Title of a-source, 2026",
        "Topic a-topic",
    ):
        assert text in html
    for choice in version.choices.all():
        assert choice.text in html
        assert choice.reason in html
    assert ("Not correct" in html) is not right
    assert html.count("Right answer") == 1
    assert html.count("your answer") == 1


def test_feedback_counts_so_far(client: Client, attempt: Attempt) -> None:
    answer_open_slot(client, attempt, right=False)
    assert "1 of 2 correct so far" in html_of(client.get(slot_url(attempt, 2)))


def test_feedback_after_a_ruling_says_so(client: Client, attempt: Attempt) -> None:
    answer_open_slot(client, attempt, right=False)
    answer = attempt.answers.get(slot=2)
    assert answer.picked
    rulings.rule(answer.version, accepted=answer.picked.letter, reason="Two readings are fair.")
    html = html_of(client.get(slot_url(attempt, 2)))
    assert "Not correct" not in html
    assert "Two readings are fair." in html


def test_markup_in_an_item_is_escaped(client: Client) -> None:
    make_question(stem="A <script>alert(1)</script> & a `code`")
    html = html_of(client.get(NEW))
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert "<code>code</code>" in html


def test_a_plain_answer_redirects_to_its_feedback(client: Client, attempt: Attempt) -> None:
    response = answer_open_slot(client, attempt)
    assert response.status_code == 302
    assert response["Location"] == slot_url(attempt, 2)


def test_an_htmx_answer_returns_the_feedback_alone(client: Client, attempt: Attempt) -> None:
    url = slot_url(attempt, 2)
    response = client.post(url, {"choice": pick_in(client.get(url))}, headers=HTMX)
    html = html_of(response)
    assert response.status_code == 200
    assert "<html" not in html
    assert "<body" not in html
    assert attempt.answers.get(slot=2).version.rationale in html
    assert response["HX-Replace-Url"] == url


def test_an_htmx_start_returns_the_feedback_alone(client: Client) -> None:
    make_questions(5)
    response = client.post(NEW, first_post(client.get(NEW)), headers=HTMX)
    attempt = Attempt.objects.get()
    assert "<html" not in html_of(response)
    assert response["HX-Replace-Url"] == slot_url(attempt, 1)
    assert "learner" in response.cookies


def test_htmx_going_back_in_history_gets_the_whole_page(client: Client, attempt: Attempt) -> None:
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    for number in (1, 2):
        assert "<html" in html_of(client.get(slot_url(attempt, number), headers=headers))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_faced_pages_vary(client: Client, attempt: Attempt, headers: dict) -> None:
    url = slot_url(attempt, 2)
    responses = [
        client.get(NEW, headers=headers),
        client.post(NEW, {"start": "x"}, headers=headers),
        client.get(url, headers=headers),
        client.post(url, {}, headers=headers),
        client.get(slot_url(attempt, 1), headers=headers),
    ]
    for response in responses:
        assert "HX-Request" in response["Vary"]
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (None, "Choose an answer, then check it."),
        ("", "Choose an answer, then check it."),
        ("garbage", "That is not one of the answers."),
        ("0", "That is not one of the answers."),
        ("-1", "That is not one of the answers."),
        (str(2**63), ""),
        (str(2**70), ""),
        ("9" * 5_000, ""),
        ("1.5", "That is not one of the answers."),
        ("\x00", ""),
    ],
)
def test_what_is_no_choice_is_refused_with_the_form_intact(
    client: Client, attempt: Attempt, choice: str | None, message: str, headers: dict
) -> None:
    url = slot_url(attempt, 2)
    page = client.get(url)
    response = client.post(url, {} if choice is None else {"choice": choice}, headers=headers)
    html = html_of(response)
    assert response.status_code == 422
    assert 'role="alert"' in html
    assert message in html
    assert choices_in(response) == choices_in(page)
    assert ("<html" in html) is not bool(headers)
    assert attempt.answers.get(slot=2).answered_at is None


def test_a_choice_of_another_question_is_refused(client: Client, attempt: Attempt) -> None:
    other = attempt.answers.get(slot=3).version.question
    url = slot_url(attempt, 2)
    response = client.post(url, {"choice": choice_of(other, right=True).pk})
    assert response.status_code == 422
    assert Answer.objects.filter(answered_at__isnull=False).count() == 1


def test_the_choice_of_an_older_version_is_refused(client: Client) -> None:
    question = make_question()
    old = choice_of(question, right=True)
    save_item(spec_of(question).model_copy(update={"rationale": "New."}), question.topic)
    revision.bump()
    page = client.get(NEW)
    response = client.post(NEW, {"start": token_in(page), "choice": old.pk})
    assert response.status_code == 422


def test_the_last_feedback_leads_to_the_summary(client: Client, attempt: Attempt) -> None:
    go_through(client, attempt)
    html = html_of(client.get(slot_url(attempt, 5)))
    assert f'href="/practice/{attempt.pk}/summary/"' in html
    assert "Next question" not in html
