"""The numbers that learners see: a session's summary, their progress, their days."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.accounts.models import Learner
from quizzes.models import Answer, Attempt, Question
from quizzes.progress import progress_of
from tests.factories import (
    at,
    give_answer,
    make_answered,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
    make_topic,
    make_user,
    set_cpt_switch,
)
from tests.quizzes.browsing import go_through, html_of, slot_url, start_session

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def summary_of(client: Client, attempt: Attempt) -> str:
    response = client.get(f"/practice/{attempt.pk}/summary/")
    assert response.status_code == 200
    return html_of(response)


@pytest.fixture
def signed_in(client: Client) -> Learner:
    user = make_user()
    client.force_login(user)
    return make_learner(user=user)


def test_the_summary_counts(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client, right=False)
    go_through(client, attempt, right=True)
    html = summary_of(client, attempt)
    assert "4 of 5" in html
    assert "80% of the questions" in html
    assert "Practise the 1 missed again" in html
    assert html.count("✓ Correct") == 4
    assert html.count("✗ Not correct") == 1
    for answer in attempt.answers.select_related("version", "picked"):
        assert answer.version.rationale in html
        assert answer.picked
        assert answer.picked.text in html


def test_the_summary_of_an_open_session_hides_what_is_still_to_come(client: Client) -> None:
    make_questions(5)
    attempt = start_session(client)
    html = summary_of(client, attempt)
    assert "1 of 1" in html
    assert "4 questions still open" in html
    assert "missed again" not in html
    for answer in attempt.answers.filter(answered_at=None):
        assert answer.version.stem not in html
        assert answer.version.rationale not in html


def test_a_session_without_an_answer_has_no_summary(client: Client, signed_in: Learner) -> None:
    attempt = make_attempt(signed_in, make_questions(2), timezone.now())
    response = client.get(f"/practice/{attempt.pk}/summary/")
    assert response["Location"] == slot_url(attempt, 1)


@pytest.mark.parametrize(("n", "says"), [(9, False), (10, True)])
def test_the_pass_mark_is_named_from_ten_answers_on(client: Client, n: int, says: bool) -> None:
    make_questions(n)
    attempt = start_session(client, count=10)
    go_through(client, attempt)
    assert ("pass mark is 70%" in summary_of(client, attempt)) is says


def test_a_withdrawn_item_leaves_the_score(client: Client, signed_in: Learner) -> None:
    withdrawn, plain = make_question(cpt_content="yes"), make_question()
    attempt = make_attempt(signed_in, [withdrawn, plain], timezone.now())
    give_answer(attempt, 1, timezone.now(), right=False)
    give_answer(attempt, 2, timezone.now(), right=True)
    assert "1 of 2" in summary_of(client, attempt)
    set_cpt_switch(show=False)
    html = summary_of(client, attempt)
    assert "1 of 1" in html
    assert "1 question withdrawn and not counted" in html
    assert "missed again" not in html
    assert withdrawn.current
    assert withdrawn.current.stem not in html
    assert "1 of 1 correct so far" in html_of(client.get(slot_url(attempt, 2)))
    set_cpt_switch(show=True)
    assert "1 of 2" in summary_of(client, attempt)


def test_progress_is_empty_before_the_first_answer(client: Client) -> None:
    assert "Nothing yet" in html_of(client.get("/progress/"))


def figures_in(html: str) -> dict[str, str]:
    """Return the headline figures of the progress page by their names."""
    pairs = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", html)
    return {name: re.sub(r"<[^>]+>", "", value).strip() for name, value in pairs}


def row_of(html: str, name: str) -> list[str]:
    """Return the numbers of a row of the progress table."""
    match = re.search(rf'<th scope="row">{name}</th>(.*?)</tr>', html, re.DOTALL)
    assert match, f"no row {name}"
    return re.findall(r"<td[^>]*>(.*?)</td>", match[1])


def test_progress_adds_up(client: Client, signed_in: Learner) -> None:
    bones = make_question(make_topic("bones", "body", subject="anatomy"))  # type: ignore[arg-type]
    cut = make_question(make_topic("cut", "skin", subject="cpt"))  # type: ignore[arg-type]
    sew = make_question(make_topic("sew", "nerves", subject="cpt"))  # type: ignore[arg-type]
    noon = at("2026-11-01 17:00")
    for day, (question, right) in enumerate(
        [(bones, True), (cut, True), (cut, False), (sew, True), (sew, True), (sew, False)]
    ):
        make_answered(signed_in, question, noon + timedelta(days=day // 2), right=right)
    make_answered(make_learner(), bones, noon)
    html = html_of(client.get("/progress/"))
    figures = figures_in(html)
    assert figures["Answered"] == "6"
    assert figures["Correct"] == "4 (67%)"
    assert figures["Days active"] == "3"
    assert figures["Last practised"] == "Nov 3, 2026"
    assert row_of(html, "Anatomy") == ["1", "1", "100%", "Nov 1, 2026"]
    assert row_of(html, "CPT") == ["5", "3", "60%", "Nov 3, 2026"]
    assert row_of(html, "Area skin") == ["2", "1", "50%", "Nov 2, 2026"]
    assert row_of(html, "Area nerves") == ["3", "2", "67%", "Nov 3, 2026"]


def test_progress_lists_ten_sessions_the_latest_first(client: Client, signed_in: Learner) -> None:
    question = make_question()
    attempts = [
        make_answered(signed_in, question, at("2026-11-01 12:00") + timedelta(hours=hour))
        for hour in range(12)
    ]
    html = html_of(client.get("/progress/"))
    listed = [int(pk) for pk in re.findall(r'href="/practice/(\d+)/summary/"', html)]
    assert listed == [attempt.pk for attempt in reversed(attempts)][:10]


def days_active(times: list[str], zone: ZoneInfo) -> int:
    learner = make_learner()
    question = Question.objects.first() or make_question()
    for time in times:
        make_answered(learner, question, at(time))
    return progress_of(learner, zone, timezone.now()).days_active


@pytest.mark.parametrize(
    ("times", "zone", "days"),
    [
        # New York is four hours behind in summer: 07:59 UTC is 3:59 a.m.
        (["2026-07-01 16:00", "2026-07-02 07:59"], NEW_YORK, 1),
        (["2026-07-01 16:00", "2026-07-02 08:01"], NEW_YORK, 2),
        (["2026-07-01 07:59", "2026-07-01 08:01"], NEW_YORK, 2),
        (["2026-07-01 07:59", "2026-07-01 08:01"], ZoneInfo("UTC"), 1),
        (["2026-07-01 03:59", "2026-07-01 04:01"], ZoneInfo("UTC"), 2),
        # Five hours behind in winter.
        (["2026-12-01 16:00", "2026-12-02 08:59"], NEW_YORK, 1),
        (["2026-12-01 16:00", "2026-12-02 09:01"], NEW_YORK, 2),
        # Half past is an hour's border somewhere: India is 5:30 ahead.
        (["2026-07-01 22:29", "2026-07-01 22:31"], ZoneInfo("Asia/Kolkata"), 2),
        (["2026-07-01 12:00", "2026-07-01 12:00"], NEW_YORK, 1),
        ([], NEW_YORK, 0),
    ],
)
def test_a_day_ends_at_four_in_the_morning_of_the_learner(
    times: list[str], zone: ZoneInfo, days: int
) -> None:
    assert days_active(times, zone) == days


def test_the_page_uses_the_learners_zone(client: Client, signed_in: Learner) -> None:
    question = make_question()
    # 10 p.m. and 5 a.m. in Los Angeles; 1 a.m. and 8 a.m. of one day in New York.
    for time in ("2026-07-02 05:00", "2026-07-02 12:00"):
        make_answered(signed_in, question, at(time))
    signed_in.time_zone = "America/Los_Angeles"
    signed_in.save()
    html = html_of(client.get("/progress/"))
    assert figures_in(html)["Days active"] == "2"
    assert "Jul 1, 2026, 10:00 p.m." in html
    signed_in.time_zone = "Nowhere/Nothing"
    signed_in.save()
    assert "Jul 2, 2026, 1:00 a.m." in html_of(client.get("/progress/"))


def test_progress_survives_a_ruling_and_open_slots(client: Client, signed_in: Learner) -> None:
    attempt = make_attempt(signed_in, make_questions(3), timezone.now())
    give_answer(attempt, 1, timezone.now())
    figures = figures_in(html_of(client.get("/progress/")))
    assert figures["Answered"] == "1"
    assert Answer.objects.filter(answered_at=None).count() == 2
    assert "Continue" in html_of(client.get("/progress/"))


def test_only_a_learner_without_account_is_told_to_make_one(client: Client) -> None:
    make_questions(2)
    start_session(client)
    assert "Create an account" in html_of(client.get("/progress/"))
    client.force_login(make_user())
    start_session(client)
    assert "Create an account" not in html_of(client.get("/progress/"))
