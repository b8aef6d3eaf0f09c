"""Mocks and notes when learners merge, undo it, export and leave."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from prepsite.accounts import registry
from prepsite.accounts.models import Learner, Merge
from quizzes import itemstats, stats
from quizzes.mock import sitting, submitting
from quizzes.models import Attempt, ItemNote, MockSlot, VersionStat
from tests.factories import make_learner, make_user
from tests.mock.exams import make_bank, make_mock, picks, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Learner, Learner]:
    """Return an anonymous learner and one with an account."""
    make_bank()
    return make_learner(), make_learner(user=make_user())


def note(learner: Learner, attempt: Attempt, text: str) -> int:
    question = attempt.mock_slots.get(slot=1).version.question_id
    sitting.write_note(learner.pk, question, text, timezone.now())
    return question


def test_an_open_mock_goes_along_and_comes_back(pair) -> None:
    source, target = pair
    now = timezone.now()
    mock = make_mock(source, now)
    say(mock, 1, "A", now)
    registry.merge(source, target)
    mock.refresh_from_db()
    assert (mock.learner, mock.finished_at, picks(mock)) == (target, None, "A-----")
    say(mock, 2, "B", now)
    registry.undo(Merge.objects.get())
    mock.refresh_from_db()
    assert (mock.learner, mock.finished_at, picks(mock)) == (source, None, "AB----")


def test_of_two_open_mocks_the_accounts_stays_open(pair) -> None:
    source, target = pair
    now = timezone.now()
    theirs, own = make_mock(source, now), make_mock(target, now)
    say(theirs, 1, "B", now)
    registry.merge(source, target)
    theirs.refresh_from_db()
    assert (theirs.learner, theirs.ending) == (target, "merged")
    assert not theirs.answers.exists()
    assert submitting.open_mock_of(target, now) == own
    itemstats.roll_up(now + timedelta(hours=1))
    registry.undo(Merge.objects.get())
    theirs.refresh_from_db()
    assert (theirs.learner, theirs.ending, theirs.finished_at) == (source, "", None)
    # Open again, it counts in full.
    submitting.submit(theirs.pk, now)
    itemstats.roll_up(now + timedelta(hours=1))
    before = list(VersionStat.objects.order_by("pk").values())
    assert sum(row["first_tries"] for row in before) == 1
    stats.rebuild()
    assert list(VersionStat.objects.order_by("pk").values()) == before


def test_a_mock_whose_time_is_up_counts_before_it_is_merged(pair) -> None:
    source, target = pair
    long_ago = timezone.now() - timedelta(days=3)
    theirs = make_mock(source, long_ago)
    say(theirs, 1, "B", long_ago)
    make_mock(target, timezone.now())
    registry.merge(source, target)
    theirs.refresh_from_db()
    assert (theirs.learner, theirs.ending, theirs.answers.count()) == (target, "time_up", 1)


def test_notes_of_both_are_kept_and_parted_again(pair) -> None:
    source, target = pair
    mock = make_mock(source, timezone.now())
    question = note(source, mock, "from the browser")
    note(target, mock, "from the account")
    registry.merge(source, target)
    texts = [n.text for n in sitting.notes_on(target.pk, [question])[question]]
    assert texts == ["from the browser", "from the account"]
    registry.undo(Merge.objects.get())
    for learner, text in ((source, "from the browser"), (target, "from the account")):
        assert [n.text for n in ItemNote.objects.filter(learner=learner)] == [text]
    sitting.write_note(source.pk, question, "again", timezone.now())
    assert ItemNote.objects.get(learner=source).text == "again"


def test_the_export_tells_how_a_mock_was_sat(pair) -> None:
    learner, _ = pair
    now = timezone.now()
    mock = make_mock(learner, now)
    say(mock, 1, "A", now, counter=1)
    say(mock, 1, "B", now, counter=2, flagged=True, struck="CD", spent=9_000)
    note(learner, mock, "mine")
    tables: dict[str, Any] = registry.export(learner)
    assert tables["mock_exams"][0]["questions"] == 6
    assert tables["mock_exams"][0]["finished_at"] is None
    slot = tables["mock_slots"][0]
    assert [slot[name] for name in ("picked", "picked_first", "changes")] == ["B", "A", 1]
    assert [slot[name] for name in ("flagged", "struck_out", "milliseconds")] == [True, "CD", 9_000]
    assert len(tables["mock_slots"]) == 6
    assert [row["text"] for row in tables["notes"]] == ["mine"]


def test_erasing_leaves_answers_alone_of_a_mock(pair) -> None:
    learner, other = pair
    now = timezone.now()
    done = make_mock(learner, now)
    say(done, 1, "B", now)
    note(learner, done, "mine")
    submitting.submit(done.pk, now)
    open_one, theirs = make_mock(learner, now), make_mock(other, now)
    registry.erase(learner)
    done.refresh_from_db()
    assert done.deadline
    assert (done.learner, done.deadline.hour, done.rated_slots) == (None, 0, 6)
    assert done.answers.count() == 1
    assert not Attempt.objects.filter(pk=open_one.pk).exists()
    assert not ItemNote.objects.exists()
    assert set(MockSlot.objects.values_list("attempt", flat=True)) == {theirs.pk}
