"""The exam date: set in a form, and what practice offers because of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.accounts.models import Learner
from tests.accounts.helpers import cookie_learner, make_question, page_of, sign_up

pytestmark = pytest.mark.django_db


def send(client: Client, value: str) -> Any:
    """Send the form and follow to the page after it."""
    return client.post("/accounts/exam-date/", {"exam_date": value}, follow=True)


def soon() -> date:
    """Return a day that lies ahead."""
    return timezone.localdate() + timedelta(days=40)


def test_a_date_is_kept_and_said(client):
    response = send(client, soon().isoformat())
    assert response.redirect_chain[-1][0] == "/practice/"
    page = page_of(response)
    assert f"for an exam on {soon():%B} {soon().day}, {soon().year}." in page
    assert "sessionid" not in client.cookies
    assert f'value="{soon().isoformat()}"' in page
    learner = cookie_learner(client)
    assert learner.exam_date == soon()
    assert learner.exam_date_set_at


def test_today_is_a_date_too(client):
    send(client, timezone.localdate().isoformat())
    assert cookie_learner(client).exam_date == timezone.localdate()


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("2020-01-01", "This date has passed."),
        ("9999-12-31", "within the next five years"),
        ("soon", "Write the date as year-month-day"),
        ("2027-02-30", "Write the date as year-month-day"),
        ("<b>x</b>", "Write the date as year-month-day"),
        ("\0", "Write the date as year-month-day"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_reason(client, value, complaint):
    response = send(client, value)
    assert response.status_code == 422
    page = page_of(response)
    assert complaint in page
    assert 'role="alert"' in page
    assert 'aria-invalid="true"' in page
    assert "<b>x</b>" not in page
    assert not Learner.objects.exists()


def test_yesterday_and_the_sixth_year_are_refused(client):
    today = timezone.localdate()
    assert "has passed" in page_of(send(client, str(today - timedelta(days=1))))
    assert "next five years" in page_of(send(client, f"{today.year + 6}-01-01"))


def test_the_last_day_of_the_fifth_year_is_taken(client):
    last = date(timezone.localdate().year + 5, 12, 31)
    send(client, last.isoformat())
    assert cookie_learner(client).exam_date == last


def test_a_date_is_cleared_again(client):
    send(client, soon().isoformat())
    response = send(client, "")
    today = timezone.localdate()
    assert f"for an exam on {today:%B} {today.day}, {today.year}." in page_of(response)
    assert cookie_learner(client).exam_date is None


def test_the_form_is_for_posting_only(client):
    assert client.get("/accounts/exam-date/").status_code == 405


def test_a_signed_in_learner_keeps_the_date_in_the_account(client):
    sign_up(client, "ann@example.org")
    send(client, soon().isoformat())
    assert Learner.objects.get(user__email="ann@example.org")
    assert "learner" not in client.cookies
    assert Learner.objects.get().exam_date == soon()


def test_the_next_practice_asks_what_holds_on_that_day(client):
    today = timezone.localdate()
    later = date(today.year + 2, 6, 1)
    now_only = make_question(
        stem="Holds now only?", code_year=today.year, valid_to=date(today.year, 12, 31)
    )
    make_question(
        stem="Holds later only?",
        code_year=later.year,
        valid_from=date(later.year, 1, 1),
        valid_to=date(later.year, 12, 31),
    )
    assert now_only.current
    assert "Holds now only?" in page_of(client.get("/practice/new/?count=5"))
    page = page_of(send(client, later.isoformat()))
    assert f"Questions valid for an exam on {later:%B} {later.day}, {later.year}." in page
    assert "Holds later only?" in page_of(client.get("/practice/new/?count=5"))
    send(client, "")
    assert "Holds now only?" in page_of(client.get("/practice/new/?count=5"))
