"""Merging, exporting and erasing a learner, across all apps that keep anything."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.utils import timezone

from prepsite.accounts import learners, registry
from prepsite.accounts.models import Learner
from quizzes.models import Answer, Attempt, SeenQuestion, VersionStat
from tests.accounts.helpers import answer_one, cookie_learner, make_question, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def learner_with_answers(*letters: str) -> Learner:
    """Return an anonymous learner who answered like this, one session each."""
    browser = Client()
    for letter in letters:
        answer_one(browser, letter)
    return cookie_learner(browser)


def state() -> dict[str, list[object]]:
    """Return all that a merge may change, in comparable form."""
    return {
        "learners": list(Learner.objects.order_by("pk").values()),
        "attempts": list(Attempt.objects.order_by("pk").values()),
        "answers": list(Answer.objects.order_by("pk").values()),
        "seen": list(
            SeenQuestion.objects.order_by("learner", "question").values(
                "learner",
                "question",
                "times_answered",
                "times_correct",
                "last_correct",
                "last_answered_at",
            )
        ),
    }


def test_a_name_is_registered_once():
    taken = registry.handlers()[0]
    with pytest.raises(ValueError, match=f"{taken.name} has registered"):
        registry.register(replace(taken, models=()))


def test_every_model_with_a_path_to_the_learner_has_a_handler():
    handled = {model for data in registry.handlers() for model in data.models}
    pointing = {
        model
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Learner
    }
    assert pointing - {Learner} <= handled


def test_merging_moves_sessions_and_counts_them():
    make_question()
    source, target = learner_with_answers("B", "A"), learner_with_answers("B")
    moved = registry.merge(source, target)
    assert moved == {"answers": 2, "sessions": 2}
    assert Attempt.objects.filter(learner=target).count() == 3
    assert not Attempt.objects.filter(learner=source).exists()
    source.refresh_from_db()
    assert source.merged_into == target


def test_what_both_have_seen_is_counted_together():
    question = make_question()
    source, target = learner_with_answers("A"), learner_with_answers("B", "B")
    Answer.objects.filter(attempt__learner=source).update(answered_at=timezone.now())
    registry.merge(source, target)
    seen = SeenQuestion.objects.get()
    assert (seen.learner, seen.question) == (target, question)
    assert (seen.times_answered, seen.times_correct) == (3, 2)
    assert seen.last_correct is False


def test_merging_again_changes_nothing():
    make_question()
    source, target = learner_with_answers("B", "A"), learner_with_answers("B")
    registry.merge(source, target)
    before = state()
    assert registry.merge(source, target) == {}
    assert state() == before


def test_a_learner_merges_with_itself_into_itself():
    make_question()
    learner = learner_with_answers("B")
    before = state()
    assert registry.merge(learner, learner) == {}
    assert state() == before


def test_the_order_of_merges_does_not_matter():
    question = make_question()
    seen = []
    for order in ((0, 1), (1, 0)):
        sources = [learner_with_answers("B", "A"), learner_with_answers("A", "B")]
        target = learner_with_answers("A")
        for place in order:
            registry.merge(sources[place], target)
        row = SeenQuestion.objects.get(learner=target, question=question)
        seen.append((row.times_answered, row.times_correct, row.last_correct))
    assert seen == [(5, 2, False)] * 2


def test_an_account_is_never_merged_away():
    make_question()
    source, target = learner_with_answers("B"), learner_with_answers("B")
    source.user = make_user()
    source.save()
    before = state()
    with pytest.raises(ValueError, match="Only an anonymous learner"):
        registry.merge(source, target)
    assert state() == before


def test_a_merged_learner_is_neither_source_nor_target_again():
    first, second, third = (Learner.objects.create() for _ in range(3))
    registry.merge(first, second)
    with pytest.raises(ValueError, match="Only an anonymous learner"):
        registry.merge(first, third)
    with pytest.raises(ValueError, match="Only an anonymous learner"):
        registry.merge(third, first)


@pytest.mark.parametrize(("source_is_later", "expected"), [(True, 2027), (False, 2028)])
def test_the_exam_date_set_last_counts(source_is_later, expected):
    source, target = Learner.objects.create(), Learner.objects.create()
    learners.set_exam_date(source, date(2027, 3, 1))
    learners.set_exam_date(target, date(2028, 3, 1))
    source.exam_date_set_at = NOW + timedelta(days=1 if source_is_later else -1)
    source.save()
    Learner.objects.filter(pk=target.pk).update(exam_date_set_at=NOW)
    registry.merge(source, target)
    target.refresh_from_db()
    assert target.exam_date == date(expected, 3, 1)


def test_an_exam_date_survives_a_source_without_one():
    source, target = Learner.objects.create(), Learner.objects.create()
    learners.set_exam_date(target, date(2028, 3, 1))
    registry.merge(source, target)
    target.refresh_from_db()
    assert target.exam_date == date(2028, 3, 1)


def test_the_export_holds_everything_and_is_json():
    question = make_question()
    learner = learner_with_answers("A")
    learners.set_exam_date(learner, date(2027, 3, 1))
    data = registry.export(learner)
    assert json.loads(json.dumps(data)) == data
    assert data["learner"][0]["exam_date"] == "2027-03-01"
    (session,) = data["sessions"]
    answer = data["answers"][0]
    assert answer["session"] == session["session"]
    assert answer["item"] == question.key
    assert answer["picked"] == "A"
    assert answer["correct"] is False
    assert answer["answered_at"]
    (seen,) = data["questions_seen"]
    assert (seen["item"], seen["times_answered"]) == (question.key, 1)


def test_two_apps_cannot_export_a_table_of_the_same_name(monkeypatch):
    def export(learner: Learner) -> registry.Tables:
        return {"learner": []}

    twin = replace(registry.handlers()[0], name="twin", export=export)
    monkeypatch.setitem(registry._registry.handlers, "twin", twin)
    with pytest.raises(ValueError, match="a table named learner"):
        registry.export(Learner.objects.create())


def test_the_export_of_a_learner_holds_nobody_elses():
    make_question()
    learner_with_answers("A", "B")
    data = registry.export(Learner.objects.create())
    assert data["sessions"] == data["answers"] == data["questions_seen"] == []


def test_erasing_leaves_the_answer_to_the_statistics_and_nobody_to_tie_it_to():
    make_question()
    learner, other = learner_with_answers("A", "B"), learner_with_answers("B")
    morning = datetime(2026, 11, 20, 15, 41, 7, tzinfo=UTC)
    for hours, attempt in enumerate(Attempt.objects.filter(learner=learner)):
        at = morning + timedelta(hours=hours)
        Attempt.objects.filter(pk=attempt.pk).update(started_at=at, finished_at=at)
        attempt.answers.update(answered_at=at)
    statistics = list(VersionStat.objects.values())
    registry.erase(learner)
    assert not Learner.objects.filter(pk=learner.pk).exists()
    assert list(VersionStat.objects.values()) == statistics
    assert list(SeenQuestion.objects.values_list("learner", flat=True)) == [other.pk]
    orphans = Attempt.objects.filter(learner=None)
    assert list(orphans.values_list("start_token", flat=True)) == [None, None]
    answers = Answer.objects.filter(attempt__in=orphans)
    assert set(answers.values_list("correct", flat=True)) == {False, True}
    moments = {moment for row in orphans for moment in (row.started_at, row.finished_at)}
    moments |= set(answers.values_list("answered_at", flat=True))
    assert len(moments) == 1, "times of day can still be told apart"
    (day,) = moments
    assert day
    assert abs(day - morning) < timedelta(days=1)


def test_deleting_the_account_erases_the_learner_too():
    make_question()
    learner = learner_with_answers("A")
    learner.user = make_user()
    learner.save()
    learner.user.delete()
    assert not Learner.objects.filter(pk=learner.pk).exists()
    assert list(Attempt.objects.values_list("learner", flat=True)) == [None]
    assert not SeenQuestion.objects.exists()


def test_erasing_an_account_holder_leaves_no_earlier_learner_behind():
    first, second = Learner.objects.create(), Learner.objects.create()
    registry.merge(first, second)
    registry.erase(second)
    assert not Learner.objects.exists()


def test_the_time_zone_is_the_learners_or_the_sites():
    assert learners.time_zone_of(None).key == "America/New_York"
    assert learners.time_zone_of(Learner(time_zone="Asia/Tokyo")).key == "Asia/Tokyo"
    for odd in ("Nowhere/City", "../../etc/passwd", "/etc"):
        assert learners.time_zone_of(Learner(time_zone=odd)).key == "America/New_York"


def test_without_a_date_the_exam_is_today_where_the_learner_is():
    late = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert learners.exam_date_of(None, late) == date(2026, 12, 31)
    assert learners.exam_date_of(Learner(time_zone="Asia/Tokyo"), late) == date(2027, 1, 1)


def test_an_exam_date_that_has_passed_counts_no_more():
    learner = Learner(exam_date=date(2026, 11, 19))
    assert learners.exam_date_of(learner, NOW) == date(2026, 11, 20)
    learner.exam_date = date(2026, 11, 21)
    assert learners.exam_date_of(learner, NOW) == date(2026, 11, 21)
