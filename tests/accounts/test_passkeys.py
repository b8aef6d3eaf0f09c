"""Passkeys and apps on their pages, as far as no browser is needed."""

import json

import pytest
from allauth.mfa.models import Authenticator

from prepsite.accounts import second_factor
from tests.accounts.factors import (
    ENROLLING,
    add_key,
)
from tests.accounts.helpers import PASSWORD, make_user, page_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("host", "works", "instead"),
    [
        ("localhost:8000", True, ""),
        ("127.0.0.1:8000", False, "http://localhost:8000"),
        ("127.0.0.1", False, "http://localhost"),
        ("[::1]:8000", False, "http://localhost:8000"),
        ("192.168.1.5:8000", False, ""),
        ("testserver", False, ""),
    ],
)
def test_pages_say_where_passkeys_do_not_work(rf, settings, host, works, instead):
    settings.ALLOWED_HOSTS = ["*"]
    site = second_factor.passkey_site(rf.get("/", headers={"Host": host}))
    assert (site.works, site.instead) == (works, instead)
    secure = second_factor.passkey_site(rf.get("/", headers={"Host": "example.org"}, secure=True))
    assert secure.works


def test_page_to_add_a_passkey_names_the_address_that_works(client):
    user = make_user()
    client.force_login(user)
    host = {"Host": "127.0.0.1:8000"}
    client.post("/accounts/reauthenticate/", {"password": PASSWORD}, headers=host)
    page = page_of(client.get(ENROLLING[1], headers=host))
    assert 'href="http://localhost:8000/accounts/2fa/webauthn/add/"' in page
    assert "Set up an app" in page


@pytest.mark.parametrize("sent", ["", "x", "{}", "[]", "null", '{"id": "x"}', '{"response": 1}'])
def test_nonsense_instead_of_a_passkey_signs_nobody_in(client, sent):
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": sent})
    assert response.status_code < 400
    assert client.get("/accounts/").status_code == 302


@pytest.mark.parametrize("sent", ["", "x", "{}", "[]", "null", '{"id": "x"}', '{"response": 1}'])
def test_nonsense_is_no_passkey_of_a_user_either(client, sent):
    user = make_user()
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get(ENROLLING[1])
    response = client.post(ENROLLING[1], {"name": "x", "credential": sent})
    assert response.status_code == 200
    assert not Authenticator.objects.exists()
    add_key(user)
    url = "/accounts/2fa/webauthn/reauthenticate/"
    assert client.post(url, {"credential": sent}).status_code == 302


def test_reauthentication_without_a_password_offers_none(client):
    user = make_user()
    user.set_unusable_password()
    user.save()
    add_key(user)
    client.force_login(user)
    client.defaults["HTTP_HOST"] = "localhost"
    response = client.get("/accounts/reauthenticate/?next=/accounts/2fa/")
    assert response.url == "/accounts/2fa/webauthn/reauthenticate/?next=%2Faccounts%2F2fa%2F"


def test_qr_code_stands_in_the_page_under_the_strict_policy(client):
    user = make_user()
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    response = client.get(ENROLLING[0])
    assert "<svg" in page_of(response)
    assert "data:" not in page_of(response)
    assert "data:" not in response.headers["Content-Security-Policy"]
    secret = json.dumps(client.session["mfa.totp.secret"]).strip('"')
    assert f"{secret[:4]} {secret[4:8]}" in page_of(response)
