"""The account page: exam date, time zone and display choices."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from prepsite.accounts import timezones
from prepsite.accounts.models import Learner
from tests.accounts.helpers import make_user, page_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client: Client) -> Client:
    """A browser that is signed in."""
    make_user()
    sign_in(client, "ann@example.org")
    return client


def save(client: Client, **changes: str) -> Any:
    """Send the profile form; what is not named is as a new account has it."""
    fields = {"exam_date": "", "time_zone": "", "theme": "auto", "shortcuts": "on"} | changes
    return client.post("/accounts/", {name: value for name, value in fields.items() if value})


def test_all_of_it_is_kept_and_shown_again(member):
    day = (timezone.localdate() + timedelta(days=50)).isoformat()
    response = save(member, exam_date=day, time_zone="Pacific/Honolulu", theme="dark", shortcuts="")
    assert response.url == "/accounts/"
    page = page_of(member.get("/accounts/"))
    assert "Your profile is saved." in page
    assert f'value="{day}"' in page
    assert '<option value="Pacific/Honolulu" selected>Hawaii (Honolulu)</option>' in page
    assert re.search(r'<input type="radio" name="theme" value="dark"[^>]* checked', page)
    assert not re.search(r'name="shortcuts"[^>]* checked', page)
    learner = Learner.objects.get()
    assert (learner.theme, learner.shortcuts) == ("dark", False)
    assert learner.time_zone == "Pacific/Honolulu"


def test_a_blank_time_zone_is_the_sites(member):
    save(member, time_zone="Asia/Tokyo")
    save(member, time_zone="")
    assert Learner.objects.get().time_zone == ""


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("time_zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("time_zone", "../../etc/passwd", "Choose a time zone from the list."),
        ("theme", "pink", "Choose one of the three themes."),
        ("theme", "", "Choose a theme."),
        ("exam_date", "2020-01-01", "This date has passed."),
        ("exam_date", "soon", "Write the date as year-month-day"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(member, field, value, complaint):
    response = save(member, **{field: value})
    assert response.status_code == 422
    assert complaint in page_of(response)
    assert not Learner.objects.exists()


def test_an_exam_date_that_has_passed_does_not_stand_in_the_way(member):
    save(member, theme="dark")
    Learner.objects.update(exam_date=timezone.localdate() - timedelta(days=9))
    page = page_of(member.get("/accounts/"))
    assert re.search(r'<input type="date" name="exam_date"(?![^>]*value)', page)
    assert save(member, theme="light").status_code == 302


def test_a_date_that_is_saved_unchanged_is_no_new_choice(member):
    day = timezone.localdate() + timedelta(days=50)
    save(member, exam_date=day.isoformat())
    first = Learner.objects.get().exam_date_set_at
    save(member, exam_date=day.isoformat(), theme="dark")
    assert Learner.objects.get().exam_date_set_at == first


def test_the_zones_of_the_united_states_come_first_and_every_zone_exists():
    regions = timezones.choices()
    assert regions[0][0] == "United States"
    names = [name for _, zones in regions for name, _ in zones]
    assert len(names) == len(set(names)) > 300
    for name in names:
        ZoneInfo(name)
    assert ("America/Argentina/Buenos_Aires", "Buenos Aires, Argentina") in dict(regions)["America"]


def test_the_page_leads_to_everything_about_the_account(member):
    page = page_of(member.get("/accounts/"))
    targets = re.findall(r'href="(/accounts/[^"]+)"', page)
    assert {
        "/accounts/password/change/",
        "/accounts/email/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/export/",
        "/accounts/delete/",
    } <= set(targets)
    for url in targets:
        assert member.get(url).status_code in {200, 302}, url
    assert 'action="/accounts/logout/"' in page


def test_strangers_cannot_save(client):
    assert save(client).url.startswith("/accounts/login/")
    assert not Learner.objects.exists()
