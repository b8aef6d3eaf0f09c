"""Which pages are compressed."""

import gzip

import pytest
from django.test import Client

from tests.accounts.helpers import PASSWORD, make_user
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db
ACCEPT = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("url", ["/", "/about/", "/privacy/", "/careers/", "/practice/"])
def test_pages_are_compressed_for_browsers_that_take_it(client, url):
    plain = client.get(url)
    packed = Client().get(url, headers=ACCEPT)
    assert plain.headers.get("Content-Encoding") is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"<h1" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize(
    "url",
    [
        "/accounts/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/email/",
        "/admin/",
        "/admin/accounts/user/",
    ],
)
def test_pages_of_accounts_and_staff_are_not(client, url):
    sign_in_staff(client, make_user(is_staff=True, is_superuser=True))
    response = client.get(url, headers=ACCEPT, follow=True)
    if response.redirect_chain:  # the sign-in form sends somebody signed in elsewhere
        response = Client().get(url, headers=ACCEPT)
    assert response.status_code == 200
    assert len(response.content) > 500
    assert "Content-Encoding" not in response.headers


def test_a_refused_sign_in_is_not_compressed(client):
    response = client.post(
        "/accounts/login/", {"login": "a@example.org", "password": PASSWORD}, headers=ACCEPT
    )
    assert "Content-Encoding" not in response.headers
