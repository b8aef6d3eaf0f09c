"""Anonymous learners who stay away go; everybody else, and every statistic, stays."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from prepsite.accounts import purge, registry
from prepsite.accounts.learners import key_of
from prepsite.accounts.models import Learner
from quizzes import practice, stats
from quizzes.models import Answer, Attempt, SeenQuestion, VersionStat
from quizzes.rendering import content_of
from quizzes.sessions import get_session
from tests.factories import (
    at,
    count_everything,
    give_answer,
    make_answered,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
    make_user,
)
from tests.quizzes.browsing import at_once

pytestmark = pytest.mark.django_db
LIMIT = at("2025-10-23 12:00")
BEFORE, AFTER = LIMIT - timedelta(days=1), LIMIT + timedelta(seconds=1)


def run(moment: datetime = LIMIT) -> int:
    """Purge and return how many learners went."""
    return sum(purge.purge(moment))


def statistics() -> list[tuple[int, int, int]]:
    count_everything()
    rows = VersionStat.objects.order_by("version")
    return list(rows.values_list("version", "first_tries", "first_tries_correct"))


def old_learner(**values: object) -> Learner:
    return make_learner(**{"created_at": BEFORE} | values)


def test_an_idle_learner_goes_and_the_answers_stay_with_nobody():
    question = make_question()
    make_answered(old_learner(), question, BEFORE)
    make_answered(old_learner(), question, BEFORE, right=False)
    before = statistics()
    assert run() == 2
    assert not Learner.objects.exists()
    assert not SeenQuestion.objects.exists()
    assert set(Attempt.objects.values_list("learner", flat=True)) == {None}
    assert Answer.objects.filter(answered_at=BEFORE.replace(hour=0)).count() == 2
    assert statistics() == before == [(question.current_id, 2, 1)]
    stats.rebuild()
    assert statistics() == before


def test_whoever_was_here_since_stays_whatever_it_was_that_they_did():
    question, second = make_questions(2)
    make_learner(created_at=AFTER)
    old_learner(exam_date_set_at=AFTER)
    started = old_learner()
    make_attempt(started, [question], AFTER)
    answered = old_learner()
    attempt = make_attempt(answered, [question, second], BEFORE)
    give_answer(attempt, 1, AFTER)
    finished = old_learner()
    Attempt.objects.filter(pk=make_answered(finished, question, BEFORE).pk).update(
        finished_at=AFTER
    )
    make_answered(old_learner(user=make_user()), question, BEFORE)
    assert run() == 0
    assert Learner.objects.count() == 6


def test_the_moment_itself_is_not_long_enough():
    make_learner(created_at=LIMIT)
    make_learner(created_at=LIMIT - timedelta(microseconds=1))
    assert run() == 1


def test_an_exam_date_set_long_ago_keeps_nobody():
    old_learner(exam_date_set_at=BEFORE)
    assert run() == 1


def test_the_shell_of_a_merge_goes_when_what_it_brought_is_old():
    question = make_question()
    account = old_learner(user=make_user())
    fresh, stale = old_learner(), old_learner()
    make_answered(fresh, question, AFTER)
    attempt = make_answered(stale, question, BEFORE)
    for source in (fresh, stale):
        registry.merge(source, account)
    before = statistics()
    assert run() == 1
    assert set(Learner.objects.all()) == {account, fresh}
    attempt.refresh_from_db()
    assert (attempt.learner, attempt.merged_from) == (account, None)
    assert statistics() == before
    stats.rebuild()
    assert statistics() == before


def test_a_second_run_finds_nothing_and_changes_nothing():
    question = make_question()
    for _ in range(3):
        make_answered(old_learner(), question, BEFORE)
    make_answered(make_learner(), question, timezone.now())
    assert run() == 3
    rows = list(Answer.objects.order_by("pk").values()), list(Learner.objects.values())
    assert run() == 0
    assert rows == (list(Answer.objects.order_by("pk").values()), list(Learner.objects.values()))


def test_batches_take_everybody_in_one_statement_each(monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 2)
    for _ in range(5):
        old_learner()
    assert list(purge.purge(LIMIT)) == [2, 2, 1]
    for _ in range(6):
        make_learner(created_at=AFTER)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert run() == 0
    assert len(found) == 1


def test_a_learner_costs_the_same_however_many_there_are():
    question = make_question()

    def cost(number: int) -> float:
        for _ in range(number):
            make_answered(old_learner(), question, BEFORE)
        with CaptureQueriesContext(connection) as found:
            assert run() == number
        # One statement looks for candidates and one finds that there are no more.
        return (len(found) - 2) / number

    assert cost(2) == cost(12)


@pytest.mark.django_db(transaction=True)
def test_a_learner_who_comes_back_at_that_moment_keeps_everything_or_starts_anew():
    """Answers and the purge meet, many times: no answer is both accepted and erased."""
    questions = make_questions(2)
    for _ in range(15):
        learner = old_learner()
        make_answered(learner, questions[0], BEFORE)
        attempt = make_attempt(learner, [questions[1]], BEFORE)
        slot = get_session(key_of(learner), attempt.pk).slots[0]
        content = content_of(slot.version_id)

        def answer(learner=learner, slot=slot, content=content) -> bool:
            return practice.answer(learner.pk, slot, content, content.choices[0], timezone.now())

        def erase() -> int:
            return run()

        saved, gone = at_once(answer, erase)
        assert (saved, gone) in {(True, 0), (False, 1)}
        assert Learner.objects.filter(pk=learner.pk).exists() is saved
    before = statistics()
    stats.rebuild()
    assert statistics() == before


@pytest.mark.django_db(transaction=True)
def test_an_account_made_at_that_moment_is_kept():
    for _ in range(10):
        learner, user = old_learner(), make_user()

        def join(learner=learner, user=user) -> bool:
            with transaction.atomic():
                found = Learner.objects.select_for_update().filter(pk=learner.pk, user=None).first()
                if found:
                    found.user = user
                    found.save(update_fields=["user"])
                return found is not None

        joined, gone = at_once(join, run)
        assert (joined, gone) in {(True, 0), (False, 1)}
        assert Learner.objects.filter(user=user).exists() is joined


@pytest.mark.parametrize(
    ("now", "months", "expected"),
    [
        ("2026-11-23 12:00", 13, "2025-10-23 12:00"),
        ("2027-01-31 08:15", 1, "2026-12-31 08:15"),
        ("2027-03-31 08:15", 1, "2027-02-28 08:15"),
        ("2028-03-31 00:00", 1, "2028-02-29 00:00"),
        ("2026-12-01 00:00", 12, "2025-12-01 00:00"),
        ("2026-01-15 00:00", 1, "2025-12-15 00:00"),
        ("2026-01-15 00:00", 13, "2024-12-15 00:00"),
    ],
)
def test_months_are_calendar_months(now, months, expected):
    assert purge.months_before(at(now), months) == at(expected)


def test_the_command_says_how_many_and_a_dry_run_erases_none():
    now = timezone.now().astimezone(UTC)
    for days in (0, 300, 380, 420):
        make_learner(created_at=now - timedelta(days=days))
    for arguments, words, left in (
        (["--dry-run"], "1 learners idle", 4),
        ([], "1 learners idle", 3),
        (["--months", "12"], "1 learners idle", 2),
        ([], "0 learners idle", 2),
    ):
        out = StringIO()
        call_command("purge_learners", *arguments, stdout=out)
        assert words in out.getvalue()
        assert Learner.objects.count() == left


@pytest.mark.parametrize("months", ["0", "-3", "5000"])
def test_months_that_would_take_everybody_are_refused(months):
    learner = old_learner()
    with pytest.raises(CommandError, match="between 1 and 1200"):
        call_command("purge_learners", "--months", months)
    assert Learner.objects.get() == learner


def test_every_model_of_a_learner_that_holds_a_time_keeps_its_learner():
    """An app that forgets to say so would have its learners erased while they study."""
    for data in registry.handlers():
        told = {activity.model for activity in data.activity}
        timed = {
            model
            for model in data.models
            if any(isinstance(field, models.DateTimeField) for field in model._meta.get_fields())
            and model._meta.app_label != "accounts"
        }
        assert timed <= told, data.name
        assert all(model in apps.get_models() for model in told)
