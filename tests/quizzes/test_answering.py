"""Answering: saved once, counted once, resumed at the same slot."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.accounts.learners import key_of
from quizzes import practice
from quizzes.items import save_item, spec_of
from quizzes.models import Answer, Attempt, SeenQuestion, VersionStat
from quizzes.rendering import content_of, face_of
from quizzes.sessions import NoSuchSession, get_session
from tests.factories import (
    at,
    choice_of,
    count_everything,
    give_answer,
    make_answered,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
    set_cpt_switch,
)
from tests.quizzes.browsing import (
    answer_open_slot,
    choices_in,
    go_through,
    html_of,
    pick_in,
    slot_url,
    start_session,
)

pytestmark = pytest.mark.django_db
NOON = at("2026-11-01 12:00")


def test_a_saved_answer_is_the_choice_itself() -> None:
    question = make_question()
    attempt = make_attempt(make_learner(), [question], NOON)
    assert give_answer(attempt, 1, NOON, letter="C")
    answer = Answer.objects.get()
    assert answer.picked is not None
    assert (answer.picked.letter, answer.picked.version_id) == ("C", question.current_id)
    assert (answer.correct, answer.answered_at) == (False, NOON)


def test_a_double_click_counts_once() -> None:
    question = make_question()
    attempt = make_attempt(make_learner(), [question], NOON)
    assert give_answer(attempt, 1, NOON)
    assert not give_answer(attempt, 1, NOON + timedelta(seconds=1))
    assert Answer.objects.get().answered_at == NOON
    seen = SeenQuestion.objects.get()
    assert (seen.times_answered, seen.times_correct, seen.last_answered_at) == (1, 1, NOON)
    count_everything()
    assert VersionStat.objects.get().first_tries == 1


def test_of_two_tabs_the_first_wins_and_the_second_is_shown_what_holds(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client)
    url = slot_url(attempt, 2)
    tab = client.get(url)
    wrong, right = pick_in(tab, right=False), pick_in(tab, right=True)
    first = client.post(url, {"choice": wrong}, follow=True)
    second = client.post(url, {"choice": right}, follow=True)
    assert "Not correct" in html_of(first)
    assert "Not correct" in html_of(second)
    assert attempt.answers.get(slot=2).picked_id == wrong
    assert SeenQuestion.objects.count() == 2
    assert set(SeenQuestion.objects.values_list("times_answered", flat=True)) == {1}


def test_an_answered_slot_shows_its_answer_whatever_is_posted(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client)
    response = client.post(slot_url(attempt, 1), {"choice": "garbage"}, follow=True)
    assert response.status_code == 200
    assert "The rationale of item" in html_of(response)


def test_first_try_is_the_first_answer_of_this_learner_to_this_question() -> None:
    question, other = make_questions(2)
    learner = make_learner()
    for day in range(3):
        make_answered(learner, question, NOON + timedelta(days=day), right=day > 0)
    make_answered(learner, other, NOON + timedelta(days=4))
    make_answered(make_learner(), question, NOON + timedelta(days=5))
    tries = Answer.objects.order_by("answered_at").values_list("first_try", flat=True)
    assert list(tries) == [True, False, False, True, True]
    count_everything()
    stat = VersionStat.objects.get(version=question.current_id)
    assert (stat.first_tries, stat.first_tries_correct) == (2, 1)


def test_a_new_wording_is_no_first_try() -> None:
    question = make_question()
    learner = make_learner()
    make_answered(learner, question, NOON)
    spec = spec_of(question)
    question = save_item(
        spec.model_copy(update={"rationale": "Better put."}), question.topic
    ).question
    make_answered(learner, question, NOON + timedelta(days=1))
    count_everything()
    assert VersionStat.objects.get(version=question.current_id).first_tries == 0


def test_seen_holds_the_last_answer() -> None:
    question = make_question()
    learner = make_learner()
    make_answered(learner, question, NOON, right=True)
    make_answered(learner, question, NOON + timedelta(hours=1), right=False)
    seen = SeenQuestion.objects.get()
    assert (seen.times_answered, seen.times_correct, seen.last_correct) == (2, 1, False)
    assert seen.last_answered_at == NOON + timedelta(hours=1)


def test_a_session_is_one_learners() -> None:
    attempt = make_attempt(make_learner(), [make_question()], NOON)
    with pytest.raises(NoSuchSession):
        get_session(key_of(make_learner()), attempt.pk)


def test_it_resumes_at_the_first_open_slot(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client)
    assert client.get(f"/practice/{attempt.pk}/")["Location"] == slot_url(attempt, 2)
    answer_open_slot(client, attempt)
    assert client.get(f"/practice/{attempt.pk}/")["Location"] == slot_url(attempt, 3)
    # Neither a later slot nor a reload changes the place.
    assert client.get(slot_url(attempt, 5))["Location"] == slot_url(attempt, 3)
    assert client.get(slot_url(attempt, 3)).status_code == 200


def test_a_finished_session_leads_to_its_summary(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client)
    go_through(client, attempt)
    attempt.refresh_from_db()
    assert attempt.finished_at is not None
    summary = f"/practice/{attempt.pk}/summary/"
    assert client.get(f"/practice/{attempt.pk}/")["Location"] == summary


def test_finishing_twice_keeps_the_first_time() -> None:
    attempt = make_attempt(make_learner(), [make_question()], NOON)
    practice.finish(attempt.pk, NOON)
    practice.finish(attempt.pk, NOON + timedelta(days=1))
    assert Attempt.objects.get().finished_at == NOON


@pytest.mark.parametrize(("idle_days", "open_still"), [(29, True), (31, False)])
def test_it_closes_after_thirty_idle_days(client: Client, idle_days: int, open_still: bool) -> None:
    make_questions(5)
    attempt = start_session(client)
    page = client.get(slot_url(attempt, 2))
    long_ago = timezone.now() - timedelta(days=idle_days)
    Attempt.objects.update(started_at=long_ago - timedelta(days=300))
    Answer.objects.filter(slot=1).update(answered_at=long_ago)
    response = client.post(slot_url(attempt, 2), {"choice": pick_in(page)})
    assert response.status_code == (302 if open_still else 409)
    assert attempt.answers.get(slot=2).correct is (True if open_still else None)
    place = client.get(f"/practice/{attempt.pk}/")["Location"]
    assert place == (slot_url(attempt, 3) if open_still else f"/practice/{attempt.pk}/summary/")
    assert ("Continue" in html_of(client.get("/practice/"))) is open_still


def test_a_closed_session_says_so_and_still_shows_old_answers(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client)
    page = client.get(slot_url(attempt, 2))
    Answer.objects.filter(slot=1).update(answered_at=timezone.now() - timedelta(days=31))
    data = {"choice": pick_in(page)}
    response = client.post(slot_url(attempt, 2), data, headers={"HX-Request": "true"})
    assert response.status_code == 409
    assert "This session is closed" in html_of(response)
    assert response["HX-Reselect"] == "#slot"
    assert "The rationale of item" in html_of(client.get(slot_url(attempt, 1)))


def test_a_withdrawn_item_is_passed_over_and_not_answered(client: Client) -> None:
    first, withdrawn, last = make_question(), make_question(cpt_content="yes"), make_question()
    attempt = start_session(client)
    learner = attempt.learner
    assert learner
    attempt = make_attempt(learner, [first, withdrawn, last], timezone.now())
    give_answer(attempt, 1, timezone.now())
    question_page = client.get(slot_url(attempt, 2))
    assert withdrawn.current
    assert withdrawn.current.stem in html_of(question_page)
    set_cpt_switch(show=False)
    assert client.get(f"/practice/{attempt.pk}/")["Location"] == slot_url(attempt, 3)
    for response in (
        client.get(slot_url(attempt, 2)),
        client.post(slot_url(attempt, 2), {"choice": pick_in(question_page)}),
    ):
        assert "withdrawn" in html_of(response)
        assert withdrawn.current.stem not in html_of(response)
    assert attempt.answers.get(slot=2).answered_at is None
    go_on = client.post(slot_url(attempt, 3), {"choice": choice_of(last, right=True).pk})
    assert go_on.status_code == 302
    attempt.refresh_from_db()
    assert attempt.finished_at is not None


def test_the_switch_withdraws_items_from_what_can_be_asked(client: Client) -> None:
    make_question(cpt_content="yes")
    plain = make_question()
    set_cpt_switch(show=False)
    attempt = start_session(client)
    assert [answer.version_id for answer in attempt.answers.all()] == [plain.current_id]


def test_an_open_session_keeps_its_versions(client: Client) -> None:
    edited, retired = make_question(), make_question()
    attempt = start_session(client)
    old = {answer.slot: answer.version_id for answer in attempt.answers.all()}
    new = spec_of(edited).model_copy(update={"rationale": "A new reason."})
    save_item(new, edited.topic)
    save_item(spec_of(retired).model_copy(update={"status": "retired"}), retired.topic)
    go_through(client, attempt)
    assert {answer.slot: answer.version_id for answer in attempt.answers.all()} == old
    assert attempt.answers.filter(correct=True).count() == 2


def test_shuffled_choices_stay_in_place_within_a_session() -> None:
    content = content_of(make_question(order="shuffle").current_id or 0)
    orders = [[choice.id for choice in face_of(content, seed).choices] for seed in range(40)]
    assert orders == [
        [choice.id for choice in face_of(content, seed).choices] for seed in range(40)
    ]
    assert len({tuple(order) for order in orders}) > 10
    assert {frozenset(order) for order in orders} == {frozenset(c.id for c in content.choices)}
    assert [choice.label for choice in face_of(content, 5).choices] == list("ABCD")


def test_fixed_choices_stand_as_written() -> None:
    content = content_of(make_question(order="fixed").current_id or 0)
    written = [choice.id for choice in content.choices]
    for seed in range(10):
        assert [choice.id for choice in face_of(content, seed).choices] == written


def test_question_and_feedback_show_one_order(client: Client) -> None:
    question = make_question(order="shuffle")
    attempt = make_attempt(make_learner(), [make_question(), question], timezone.now())
    for seed in (1, 2, 3):
        Attempt.objects.filter(pk=attempt.pk).update(seed=seed)
        content = content_of(question.current_id or 0)
        shown = [choice.id for choice in face_of(content, seed).choices]
        assert shown == [choice.id for choice in content.in_order(seed)]
    client_attempt = start_session(client, count=5)
    page = client.get(slot_url(client_attempt, 2))
    assert choices_in(page) == choices_in(client.get(slot_url(client_attempt, 2)))
