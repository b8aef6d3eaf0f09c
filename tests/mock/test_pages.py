"""The pages of a mock: what they cost, what they say and what they keep to themselves."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from quizzes.models import Area, Attempt, ItemNote, MockSlot
from quizzes.pool import pool_on
from quizzes.rendering import contents_of
from tests.factories import make_learner, make_user, set_cpt_switch
from tests.mock.exams import (
    choice_in,
    form_in,
    letter_of,
    make_bank,
    picks,
    say,
    start_mock,
    url_of,
)
from tests.quizzes.browsing import html_of, statements

pytestmark = pytest.mark.django_db
SAVE_BUDGET = 6
REPORT_BUDGET = 12
START_BUDGET = 12
ALL_OF_TIME = timedelta(days=2)


@pytest.fixture
def exam(client: Client) -> Attempt:
    """Return a mock of 25 that the client has started just now."""
    make_bank(14)
    return start_mock(client)


def move_deadline(attempt: Attempt, by: timedelta) -> None:
    attempt.refresh_from_db()
    assert attempt.deadline
    Attempt.objects.filter(pk=attempt.pk).update(deadline=attempt.deadline + by)


def text_of(response: Any) -> str:
    return " ".join(strip_tags(html_of(response).replace("<", " <")).split())


def test_the_start_page_says_what_the_bank_lacks(client: Client) -> None:
    make_bank(14)
    assert "It lacks" in text_of(client.get("/exam/"))
    assert "Area first (36)" in text_of(client.get("/exam/"))
    make_bank(40)
    assert "It lacks" not in text_of(client.get("/exam/"))
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a length."),
        ({"length": "99", "pace": "1"}, "Choose 100, 50 or 25"),
        ({"length": "25", "pace": "9"}, "Choose one of the times"),
        ({"length": "25", "pace": "none"}, "Only a mock of your own"),
        ({"length": "own", "pace": "1", "number": "5"}, "Choose at least one area."),
        ({"length": "own", "pace": "1", "areas": ["first"]}, "Write a number from 1"),
        ({"length": "own", "pace": "1", "areas": ["x"], "number": "5"}, "One of the areas"),
        ({"length": "own", "pace": "1", "areas": ["first"], "number": "0"}, "Write a number"),
    ],
)
def test_a_refused_start_says_why_and_starts_nothing(client, data, said) -> None:
    make_bank(3)
    response = client.post("/exam/start/", data)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not Attempt.objects.exists()


def test_an_own_mock_without_a_clock(client: Client) -> None:
    make_bank(6)
    attempt = start_mock(client, length="own", areas=["first", "third"], number="4", pace="none")
    assert attempt.deadline is None
    assert attempt.mock_slots.count() == 4
    assert "Ends at" not in text_of(client.get(url_of(attempt, 1)))


def test_extended_time(client: Client) -> None:
    make_bank(14)
    attempt = start_mock(client, pace="1.5")
    assert attempt.deadline == attempt.started_at + timedelta(minutes=90)


def test_starting_twice_leads_to_the_one_that_is_open(client: Client, exam: Attempt) -> None:
    response = client.post("/exam/start/", {"length": "50", "pace": "1"})
    assert response["Location"] == f"/exam/{exam.pk}/"
    assert Attempt.objects.count() == 1
    assert client.get(f"/exam/{exam.pk}/")["Location"] == url_of(exam, 1)


def test_a_plain_form_saves_all_and_goes_where_its_button_says(
    client: Client, exam: Attempt
) -> None:
    fields = form_in(client.get(url_of(exam, 2)))
    said = {"choice": choice_in(exam, 2, "C"), "flagged": "1", "struck": ["A"], "note": "  hm "}
    for go, target in (
        ("next", url_of(exam, 3)),
        ("previous", url_of(exam, 1)),
        ("17", url_of(exam, 17)),
        ("99", url_of(exam, 2)),
        ("review", f"/exam/{exam.pk}/review/"),
        ("x", url_of(exam, 2)),
    ):
        response = client.post(url_of(exam, 2), fields | said | {"go": go})
        assert response["Location"] == target
    slot = MockSlot.objects.get(attempt=exam, slot=2)
    assert (letter_of(slot.picked), slot.flagged, slot.struck) == ("C", True, "A")
    assert ItemNote.objects.get().text == "hm"
    page = html_of(client.get(url_of(exam, 2)))
    assert f'value="{slot.picked_id}" checked' in page
    assert 'name="flagged" value="1" checked' in page
    assert ">hm</textarea>" in page
    client.post(url_of(exam, 2), fields | {"clear": "1", "choice": slot.picked_id})
    assert picks(exam)[1] == "-"


def test_the_palette_filters(client: Client, exam: Attempt) -> None:
    now = timezone.now()
    say(exam, 1, "A", now)
    say(exam, 3, "", now, flagged=True)
    flagged = html_of(client.get(url_of(exam, 3) + "?show=flagged"))
    assert re.findall(r'name="go" value="(\d+)"', flagged) == ["3"]
    assert "go=" not in flagged
    page = client.get(url_of(exam, 1) + "?show=unanswered")
    assert len(re.findall(r'name="go" value="\d+"', html_of(page))) == 24
    fields = form_in(page)
    going = client.post(url_of(exam, 1) + "?show=unanswered", fields | {"go": "next"})
    assert going["Location"] == url_of(exam, 2) + "?show=unanswered"
    assert "24 questions without an answer" in text_of(client.get(f"/exam/{exam.pk}/review/"))


def test_nothing_of_the_key_is_known_before_submission(client: Client, exam: Attempt) -> None:
    content = contents_of([MockSlot.objects.get(attempt=exam, slot=1).version_id]).popitem()[1]
    saved = client.post(
        url_of(exam, 1), {"choice": choice_in(exam, 1, "B"), "fragment": "1", "counter": "1"}
    )
    for response in (
        saved,
        client.get(url_of(exam, 1)),
        client.get(f"/exam/{exam.pk}/review/"),
        client.get(f"/exam/{exam.pk}/report/", follow=True),
    ):
        page = html_of(response)
        assert str(content.rationale) not in page
        assert not any(str(c.reason) in page for c in content.choices if c.reason)
        assert "is-key" not in page


def test_a_save_is_cheap(client: Client, monkeypatch: Any) -> None:
    user = make_user()
    make_learner(user=user)
    client.force_login(user)
    make_bank(14)
    exam = start_mock(client)
    contents_of(MockSlot.objects.values_list("version_id", flat=True))
    from django.core.cache import cache

    for counter, lost in enumerate((False, True), start=1):
        if lost:
            cache.clear()
        data = {"choice": choice_in(exam, 4, "B"), "fragment": "1", "counter": str(counter)}
        with statements(monkeypatch) as found:
            response = client.post(url_of(exam, 4), data | {"tab": "t"})
        assert len(found) <= SAVE_BUDGET - (not lost), found
        assert response.status_code == 200
        assert len(response.content) < 1_000
        assert 'data-answered="1"' in html_of(response)


def test_starting_and_reporting_cost_the_same_whatever_the_length(
    client: Client, monkeypatch: Any
) -> None:
    make_bank(50)
    user = make_user()
    make_learner(user=user)
    client.force_login(user)
    client.get("/exam/")
    contents_of(item.version_id for item in pool_on(timezone.localdate()).items)
    costs = []
    for length in ("25", "100"):
        with statements(monkeypatch) as starting:
            exam = start_mock(client, length=length)
        for number in range(1, int(length)):
            say(exam, number, "B" if number % 3 else "A", timezone.now())
        with statements(monkeypatch) as submitting:
            client.post(f"/exam/{exam.pk}/submit/")
        with statements(monkeypatch) as reporting:
            page = client.get(f"/exam/{exam.pk}/report/")
        assert page.status_code == 200
        costs.append((len(starting), len(submitting), len(reporting)))
    # The second mock is compared with the first, and finds questions that were seen.
    assert costs[0][0] == costs[1][0] <= START_BUDGET
    assert costs[0][1] == costs[1][1] <= 25
    assert costs[0][2] <= costs[1][2] <= REPORT_BUDGET


def test_strangers_find_nothing(client: Client, exam: Attempt) -> None:
    stranger = Client()
    for path in ("", "1/", "review/", "report/", "1/report/"):
        assert stranger.get(f"/exam/{exam.pk}/{path}").status_code == 404
        assert client.get(f"/exam/{exam.pk + 9}/{path}").status_code == 404
    for path in ("1/", "submit/", "discard/"):
        assert stranger.post(f"/exam/{exam.pk}/{path}", {}).status_code == 404
    assert client.get(url_of(exam, 26)).status_code == 404
    assert client.get(url_of(exam, 0)).status_code == 404
    assert client.get("/exam/99999999999999999999/").status_code == 404
    # Practice does not open mocks.
    assert client.get(f"/practice/{exam.pk}/").status_code == 404
    assert client.get(f"/practice/{exam.pk}/1/").status_code == 404
    exam.refresh_from_db()
    assert exam.finished_at is None


def test_pages_are_nobody_elses(client: Client, exam: Attempt) -> None:
    for path in ("/exam/", url_of(exam, 1), f"/exam/{exam.pk}/review/"):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert 'content="noindex"' in html_of(response)


@pytest.mark.parametrize("fragment", [{}, {"fragment": "1"}])
def test_a_strange_choice_is_refused_and_nothing_typed_is_lost(client, exam, fragment) -> None:
    data = {"choice": choice_in(exam, 2, "A"), "note": "n" * 2_001} | fragment
    response = client.post(url_of(exam, 1), data)
    assert response.status_code == 422
    assert "at most 2,000 characters" in text_of(response)
    if not fragment:
        assert "n" * 2_001 in html_of(response)
    for choice in (choice_in(exam, 2, "A"), "x", "-1", 2**70):
        response = client.post(url_of(exam, 1), {"choice": choice} | fragment)
        assert response.status_code == 422
    assert picks(exam) == "-" * 25


@pytest.mark.parametrize("fragment", [{}, {"fragment": "1"}])
def test_late_choices_are_told_so(client, exam, fragment) -> None:
    say(exam, 1, "B", timezone.now())
    move_deadline(exam, -ALL_OF_TIME)
    data = {"choice": choice_in(exam, 2, "B"), "note": "kept all the same"} | fragment
    response = client.post(url_of(exam, 2), data)
    assert response.status_code == 409
    assert "was not counted" in text_of(response)
    assert ItemNote.objects.get().text == "kept all the same"
    report = client.get(f"/exam/{exam.pk}/report/", follow=True)
    assert "1 of 25" in text_of(report)
    exam.refresh_from_db()
    assert exam.finished_at == exam.deadline


@pytest.mark.parametrize("path", ["/exam/", "/progress/", "/practice/", "question", "review"])
def test_any_visit_closes_a_mock_whose_time_is_up(client, exam, path) -> None:
    say(exam, 1, "B", timezone.now())
    move_deadline(exam, -ALL_OF_TIME)
    paths = {"question": url_of(exam, 1), "review": f"/exam/{exam.pk}/review/"}
    client.get(paths.get(path, path))
    exam.refresh_from_db()
    assert (exam.ending, exam.finished_at) == ("time_up", exam.deadline)
    assert exam.answers.count() == 1


def test_the_report_waits_for_choices_on_their_way(client: Client, exam: Attempt) -> None:
    Attempt.objects.filter(pk=exam.pk).update(deadline=timezone.now() - timedelta(seconds=2))
    assert client.get(url_of(exam, 1))["Location"] == f"/exam/{exam.pk}/report/"
    assert client.post(f"/exam/{exam.pk}/submit/")["Location"] == f"/exam/{exam.pk}/report/"
    response = client.get(f"/exam/{exam.pk}/report/")
    assert 7 <= int(response["Refresh"]) <= 10
    exam.refresh_from_db()
    assert exam.finished_at is None
    assert client.post(url_of(exam, 1), {"choice": choice_in(exam, 1, "B")}).status_code == 302


def test_discarding_asks_for_nothing_and_counts_nothing(client: Client, exam: Attempt) -> None:
    say(exam, 1, "B", timezone.now())
    page = client.post(f"/exam/{exam.pk}/discard/", follow=True)
    assert "closed without a score" in text_of(page)
    assert not exam.answers.exists()
    assert client.get(f"/practice/new/?mock={exam.pk}").status_code == 404
    assert "closed without a score" in text_of(client.get("/exam/"))


def test_a_withdrawn_question_is_not_shown_and_not_counted(client: Client) -> None:
    make_bank(12)
    make_bank(2, cpt_content="yes")
    exam = start_mock(client)
    named = list(
        exam.mock_slots.filter(version__question__cpt_content=True).values_list("slot", flat=True)
    )
    assert named
    say(exam, named[0], "B", timezone.now())
    set_cpt_switch(show=False)
    page = client.get(url_of(exam, named[0]))
    assert "has been withdrawn" in text_of(page)
    assert 'name="choice"' not in html_of(page)
    going = client.post(url_of(exam, named[0]), form_in(page) | {"go": "1"})
    assert going["Location"] == url_of(exam, 1)
    assert picks(exam)[named[0] - 1] == "B"
    client.post(f"/exam/{exam.pk}/submit/")
    report = text_of(client.get(f"/exam/{exam.pk}/report/"))
    assert f"0 of {25 - len(named)}" in report
    assert f"{len(named)} question" in report
    set_cpt_switch(show=True)
    assert "1 of 25" in text_of(client.get(f"/exam/{exam.pk}/report/"))


def test_a_stale_token_keeps_what_was_chosen(exam: Attempt, client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    data = {"choice": choice_in(exam, 1, "C"), "struck": ["A", "B"], "note": "kept"}
    response = strict.post(url_of(exam, 1), data, headers={"Origin": "http://testserver"})
    assert response.status_code == 403
    page = html_of(response)
    for name, value in (("choice", data["choice"]), ("struck", "A"), ("struck", "B")):
        assert f'name="{name}" value="{value}"' in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    again = strict.post(url_of(exam, 1), data | {"csrfmiddlewaretoken": token[1]})
    assert again.status_code == 302
    assert picks(exam)[0] == "C"


def test_time_alone_touches_no_choice(client: Client, exam: Attempt) -> None:
    say(exam, 1, "C", timezone.now())
    response = client.post(url_of(exam, 1), {"look": "1", "fragment": "1", "spent": "4000"})
    assert 'data-left="35' in html_of(response)
    slot = MockSlot.objects.get(attempt=exam, slot=1)
    assert (letter_of(slot.picked), slot.millis) == ("C", 4_000)
    nonsense = {"look": "1", "fragment": "1", "spent": "-5"}
    assert client.post(url_of(exam, 1), nonsense).status_code == 200
    assert MockSlot.objects.get(attempt=exam, slot=1).millis == 4_000


def test_the_navigation_knows_the_mock(client: Client) -> None:
    Area.objects.all().delete()
    assert '<a href="/exam/" aria-current="page">Mock exam</a>' in html_of(client.get("/exam/"))
    assert client.post("/exam/start/", {"length": "25", "pace": "1"}).status_code == 422
