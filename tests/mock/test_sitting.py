"""What counts of what a learner says: the last word in time, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from prepsite.accounts.learners import LearnerKey, key_of
from quizzes import itemstats, stats
from quizzes.mock import sitting, submitting
from quizzes.mock.plans import Plan
from quizzes.mock.sitting import GRACE, MockClosed, MockOpen, NoSuchMock, SlotState, StrangeChoice
from quizzes.models import Answer, Attempt, MockSlot, SeenQuestion, VersionStat
from tests.factories import (
    at,
    make_answered,
    make_learner,
    make_user,
    set_cpt_switch,
)
from tests.mock.exams import (
    answers,
    choice_in,
    letter_of,
    make_bank,
    make_mock,
    owner_of,
    picks,
    say,
)
from tests.quizzes.browsing import rolled_back

pytestmark = pytest.mark.django_db
NOON = at("2026-11-01 12:00")
SECOND = timedelta(seconds=1)
MOCK = Plan(6)
TIME = timedelta(seconds=144 * 6)


@pytest.fixture
def mock() -> Attempt:
    """Return a mock of six questions that began at noon."""
    make_bank()
    return make_mock(make_learner(), NOON)


def test_a_mock_starts_with_all_its_slots(mock: Attempt) -> None:
    assert mock.deadline == NOON + TIME
    assert picks(mock) == "------"
    areas = [slot.version.question.topic.area.slug for slot in MockSlot.objects.order_by("slot")]
    assert areas == ["first"] * 3 + ["second"] * 2 + ["third"]
    assert not Answer.objects.exists()


def test_a_learner_has_one_open_mock(mock: Attempt) -> None:
    assert mock.learner
    with pytest.raises(MockOpen) as raised:
        make_mock(mock.learner, NOON)
    assert raised.value.attempt_id == mock.pk
    submitting.submit(mock.pk, NOON)
    assert make_mock(mock.learner, NOON).pk != mock.pk


def test_the_last_choice_counts_and_the_first_is_remembered(mock: Attempt) -> None:
    for counter, letter in enumerate("ABBC", start=1):
        assert say(mock, 1, letter, NOON, counter=counter).is_new
    slot = MockSlot.objects.select_related("first_picked").get(slot=1)
    assert picks(mock) == "C-----"
    assert (letter_of(slot.first_picked), slot.changes) == ("A", 2)


def test_a_choice_can_be_taken_back(mock: Attempt) -> None:
    say(mock, 1, "A", NOON, counter=1)
    saved = say(mock, 1, "", NOON, counter=2)
    assert (picks(mock), saved.answered) == ("------", 0)
    submitting.submit(mock.pk, NOON)
    assert answers(mock) == []


def test_a_replay_and_what_comes_out_of_order_change_nothing(mock: Attempt) -> None:
    say(mock, 1, "A", NOON, counter=1, spent=5_000)
    say(mock, 1, "B", NOON, counter=3, spent=5_000)
    assert not say(mock, 1, "A", NOON, counter=2, spent=5_000).is_new
    assert not say(mock, 1, "B", NOON, counter=3, spent=5_000).is_new
    assert picks(mock) == "B-----"
    assert MockSlot.objects.get(slot=1).millis == 10_000


def test_a_form_that_the_browser_brought_back_is_no_replay(mock: Attempt) -> None:
    say(mock, 1, "A", NOON, tab="page", counter=1)
    assert say(mock, 1, "C", NOON, tab="page", counter=1).is_new
    assert picks(mock) == "C-----"


def test_another_tab_wins_by_arrival(mock: Attempt) -> None:
    say(mock, 1, "A", NOON, tab="one", counter=9)
    say(mock, 1, "B", NOON, tab="two", counter=1)
    assert picks(mock) == "B-----"


events = st.lists(
    st.tuples(
        st.sampled_from(["one", "two"]),
        st.integers(1, 4),
        st.integers(1, 2),
        st.sampled_from("ABC "),
    ),
    max_size=14,
)


@given(events)
def test_any_order_of_saves_leaves_what_the_rules_say(history) -> None:
    with rolled_back():
        make_bank(2)
        mock = make_mock(make_learner(), NOON)
        expected: dict[int, tuple[str, int, str]] = {}
        for tab, counter, slot, letter in history:
            letter = letter.strip()
            stored = expected.get(slot, ("", 0, ""))
            is_later = stored[0] != tab or stored[1] < counter
            is_refilled = stored[:2] == (tab, counter) and stored[2] != letter
            saved = say(mock, slot, letter, NOON, tab=tab, counter=counter)
            assert saved.is_new == (is_later or is_refilled)
            if saved.is_new:
                expected[slot] = (tab, counter, letter)
        shown = "".join(expected.get(slot, ("", 0, ""))[2] or "-" for slot in (1, 2))
        assert picks(mock)[:2] == shown


@pytest.mark.parametrize(
    ("after", "counts"),
    [(timedelta(), True), (GRACE, True), (GRACE + SECOND, False), (timedelta(days=9), False)],
)
def test_a_choice_has_ten_seconds_for_its_journey(mock, after, counts) -> None:
    moment = NOON + TIME + after
    if counts:
        say(mock, 1, "B", moment)
    else:
        with pytest.raises(MockClosed):
            say(mock, 1, "B", moment)
    submitting.submit(mock.pk, NOON + TIME + timedelta(days=10))
    mock.refresh_from_db()
    assert mock.finished_at == mock.deadline
    assert mock.ending == Attempt.Ending.TIME_UP
    assert answers(mock) == ([(1, "B", True, True)] if counts else [])
    assert all(a.answered_at <= mock.deadline for a in mock.answers.all())


def test_nothing_ends_a_mock_while_choices_made_in_time_are_on_their_way(mock) -> None:
    moment = NOON + TIME + GRACE
    assert not submitting.submit(mock.pk, moment)
    assert submitting.close_due(moment) == 0
    say(mock, 2, "B", moment)
    assert submitting.close_due(moment + SECOND) == 1
    assert answers(mock) == [(2, "B", True, True)]


def test_a_submitted_mock_takes_nothing_more(mock: Attempt) -> None:
    say(mock, 1, "B", NOON)
    assert submitting.submit(mock.pk, NOON + SECOND)
    with pytest.raises(MockClosed):
        say(mock, 1, "A", NOON + SECOND, counter=2)
    assert not submitting.submit(mock.pk, NOON + 2 * SECOND)
    mock.refresh_from_db()
    assert mock.finished_at == NOON + SECOND
    assert answers(mock) == [(1, "B", True, True)]


def test_strangers_and_strange_slots_find_nothing(mock: Attempt) -> None:
    stranger = make_learner()
    account = make_learner(user=make_user())
    for key in (key_of(stranger), key_of(account), LearnerKey(owner_of(mock).pk + 99, True)):
        with pytest.raises(NoSuchMock):
            say(mock, 1, "A", NOON, key=key)
        with pytest.raises(NoSuchMock):
            sitting.get_sitting(key, mock.pk)
    key = key_of(owner_of(mock))
    for number in (0, 7, 2**70):
        with pytest.raises(NoSuchMock):
            sitting.save(key, mock.pk, number, SlotState(None, tab="t", counter=1), NOON)
    foreign = choice_in(mock, 2, "A")
    with pytest.raises(StrangeChoice):
        sitting.save(key, mock.pk, 1, SlotState(foreign, tab="t", counter=1), NOON)
    assert picks(mock) == "------"


def test_a_cookie_opens_no_account(mock: Attempt) -> None:
    owner = owner_of(mock)
    owner.user = make_user()
    owner.save()
    cookie = LearnerKey(owner.pk, is_anonymous=True)
    with pytest.raises(NoSuchMock):
        say(mock, 1, "A", NOON, key=cookie)
    with pytest.raises(NoSuchMock):
        sitting.get_sitting(cookie, mock.pk)


def test_first_tries_are_those_of_the_learner(mock: Attempt) -> None:
    known = MockSlot.objects.get(slot=1).version.question
    make_answered(owner_of(mock), known, NOON - timedelta(hours=1))
    say(mock, 1, "A", NOON)
    say(mock, 2, "B", NOON)
    submitting.submit(mock.pk, NOON + SECOND)
    assert answers(mock) == [(1, "A", False, False), (2, "B", True, True)]
    seen = SeenQuestion.objects.get(question=known)
    assert (seen.times_answered, seen.times_correct, seen.last_correct) == (2, 1, False)


def test_item_statistics_count_a_mock_once(mock: Attempt) -> None:
    say(mock, 1, "B", NOON, spent=20_000)
    say(mock, 2, "A", NOON, spent=100)
    assert itemstats.roll_up(NOON + timedelta(hours=9)) == 0
    submitting.submit(mock.pk, NOON + TIME + GRACE + SECOND)
    for _ in range(2):
        itemstats.roll_up(NOON + timedelta(hours=9))
    rows = list(
        VersionStat.objects.filter(first_tries=1)
        .order_by("version")
        .values_list("first_tries_correct", "n_scored", "sum_score", "median_seconds")
    )
    # One of six is correct: a blank counts in the score. A tenth of a second is no time.
    assert sorted(rows, key=str) == sorted([(1, 1, 1667, 20), (0, 1, 1667, None)], key=str)
    before = list(VersionStat.objects.order_by("pk").values())
    stats.rebuild()
    assert list(VersionStat.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("plan", "rated"),
    [(Plan(6), 6), (Plan(3, ("first",)), None), (Plan(25), None)],
    ids=["whole", "own", "short of questions"],
)
def test_only_whole_mocks_by_the_blueprint_are_rated(plan: Plan, rated: int | None) -> None:
    make_bank(3)
    mock = make_mock(make_learner(), NOON, plan)
    submitting.submit(mock.pk, NOON)
    mock.refresh_from_db()
    assert mock.rated_slots == rated


def test_a_withdrawn_question_takes_the_rating_away() -> None:
    make_bank(cpt_content="yes")
    mock = make_mock(make_learner(), NOON)
    say(mock, 1, "B", NOON)
    set_cpt_switch(show=False)
    submitting.submit(mock.pk, NOON)
    mock.refresh_from_db()
    assert mock.rated_slots is None
    # The answer stays, as in practice: it counts again when the question comes back.
    assert answers(mock) == [(1, "B", True, True)]


def test_the_command_closes_what_is_due(mock: Attempt, capsys: Any) -> None:
    open_one = make_mock(make_learner(), at("2099-01-01 00:00"), MOCK)
    untimed = make_mock(make_learner(), NOON, Plan(3, ("first",), None))
    say(mock, 1, "B", NOON)
    call_command("close_mocks")
    call_command("close_mocks")
    assert capsys.readouterr().out == "Closed 1 mock exam.\nClosed 0 mock exams.\n"
    mock.refresh_from_db()
    assert (mock.finished_at, mock.ending) == (mock.deadline, "time_up")
    assert answers(mock) == [(1, "B", True, True)]
    for other in (open_one, untimed):
        other.refresh_from_db()
        assert other.finished_at is None


def test_a_discarded_mock_counts_nowhere(mock: Attempt) -> None:
    say(mock, 1, "B", NOON)
    assert submitting.discard(mock.pk, NOON + SECOND)
    assert not submitting.discard(mock.pk, NOON + SECOND)
    assert not submitting.submit(mock.pk, NOON + SECOND)
    mock.refresh_from_db()
    assert (mock.ending, mock.rated_slots) == ("unscored", None)
    assert not Answer.objects.exists()
    assert not SeenQuestion.objects.exists()


def test_a_mock_whose_time_is_up_is_not_discarded(mock: Attempt) -> None:
    assert not submitting.discard(mock.pk, NOON + TIME + SECOND)
    assert submitting.open_mock_of(owner_of(mock), NOON + TIME + GRACE + SECOND) is None
    mock.refresh_from_db()
    assert mock.ending == "time_up"


def test_time_is_bounded(mock: Attempt) -> None:
    for counter in range(1, 60):
        say(mock, 1, "A", NOON, counter=counter, spent=10**12)
        sitting.add_time(key_of(owner_of(mock)), mock.pk, 1, 10**12, NOON)
    assert MockSlot.objects.get(slot=1).millis <= 2**31 - 1


def test_a_note_is_kept_once_and_emptied(mock: Attempt) -> None:
    question = MockSlot.objects.get(slot=1).version.question_id
    for text in ("first", "second"):
        sitting.write_note(owner_of(mock).pk, question, text, NOON)
    notes = sitting.notes_on(owner_of(mock).pk, [question])[question]
    assert [note.text for note in notes] == ["second"]
    sitting.write_note(owner_of(mock).pk, question, "", NOON)
    assert sitting.notes_on(owner_of(mock).pk, [question]) == {}
