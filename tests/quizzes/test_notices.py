"""Notices: who hears of a decision, once, and what a summary says of a ruling."""

import pytest
from django.test import Client

from prepsite.accounts import registry
from prepsite.accounts.models import Learner, Merge
from quizzes import notices, rulings
from quizzes.models import (
    Answer,
    Notice,
    Question,
)
from tests.factories import (
    make_learner,
    make_question,
    make_user,
)
from tests.quizzes.browsing import html_of
from tests.quizzes.deciding import NOW_C, answered, decide, reported

pytestmark = pytest.mark.django_db


def notices_of(learner: Learner | None) -> list[tuple[str, bool]]:
    assert learner
    return [(row.decision.words, row.is_rescored) for row in notices.unseen(learner)]


def test_whose_score_changed_and_who_reported_hear_of_it_and_nobody_else() -> None:
    question = make_question()
    report = reported(question, "A")
    lost, gained, same = (answered(question, letter) for letter in "BCD")
    decide(report, NOW_C)
    assert notices_of(lost.attempt.learner) == [(NOW_C.words, True)]
    assert notices_of(gained.attempt.learner) == [(NOW_C.words, True)]
    assert notices_of(report.answer.attempt.learner) == [(NOW_C.words, False)]
    assert notices_of(same.attempt.learner) == []


def test_a_notice_is_one_where_a_report_led_to_the_new_score() -> None:
    report = reported(make_question(), "C")
    decide(report, NOW_C)
    assert notices_of(report.answer.attempt.learner) == [(NOW_C.words, True)]


def test_a_ruling_that_takes_another_back_is_told_as_well() -> None:
    question = make_question()
    answer = answered(question, "C")
    assert question.current
    rulings.rule(question.current, accepted="C", reason="One.")
    rulings.rule(question.current, accepted="B", reason="Two.")
    assert notices_of(answer.attempt.learner) == [("One.", True), ("Two.", True)]


def test_a_judgement_by_the_former_key_is_mended() -> None:
    question = make_question()
    answer = answered(question, "C")
    assert question.current
    rulings.rule(question.current, accepted="C", reason="C.")
    # As another process saves it that has not seen the ruling yet.
    late = answered(question, "C")
    Answer.objects.filter(pk=late.pk).update(correct=False)
    assert rulings.rescore_ruled() == 1
    assert set(Answer.objects.values_list("correct", flat=True)) == {True}
    assert notices_of(late.attempt.learner) == [("C.", True)]
    assert Notice.objects.filter(answer=answer).count() == 1


@pytest.fixture
def heard(client: Client) -> Question:
    """A signed-in learner whose wrong answer a ruling made right."""
    question = make_question()
    user = make_user()
    client.force_login(user)
    answered(question, "C", make_learner(user=user))
    assert question.current
    rulings.rule(question.current, accepted="C", reason="The <guideline> says C.")
    return question


@pytest.mark.parametrize("page", ["/practice/", "/progress/"])
def test_a_notice_stands_until_it_is_put_away(client: Client, heard: Question, page: str) -> None:
    shown = html_of(client.get(page))
    assert "The key of a question was corrected." in shown
    assert "counts as correct now" in shown
    assert "The &lt;guideline&gt; says C." in shown
    fields = {"last": Notice.objects.get().pk, "back": page}
    for _ in range(2):
        assert client.post("/practice/notices/", fields)["Location"] == page
    seen_at = Notice.objects.get().seen_at
    assert seen_at
    assert "The key of a question was corrected." not in html_of(client.get(page))


@pytest.mark.parametrize(
    "fields", [{}, {"last": "x"}, {"last": "1", "back": "https://evil.example/"}]
)
def test_nonsense_puts_nothing_away(client: Client, heard: Question, fields: dict) -> None:
    assert client.post("/practice/notices/", fields).status_code == 404
    assert Notice.objects.get().seen_at is None


def test_strangers_put_nothing_away(heard: Question) -> None:
    fields = {"last": Notice.objects.get().pk, "back": "/practice/"}
    assert Client().post("/practice/notices/", fields).status_code == 404
    other = Client()
    user = make_user()
    make_learner(user=user)
    other.force_login(user)
    other.post("/practice/notices/", fields)
    assert Notice.objects.get().seen_at is None
    assert Client().get("/practice/notices/").status_code == 405


def test_the_summary_says_that_a_ruling_changed_the_result(client: Client, heard: Question) -> None:
    attempt = Answer.objects.get().attempt_id
    page = html_of(client.get(f"/practice/{attempt}/summary/"))
    assert "1 of 1" in page
    assert "a ruling changed the result of 1 question of this session" in page
    assert "The &lt;guideline&gt; says C." in page


def test_the_summary_is_silent_where_a_ruling_changed_nothing(client: Client) -> None:
    question = make_question()
    user = make_user()
    client.force_login(user)
    answer = answered(question, "D", make_learner(user=user))
    assert question.current
    rulings.rule(question.current, accepted="C", reason="C.")
    page = html_of(client.get(f"/practice/{answer.attempt_id}/summary/"))
    assert "a ruling changed" not in page
    assert "Key corrected." in page


def test_notices_go_with_their_answer_and_come_back_with_it() -> None:
    question = make_question()
    anonymous, account = make_learner(), make_learner(user=make_user())
    answered(question, "C", anonymous)
    assert question.current
    rulings.rule(question.current, accepted="C", reason="C.")
    registry.merge(anonymous, account)
    assert (notices_of(anonymous), notices_of(account)) == ([], [("C.", True)])
    registry.undo(Merge.objects.get())
    assert (notices_of(anonymous), notices_of(account)) == ([("C.", True)], [])
    [row] = registry.export(anonymous)["notices"]
    assert (row["item"], row["decision"], row["scored_anew"]) == (question.key, "C.", True)
    registry.erase(anonymous)
    assert not Notice.objects.exists()


def test_nobody_is_told_about_an_answer_without_a_learner() -> None:
    question = make_question()
    report = reported(question, "C")
    assert report.answer.attempt.learner
    registry.erase(report.answer.attempt.learner)
    decide(report, NOW_C)
    assert Answer.objects.get().correct
    assert not Notice.objects.exists()
