"""The score report: exact, the same on every database, and true after rulings."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from prepsite.charts import LABEL, SPACE, bar_chart
from quizzes import rulings
from quizzes.mock import reporting, sitting, submitting
from quizzes.mock.plans import Plan
from quizzes.models import Attempt, MockSlot, Question
from tests.factories import at, make_learner, make_question, make_topic
from tests.mock.exams import make_bank, make_mock, say, start_mock
from tests.mock.test_pages import text_of
from tests.quizzes.browsing import html_of, rolled_back

pytestmark = pytest.mark.django_db
NOON = at("2026-11-01 12:00")
# One letter for each of six questions, a blank for none: B is right.
sheets = st.text("AB C", min_size=6, max_size=6)


def sit(sheet: str, now: Any = NOON, seed: int = 5) -> Attempt:
    """Sit a mock with these answers and submit it."""
    attempt = make_mock(make_learner(), now, seed=seed)
    for number, letter in enumerate(sheet, start=1):
        if letter.strip():
            say(attempt, number, letter, now)
    submitting.submit(attempt.pk, now + timedelta(minutes=5))
    attempt.refresh_from_db()
    return attempt


@given(sheets)
def test_the_report_adds_up(sheet: str) -> None:
    with rolled_back():
        make_bank(4)
        report = reporting.report_of(attempt := sit(sheet))
        assert report.score.correct == sheet.count("B")
        assert report.score.blank == sheet.count(" ")
        assert report.score.total == 6
        assert [area.result.score.total for area in report.areas] == [3, 2, 1]
        assert [area.result.score.correct for area in report.areas] == [
            sheet[part].count("B") for part in (slice(0, 3), slice(3, 5), slice(5, 6))
        ]
        assert len(report.shown("wrong")) == 6 - sheet.count("B")
        scores = reporting.scores_of([attempt.pk])
        kept = scores[attempt.pk]
        assert (kept.correct, kept.total) == (report.score.correct, report.score.total)


def as_data(attempt: Attempt) -> list[Any]:
    """Return a report with nothing in it that numbers rows."""
    report = reporting.report_of(attempt)
    return [
        [report.score.correct, report.score.blank, report.score.total, report.score.passed],
        [
            [a.name, a.result.score.correct, a.result.score.total, a.result.seconds]
            for a in report.areas
        ],
        [report.changes.wrong_to_right, report.changes.right_to_wrong, report.changes.total],
        [
            [
                line.content.key.split("-")[0],
                line.content.area,
                line.slot.correct,
                line.slot.flagged,
                line.is_slow,
                line.slot.change,
                line.picked.letter if line.picked else None,
            ]
            for line in report.lines
        ],
        report.counts,
    ]


GOLDEN = [
    [3, 1, 6, False],
    [["Area first", 2, 3, 70], ["Area second", 1, 2, 200], ["Area third", 0, 1, None]],
    [1, 1, 2],
    [
        ["mock", "first", True, False, False, "wrong_to_right", "B"],
        ["mock", "first", False, True, False, "right_to_wrong", "C"],
        ["mock", "first", True, False, False, "", "B"],
        ["mock", "second", True, False, True, "", "B"],
        ["mock", "second", False, False, False, "", "A"],
        ["mock", "third", False, True, False, "", None],
    ],
    {"wrong": 3, "flagged": 2, "slow": 1, "changed": 2},
]


def golden_mock() -> Attempt:
    """Sit a mock that holds a bit of everything; its questions come by the seed."""
    make_bank(0)
    for slug in ("first", "second", "third"):
        for number in range(9):
            make_question(make_topic(f"topic-{slug}", slug), key=f"mock-{slug}-{number}")
    attempt = make_mock(make_learner(), NOON, seed=12)
    said: list[tuple[int, str, dict[str, Any]]] = [
        (1, "A", {"spent": 60_000}),
        (1, "B", {"counter": 2, "spent": 40_000}),
        (2, "B", {"spent": 70_000}),
        (2, "C", {"counter": 2, "flagged": True}),
        (3, "B", {"spent": 40_000}),
        (4, "B", {"spent": 200_000}),
        (5, "A", {}),
        (6, "", {"flagged": True}),
    ]
    for number, letter, values in said:
        say(attempt, number, letter, NOON, **values)
    submitting.submit(attempt.pk, NOON + timedelta(minutes=9))
    attempt.refresh_from_db()
    return attempt


def test_the_same_seed_and_answers_give_the_same_report_on_every_database() -> None:
    attempt = golden_mock()
    assert json.loads(json.dumps(as_data(attempt))) == GOLDEN
    keys = MockSlot.objects.order_by("slot").values_list("version__question__key", flat=True)
    # Drawn by the seed: the same on SQLite and PostgreSQL.
    assert list(keys) == DRAWN


DRAWN = [
    "mock-first-8",
    "mock-first-7",
    "mock-first-3",
    "mock-second-3",
    "mock-second-4",
    "mock-third-2",
]


@pytest.mark.parametrize("credit_all", [True, False])
def test_a_ruling_turns_the_report(credit_all: bool) -> None:
    make_bank()
    attempt = sit("A BBBB")
    slots = list(attempt.mock_slots.select_related("version").order_by("slot"))
    for slot in slots[:2]:
        accepted = "" if credit_all else "A"
        rulings.rule(
            slot.version, accepted=accepted, credit_all=credit_all, reason="The key was wrong."
        )
    report = reporting.report_of(attempt)
    # Credit for all also reaches a blank; another key does not.
    assert report.score.correct == (6 if credit_all else 5)
    assert report.lines[0].rescored == "The key was wrong."
    kept = reporting.scores_of([attempt.pk])[attempt.pk]
    assert kept.correct == report.score.correct


def test_a_ruling_before_submission_counts() -> None:
    make_bank()
    attempt = make_mock(make_learner(), NOON)
    say(attempt, 1, "C", NOON)
    version = attempt.mock_slots.get(slot=1).version
    rulings.rule(version, accepted="C", reason="The key was wrong.")
    submitting.submit(attempt.pk, NOON)
    assert reporting.report_of(attempt).score.correct == 1


def test_retired_and_edited_questions_stay_as_they_were_asked() -> None:
    make_bank()
    attempt = make_mock(make_learner(), NOON)
    asked = [slot.version_id for slot in attempt.mock_slots.order_by("slot")]
    Question.objects.filter(versions__in=asked).update(status="retired")
    for number in range(1, 7):
        say(attempt, number, "B", NOON)
    submitting.submit(attempt.pk, NOON)
    report = reporting.report_of(attempt)
    assert report.score.correct == 6
    assert [line.content.id for line in report.lines] == asked


def test_earlier_mocks_by_the_blueprint_stand_beside_it() -> None:
    make_bank(8)
    learner = make_learner()
    scores = []
    for day, (plan, right) in enumerate(
        [(Plan(6), 1), (Plan(3, ("first",)), 3), (Plan(6), 2), (Plan(6), 4)]
    ):
        now = NOON + timedelta(days=day)
        attempt = make_mock(learner, now, plan)
        for number in range(1, right + 1):
            say(attempt, number, "B", now)
        submitting.submit(attempt.pk, now + timedelta(minutes=1))
        attempt.refresh_from_db()
        found = reporting.earlier(attempt)
        scores.append([result.score.correct for result in found if result.score])
    assert scores == [[], [1], [1], [2, 1]]


def finished(client: Client) -> Attempt:
    """Sit a mock of 25 in a browser: the first right, the second wrong and flagged."""
    make_bank(14)
    exam = start_mock(client)
    now = timezone.now()
    say(exam, 1, "B", now)
    say(exam, 2, "A", now, flagged=True)
    slot = exam.mock_slots.select_related("version").get(slot=2)
    sitting.write_note(exam.learner_id or 0, slot.version.question_id, "see <page> 3", now)
    client.post(f"/exam/{exam.pk}/submit/")
    return exam


def test_the_page_says_it_all(client: Client) -> None:
    exam = finished(client)
    response = client.get(f"/exam/{exam.pk}/report/")
    page = text_of(response)
    for said in (
        "1 of 25",
        "Not passed: 4% against the exam’s 70%",
        "23 questions left blank",
        "It is not AAPC’s score report",
        "All (25) Wrong (24) Flagged (1) Slow (0) Changed (0)",
        "your answer",
        "Left blank",
    ):
        assert said in page
    assert "see &lt;page&gt; 3" in html_of(response)
    assert "style=" not in html_of(response)
    shown = html_of(client.get(f"/exam/{exam.pk}/report/?show=flagged"))
    assert shown.count("<details") == 1
    assert html_of(client.get(f"/exam/{exam.pk}/report/?show=x")).count("<details") == 25


def test_a_short_bank_is_told_in_the_report(client: Client) -> None:
    make_bank(2)
    exam = start_mock(client)
    client.post(f"/exam/{exam.pk}/submit/")
    assert "The bank lacked 19 of the 25 questions." in text_of(
        client.get(f"/exam/{exam.pk}/report/")
    )


def test_the_wrong_ones_are_practised(client: Client) -> None:
    exam = finished(client)
    page = client.get(f"/practice/new/?mock={exam.pk}")
    assert "Question 1 of 24" in text_of(page)
    assert Client().get(f"/practice/new/?mock={exam.pk}").status_code == 404
    assert client.get("/practice/new/?mock=x").status_code == 404
    assert client.get("/practice/new/?again=").status_code == 404


def test_a_question_of_a_mock_is_reported(client: Client) -> None:
    exam = finished(client)
    url = f"/exam/{exam.pk}/1/report/"
    page = client.post(url, {"reason": "wrong_key"}, follow=True)
    assert page.status_code == 200
    assert f"/exam/{exam.pk}/report/#question-1" in html_of(page)
    # A blank has no answer to report.
    assert client.get(f"/exam/{exam.pk}/3/report/").status_code == 404
    assert client.get(f"/practice/{exam.pk}/1/report/").status_code == 404


def test_a_notice_leads_to_the_report(client: Client) -> None:
    exam = finished(client)
    rulings.rule(exam.mock_slots.get(slot=2).version, accepted="A", reason="So it is.")
    page = html_of(client.get("/practice/"))
    assert f'href="/exam/{exam.pk}/report/#question-2"' in page
    assert "2 of 25" in text_of(client.get(f"/exam/{exam.pk}/report/"))


def test_progress_counts_a_mock_once(client: Client) -> None:
    exam = finished(client)
    page = text_of(client.get("/progress/"))
    assert "Answered 2 Correct 1" in page
    assert f"/exam/{exam.pk}/report/" in html_of(client.get("/progress/"))


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10), st.integers(0, 10)), max_size=18))
def test_bars_stay_in_their_frames(rows) -> None:
    chart = bar_chart([("x", min(part, whole), whole, weight) for part, whole, weight in rows], 70)
    assert len(chart.bars) == len(rows)
    for place, bar in enumerate(chart.bars):
        assert 0 <= bar.filled <= bar.length <= SPACE
        assert chart.left == LABEL <= bar.mark_x <= LABEL + bar.length
        assert 0 <= bar.y < bar.end_y <= chart.height
        if place:
            assert bar.y >= chart.bars[place - 1].end_y
