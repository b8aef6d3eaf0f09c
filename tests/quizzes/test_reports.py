"""Reporting a question: from its feedback, without an account, once."""

from datetime import timedelta

import pytest
from django.test import Client

from prepsite.accounts import registry
from prepsite.accounts.models import Learner
from quizzes import reports
from quizzes.models import Answer, QuestionReport
from tests.accounts.helpers import answer_one, cookie_learner
from tests.accounts.helpers import make_question as make_bone
from tests.factories import (
    at,
    make_answered,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
    make_user,
)
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db
NOW = at("2026-11-20 10:00")


def _session(client: Client) -> tuple[int, str]:
    for _ in range(5):
        make_bone()
    attempt = answer_one(client)
    return attempt, f"/practice/{attempt}/1/report/"


def test_learner_without_account_reports_from_the_feedback(client):
    attempt, url = _session(client)
    assert f'href="{url}"' in client.get(f"/practice/{attempt}/1/").content.decode()
    assert f'href="{url}"' in client.get(f"/practice/{attempt}/summary/").content.decode()
    assert client.get(url).status_code == 200
    response = client.post(url, {"reason": "wrong_key", "note": "See <b>plate</b> 2."}, follow=True)
    page = response.content.decode()
    assert "You reported" in page
    assert "An editor reads every report" in page
    report = QuestionReport.objects.get()
    assert report.note == "See <b>plate</b> 2."
    assert report.answer.attempt_id == attempt


def test_sent_twice_it_is_one_report_and_another_reason_is_another(client):
    _, url = _session(client)
    for reason in ("typo", "typo", "outdated"):
        client.post(url, {"reason": reason})
    assert QuestionReport.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Choose what is wrong."),
        ({"reason": "nonsense"}, "Choose one of the reasons below."),
        ({"reason": "typo", "note": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_bad_report_says_why_and_keeps_what_was_written(client, fields, message):
    _, url = _session(client)
    response = client.post(url, {"note": "kept words"} | fields)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert fields.get("note", "kept words") in response.content.decode()
    assert not QuestionReport.objects.exists()


def test_strangers_and_unanswered_questions_have_no_report_page(client):
    attempt, url = _session(client)
    assert Client().get(url).status_code == 404
    assert Client().post(url, {"reason": "typo"}).status_code == 404
    assert client.get(f"/practice/{attempt}/2/report/").status_code == 404
    assert client.get(f"/practice/{attempt}/99/report/").status_code == 404
    assert client.delete(url).status_code == 405


def test_after_twenty_in_a_day_the_form_says_so():
    learner = make_learner()
    questions = make_questions(reports.PER_DAY + 1)
    attempt = make_attempt(learner, questions, NOW)
    slots = list(Answer.objects.filter(attempt=attempt).values_list("pk", flat=True))
    for slot in slots[:-1]:
        reports.take(slot, "typo", "", NOW)
    with pytest.raises(reports.TooManyReports):
        reports.take(slots[-1], "typo", "", NOW)
    reports.take(slots[0], "typo", "", NOW)
    reports.take(slots[-1], "typo", "", NOW + timedelta(days=1, seconds=1))
    stranger = make_answered(make_learner(), questions[0], NOW)
    reports.take(stranger.answers.get().pk, "typo", "", NOW)


def test_a_flood_from_one_address_is_stopped_whoever_sends_it(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"report_question": "2/h/ip"}
    codes = []
    for _ in range(3):
        browser = Client()
        _, url = _session(browser)
        codes.append(browser.post(url, {"reason": "typo"}).status_code)
    assert codes == [302, 302, 429]


def test_erasing_a_learner_takes_the_words_and_keeps_the_report():
    learner = make_learner()
    attempt = make_answered(learner, make_question(), NOW)
    reports.take(attempt.answers.get().pk, "typo", "My name is Ann.", NOW)
    [row] = registry.export(learner)["reports"]
    assert row["note"] == "My name is Ann."
    registry.erase(learner)
    report = QuestionReport.objects.get()
    assert report.note == ""
    assert report.at == at("2026-11-20 00:00")
    assert report.answer.attempt.learner is None


def test_a_report_goes_with_its_session_into_the_account(client):
    _, url = _session(client)
    client.post(url, {"reason": "typo"})
    learner = cookie_learner(client)
    target = Learner.objects.create(user=make_user())
    registry.merge(learner, target)
    assert QuestionReport.objects.get().answer.attempt.learner == target


def test_staff_decide_on_a_report_once_and_the_learner_reads_what(client):
    _, url = _session(client)
    client.post(url, {"reason": "unclear", "note": "<script>alert(1)</script>"})
    report = QuestionReport.objects.get()
    boss = Client()
    sign_in_staff(boss, make_user(is_staff=True, is_superuser=True))
    assert "Reports from learners" in boss.get("/admin/").content.decode()
    listed = boss.get("/admin/quizzes/questionreport/?decided=no").content.decode()
    assert "It is unclear or lacks a fact" in listed
    change = f"/admin/quizzes/questionreport/{report.pk}/change/"
    assert "<script>alert" not in boss.get(change).content.decode()
    assert "This field is required" in boss.post(change, {"words": ""}).content.decode()
    boss.post(change, {"kind": "no_change", "words": "The stem names the side.", "is_listed": "on"})
    report.refresh_from_db()
    assert report.decision
    assert report.decision.by
    page = client.get(url).content.decode()
    assert "No change: The stem names the side." in page
    assert 'href="/errata/"' in page
    assert boss.post(change, {"kind": "no_change", "words": "again"}).status_code == 403


def test_staff_without_permission_see_no_queue():
    helper = Client()
    sign_in_staff(helper, make_user(is_staff=True))
    assert "Reports from learners" not in helper.get("/admin/").content.decode()
