"""What visitors see when something goes wrong."""

import pytest
from django.test import Client

from prepsite.accounts.models import User
from tests.accounts.helpers import PASSWORD, make_question, page_of
from tests.site.pages import server_error
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db
LEAKS = (
    "Traceback",
    "Exception",
    "secret detail",
    "DEBUG",
    "settings.py",
    "Django",
    "site-packages",
)


def assert_clean(response: object, status: int, heading: str) -> None:
    """Check that an error page is ours, calm and silent about the program."""
    assert response.status_code == status  # type: ignore[attr-defined]
    page = page_of(response)
    assert f"<h1>{heading}</h1>" in page
    assert 'href="/practice/"' in page
    for leak in LEAKS:
        assert leak not in page


def test_a_foreign_host_is_refused(client):
    response = client.get("/", headers={"Host": "evil.example"})
    assert_clean(response, 400, "The request could not be read")
    assert "evil.example" not in page_of(response)


def test_a_page_for_others_is_refused(client):
    sign_in_staff(client, User.objects.create_superuser("boss@example.org", PASSWORD))
    response = client.get("/admin/accounts/learner/add/")
    assert_clean(response, 403, "This page is not open to you")


@pytest.mark.parametrize(
    "url", ["/no-such-page/", "/practice/1/", "/practice/99999999999999999999/", "/a<b>c/", "/%00/"]
)
def test_an_unknown_address_says_so(client, url):
    response = client.get(url)
    assert_clean(response, 404, "There is no such page")
    assert "<b>" not in page_of(response)


def test_a_failing_view_shows_a_calm_page(monkeypatch):
    response = server_error(monkeypatch)
    assert_clean(response, 500, "Something went wrong on our side")
    assert "<script" not in page_of(response)


def test_a_form_without_its_token_is_met_with_an_explanation():
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {"login": "a@example.org", "password": PASSWORD})
    assert response.status_code == 403
    page = page_of(response)
    assert "Please send that again" in page
    assert PASSWORD not in page


def test_a_stale_answer_is_kept_and_can_be_sent_again():
    make_question()
    strict = Client(enforce_csrf_checks=True)
    fields = {"choice": '7"><b>', "start": "token", "csrfmiddlewaretoken": "stale"}
    own = {"Origin": "http://testserver"}
    page = page_of(strict.post("/practice/new/", fields, headers=own))
    assert "What you entered is kept" in page
    assert 'name="choice" value="7&quot;&gt;&lt;b&gt;"' in page
    assert 'value="stale"' not in page
    part = page_of(strict.post("/practice/new/", fields, headers=own | {"HX-Request": "true"}))
    assert "<html" not in part
    assert 'id="slot"' in part
    assert "What you entered is kept" in part


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_another_sites_fields_are_not_offered_again(origin):
    strict = Client(enforce_csrf_checks=True)
    headers = {"Origin": origin} if origin else {}
    page = page_of(strict.post("/practice/new/", {"choice": "planted"}, headers=headers))
    assert "planted" not in page


@pytest.mark.parametrize("name", ["query", "form"])
def test_odd_bytes_break_nothing(client, name):
    url = "/practice/new/?scope=%00%ff&count=%00" if name == "query" else "/practice/new/"
    response = client.get(url) if name == "query" else client.post(url, {"start": "\0\ud83d"[:1]})
    assert response.status_code in {400, 409, 422}
    assert "Traceback" not in page_of(response)
