"""Requests that arrive together: one mock, one end, and what was acknowledged counts."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from prepsite.accounts import registry
from prepsite.accounts.learners import key_of
from quizzes.mock import sitting, submitting
from quizzes.mock.plans import Plan
from quizzes.mock.sitting import MockClosed, MockOpen, Saved, SlotState
from quizzes.models import Answer, Attempt, MockSlot, SeenQuestion
from quizzes.pool import pool_on
from tests.factories import make_learner, make_user
from tests.mock.exams import choice_in, letter_of, make_bank, make_mock, owner_of, say
from tests.quizzes.browsing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 4


def saving(mock: Attempt, number: int, letter: str, **values: Any) -> Any:
    """Return a call that saves a choice, as a request does."""
    key, pick = key_of(owner_of(mock)), choice_in(mock, number, letter)
    values.setdefault("tab", f"tab-{number}-{letter}")
    state = SlotState(pick, counter=1, **values)
    return lambda: sitting.save(key, mock.pk, number, state, timezone.now())


def test_of_starts_that_arrive_together_one_makes_a_mock() -> None:
    make_bank()
    learner = make_learner()
    now = timezone.now()
    items = list(pool_on(now.date()).items)[:6]
    pool = [lambda: sitting.start(learner, Plan(6), items, 1, now) for _ in range(TOGETHER)]
    made = at_once(*pool)
    assert sum(isinstance(result, Attempt) for result in made) == 1
    assert sum(isinstance(result, MockOpen) for result in made) == TOGETHER - 1
    assert MockSlot.objects.count() == 6


def test_what_was_acknowledged_counts_and_nothing_else() -> None:
    make_bank()
    for _ in range(5):
        mock = make_mock(make_learner(), timezone.now())
        saves = [saving(mock, number, "B") for number in range(1, 6)]
        ends = [partial(submitting.submit, mock.pk, timezone.now())] * 2
        results = at_once(*saves[:2], *ends, *saves[2:])
        assert sorted(r for r in results if isinstance(r, bool)) == [False, True]
        told = [*results[:2], *results[4:]]
        assert all(isinstance(r, Saved | MockClosed) for r in told), told
        kept = [number for number, r in enumerate(told, start=1) if isinstance(r, Saved)]
        assert list(mock.answers.order_by("slot").values_list("slot", flat=True)) == kept
        seen = SeenQuestion.objects.filter(learner=mock.learner_id)
        assert [row.times_answered for row in seen] == [1] * len(kept)


def test_tabs_that_save_together_leave_one_whole_state() -> None:
    make_bank()
    mock = make_mock(make_learner(), timezone.now())
    at_once(
        saving(mock, 1, "A", flagged=True, struck="BC"),
        saving(mock, 1, "C", flagged=False, struck="A"),
    )
    slot = MockSlot.objects.select_related("picked").get(attempt=mock, slot=1)
    states = [("A", True, "BC"), ("C", False, "A")]
    assert (letter_of(slot.picked), slot.flagged, slot.struck) in states
    assert slot.changes == 1


def test_a_replay_that_arrives_with_its_original_is_saved_once() -> None:
    make_bank()
    mock = make_mock(make_learner(), timezone.now())
    call = saving(mock, 1, "A", spent=3_000)
    results = at_once(*[call] * TOGETHER)
    assert sorted(result.is_new for result in results) == [False] * (TOGETHER - 1) + [True]
    assert MockSlot.objects.get(attempt=mock, slot=1).millis == 3_000


def test_a_merge_while_a_mock_is_submitted_loses_nothing() -> None:
    make_bank()
    for _ in range(4):
        source, target = make_learner(), make_learner(user=make_user())
        mock = make_mock(source, timezone.now())
        say(mock, 1, "B", timezone.now())
        results = at_once(
            partial(registry.merge, source, target),
            partial(submitting.submit, mock.pk, timezone.now()),
            saving(mock, 2, "B"),
        )
        assert not any(
            isinstance(r, Exception) and not isinstance(r, MockClosed | sitting.NoSuchMock)
            for r in results
        ), results
        mock.refresh_from_db()
        assert (mock.learner_id, mock.ending) == (target.pk, "submitted")
        seen = SeenQuestion.objects.filter(learner=target)
        assert seen.count() == mock.answers.count() >= 1
        assert not SeenQuestion.objects.filter(learner=source).exists()


def test_erasing_while_a_mock_is_submitted_leaves_no_time_of_day() -> None:
    make_bank()
    for _ in range(4):
        learner = make_learner()
        mock = make_mock(learner, timezone.now() - timedelta(minutes=3))
        say(mock, 1, "B", timezone.now())
        pk = mock.pk
        at_once(
            partial(registry.erase, learner),
            partial(submitting.submit, pk, timezone.now()),
        )
        assert not MockSlot.objects.filter(attempt=pk).exists()
        for answer in Answer.objects.filter(attempt=pk):
            assert answer.answered_at is not None
            assert (answer.answered_at.hour, answer.answered_at.minute) == (0, 0)
        assert not Attempt.objects.filter(pk=pk, learner__isnull=False).exists()
