"""Requests that arrive together: one session for one start, one answer for one slot."""

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.accounts import registry
from prepsite.accounts.learners import key_of
from prepsite.accounts.models import Learner, Merge
from quizzes import practice, stats
from quizzes.models import Answer, Attempt, SeenQuestion, VersionStat
from quizzes.rendering import content_of
from quizzes.sessions import get_session
from tests.factories import (
    count_everything,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
)
from tests.quizzes.browsing import NEW, at_once, choices_in, first_post, slot_url, start_session

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 4


def counted() -> tuple[list, list]:
    """Return the derived rows as they stand, to compare with a recount."""
    return (
        list(SeenQuestion.objects.order_by("question").values_list("question", "times_answered")),
        list(VersionStat.objects.order_by("version").values_list("version", "first_tries")),
    )


def assert_counted_right() -> None:
    count_everything()
    before = counted()
    stats.rebuild()
    assert counted() == before


def test_of_answers_that_arrive_together_one_is_saved() -> None:
    question = make_question()
    learner = make_learner()
    attempt = make_attempt(learner, [question], timezone.now())
    slot = get_session(key_of(learner), attempt.pk).slots[0]
    content = content_of(slot.version_id)

    def post(place: int) -> bool:
        choice = content.choices[place]
        return practice.answer(learner.pk, slot, content, choice, timezone.now())

    saved = at_once(*(lambda place=place: post(place) for place in range(TOGETHER)))
    assert sorted(saved) == [False] * (TOGETHER - 1) + [True]
    assert Answer.objects.get().picked_id == content.choices[saved.index(True)].id
    assert SeenQuestion.objects.get().times_answered == 1
    assert_counted_right()
    assert VersionStat.objects.get().first_tries == 1


def test_one_question_answered_in_several_sessions_at_once_is_one_first_try() -> None:
    question = make_question()
    learner = make_learner()
    content = content_of(question.current_id or 0)
    slots = [
        get_session(key_of(learner), make_attempt(learner, [question], timezone.now()).pk).slots[0]
        for _ in range(TOGETHER)
    ]

    def post(slot) -> bool:
        return practice.answer(learner.pk, slot, content, content.choices[1], timezone.now())

    assert at_once(*(lambda slot=slot: post(slot) for slot in slots)) == [True] * TOGETHER
    assert SeenQuestion.objects.get().times_answered == TOGETHER
    assert Answer.objects.filter(first_try=True).count() == 1
    assert_counted_right()


def test_learners_answering_one_item_together_are_all_counted() -> None:
    question = make_question()
    content = content_of(question.current_id or 0)
    learners = [make_learner() for _ in range(TOGETHER)]
    slots = [
        get_session(key_of(learner), make_attempt(learner, [question], timezone.now()).pk).slots[0]
        for learner in learners
    ]

    def post(learner: Learner, slot) -> bool:
        return practice.answer(learner.pk, slot, content, content.choices[1], timezone.now())

    calls = [
        lambda learner=learner, slot=slot: post(learner, slot)
        for learner, slot in zip(learners, slots, strict=True)
    ]
    assert at_once(*calls) == [True] * TOGETHER
    assert_counted_right()
    assert VersionStat.objects.get().first_tries == TOGETHER


def test_of_undoings_that_arrive_together_one_is_done() -> None:
    source, target = make_learner(), make_learner()
    attempt = make_attempt(source, make_questions(1), timezone.now())
    registry.merge(source, target)
    merge = Merge.objects.get()
    done = at_once(*(lambda: registry.undo(merge) for _ in range(TOGETHER)))
    assert sorted(done) == [False] * (TOGETHER - 1) + [True]
    attempt.refresh_from_db()
    assert (attempt.learner, attempt.merged_from) == (source, None)


@pytest.mark.parametrize("is_undo", [False, True], ids=["merge", "undo"])
def test_an_answer_beside_a_merge_or_its_undoing_is_counted_where_it_lands(is_undo: bool) -> None:
    source, target = make_learner(), make_learner()
    question = make_question()
    attempt = make_attempt(source, [question], timezone.now())
    owner, heir = source, target
    if is_undo:
        registry.merge(source, target)
        owner, heir = target, source
    slot = get_session(key_of(owner), attempt.pk).slots[0]
    content = content_of(slot.version_id)

    def post() -> bool:
        return practice.answer(owner.pk, slot, content, content.choices[0], timezone.now())

    def move() -> None:
        if is_undo:
            assert registry.undo(Merge.objects.get())
        else:
            registry.merge(source, target)

    saved, failed = at_once(post, move)
    assert failed is None
    assert saved == Answer.objects.filter(answered_at__isnull=False).exists()
    assert list(SeenQuestion.objects.values_list("learner", flat=True)) == [heir.pk] * saved
    assert_counted_right()


def test_a_double_click_in_the_browser(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client)
    url = slot_url(attempt, 2)
    choices = choices_in(client.get(url))
    cookie = client.cookies["learner"].value

    def post(choice: int) -> int:
        tab = Client()
        tab.cookies["learner"] = cookie
        return tab.post(url, {"choice": choice}).status_code

    assert at_once(*(lambda choice=choice: post(choice) for choice in choices)) == [302] * 4
    assert attempt.answers.filter(answered_at__isnull=False).count() == 2
    assert_counted_right()


@pytest.mark.parametrize("round_number", range(3))
def test_a_start_sent_several_times_at_once_is_one_session(round_number: int) -> None:
    make_questions(5)
    data = first_post(Client().get(NEW))
    browsers = [Client() for _ in range(TOGETHER)]
    results = at_once(*(lambda browser=browser: browser.post(NEW, data) for browser in browsers))
    assert [response.status_code for response in results] == [302] * TOGETHER
    assert len({response["Location"] for response in results}) == 1
    attempt = Attempt.objects.get()
    # Whichever response the browser keeps, its cookie leads to the session.
    numbers = {browser.cookies["learner"].value.partition(":")[0] for browser in browsers}
    assert len(numbers) == 1
    assert Learner.objects.get() == attempt.learner
    assert browsers[-1].get(slot_url(attempt, 1)).status_code == 200
    assert attempt.answers.filter(answered_at__isnull=False).count() == 1
    assert_counted_right()


def test_a_start_sent_twice_at_once_by_a_known_learner_is_one_session(client: Client) -> None:
    make_questions(5)
    start_session(client)
    data = first_post(client.get(NEW))
    cookie = client.cookies["learner"].value

    def post():
        tab = Client()
        tab.cookies["learner"] = cookie
        return tab.post(NEW, data)

    results = at_once(*[post] * TOGETHER)
    assert [response.status_code for response in results] == [302] * TOGETHER
    assert Attempt.objects.count() == 2
    assert Learner.objects.count() == 1
    assert_counted_right()
