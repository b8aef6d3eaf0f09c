"""A stale CSRF token: what was entered is kept, for this very site's own forms only."""

import re
from html import unescape

import pytest
from django.test import Client

from quizzes.models import Answer, Attempt
from tests.factories import make_questions
from tests.quizzes.browsing import HTMX, NEW, first_post, html_of, pick_in, slot_url, start_session

pytestmark = pytest.mark.django_db
HOME = "http://testserver"
FOREIGN = [
    "https://evil.example",
    "null",
    "http://testserver.evil.example",
    "http://evil/testserver",
]


@pytest.fixture
def browser() -> Client:
    """A browser whose tokens are checked; it has no valid one."""
    make_questions(5)
    return Client(enforce_csrf_checks=True)


def fields_in(html: str) -> dict[str, str]:
    """Return the hidden fields that the page would send again."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_fields_are_kept_and_can_be_sent_again(browser: Client, headers: dict) -> None:
    page = browser.get(NEW)
    data = first_post(page) | {"csrfmiddlewaretoken": "x" * 64}
    response = browser.post(NEW, data, headers={"Origin": HOME} | headers)
    html = html_of(response)
    assert response.status_code == 403
    assert "Please send that again" in html
    assert ("<html" in html) is not bool(headers)
    fields = fields_in(html)
    assert fields["start"] == data["start"]
    assert fields["choice"] == str(data["choice"])
    assert not Attempt.objects.exists()
    again = browser.post(NEW, fields, headers={"Origin": HOME})
    assert again.status_code == 302
    assert Answer.objects.get(answered_at__isnull=False).picked_id == data["choice"]


def test_the_button_goes_to_the_same_address(browser: Client) -> None:
    attempt_owner = Client()
    attempt = start_session(attempt_owner)
    browser.cookies["learner"] = attempt_owner.cookies["learner"].value
    url = slot_url(attempt, 2)
    choice = pick_in(browser.get(url))
    html = html_of(browser.post(url, {"choice": choice}, headers={"Origin": HOME}))
    assert f'<form method="post" action="{url}"' in html
    assert fields_in(html)["choice"] == str(choice)
    assert attempt.answers.get(slot=2).answered_at is None


@pytest.mark.parametrize("origin", [*FOREIGN, None])
@pytest.mark.parametrize("htmx", [{}, HTMX])
def test_foreign_fields_are_never_offered(browser: Client, origin: str | None, htmx: dict) -> None:
    headers = htmx | ({"Origin": origin} if origin else {})
    response = browser.post(NEW, {"start": "from-elsewhere", "choice": "1"}, headers=headers)
    html = html_of(response)
    assert response.status_code == 403
    assert "from-elsewhere" not in html
    assert '<form method="post"' not in html
    assert "Open the page anew" in html


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/admin/login/"])
def test_fields_of_other_pages_are_never_offered(browser: Client, path: str) -> None:
    data = {"login": "someone@example.org", "password": "my-secret-password"}
    html = html_of(browser.post(path, data, headers={"Origin": HOME}))
    assert "my-secret-password" not in html
    assert "someone@example.org" not in html


def test_what_comes_back_is_escaped(browser: Client) -> None:
    data = {"choice": '"><script>alert(1)</script>', "<b>": "x"}
    html = html_of(browser.post(NEW, data, headers={"Origin": HOME}))
    assert "<script>alert" not in html
    assert "<b>" not in html
