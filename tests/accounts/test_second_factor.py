"""The staff's second factor: what a stolen password does not open."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from prepsite.accounts import second_factor
from prepsite.accounts.models import User
from tests.accounts.factors import GATE, add_key, code, make_staff, opens_admin, reauthenticate
from tests.accounts.helpers import PASSWORD, make_user, page_of, sign_in, sign_up
from tests.staff import SECRET, sign_in_staff

pytestmark = pytest.mark.django_db


def test_password_of_staff_alone_leads_to_the_gate(client):
    make_staff()
    response = sign_in(client, "boss@example.org")
    assert response.status_code == 200
    assert not opens_admin(client)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1] == (GATE, 302)
    assert "One step before the workplace" in page_of(response)


def test_password_and_code_open_the_admin_where_one_wanted_to_go(client):
    make_staff(app=True)
    asked = client.get("/admin/accounts/user/?q=x", follow=True)
    sign_in_url, _ = asked.redirect_chain[-1]
    response = client.post(sign_in_url, {"login": "boss@example.org", "password": PASSWORD})
    assert response.url == "/accounts/2fa/authenticate/"
    assert not opens_admin(client)
    response = client.post(response.url, {"code": code()})
    assert response.url == "/admin/accounts/user/?q=x"
    assert opens_admin(client)


@pytest.mark.parametrize("wrong", ["000000", "", "12345678", "abc"])
def test_wrong_code_opens_nothing(client, wrong):
    make_staff(app=True)
    sign_in(client, "boss@example.org")
    response = client.post("/accounts/2fa/authenticate/", {"code": wrong})
    assert "errorlist" in page_of(response)
    assert not opens_admin(client)


def test_code_is_good_once(client):
    make_staff(app=True)
    sign_in(client, "boss@example.org")
    used = code()
    client.post("/accounts/2fa/authenticate/", {"code": used})
    assert opens_admin(client)
    other = Client()
    sign_in(other, "boss@example.org")
    other.post("/accounts/2fa/authenticate/", {"code": used})
    assert not opens_admin(other)


def test_recovery_code_takes_the_place_of_the_factor_once(client):
    user = make_staff(app=True)
    spare = Authenticator.objects.get(user=user, type="recovery_codes").wrap().generate_codes()[3]
    sign_in(client, "boss@example.org")
    client.post("/accounts/2fa/authenticate/", {"code": spare})
    assert opens_admin(client)
    other = Client()
    sign_in(other, "boss@example.org")
    other.post("/accounts/2fa/authenticate/", {"code": spare})
    assert not opens_admin(other)


def test_session_from_before_the_staff_flag_must_show_the_factor(client):
    user = make_user()
    sign_in(client, user.email)
    User.objects.update(is_staff=True, is_superuser=True)
    TOTP.activate(user, SECRET)
    assert not opens_admin(client)
    response = client.get("/admin/accounts/user/", follow=True)
    url, _ = response.redirect_chain[-1]
    assert url == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert 'autocomplete="one-time-code"' in page_of(response)
    response = client.post(url, {"code": code(), "next": "/admin/accounts/user/"})
    assert response.url == "/admin/accounts/user/"
    assert opens_admin(client)


def test_factor_from_before_the_staff_flag_opens_the_admin(client):
    user = make_user()
    TOTP.activate(user, SECRET)
    sign_in(client, user.email)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/admin/login/").status_code == 403
    User.objects.update(is_staff=True, is_superuser=True)
    assert opens_admin(client)


def test_password_confirms_nothing_for_staff_with_a_factor(client):
    user = make_staff()
    sign_in(client, user.email)
    TOTP.activate(user, SECRET)
    response = client.get("/accounts/reauthenticate/?next=/admin/")
    assert response.url == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    client.post("/accounts/reauthenticate/?next=/admin/", {"password": PASSWORD})
    assert not opens_admin(client)


def test_record_of_another_user_in_the_same_browser_does_not_count(client):
    learner = make_user()
    TOTP.activate(learner, SECRET)
    sign_in(client, learner.email)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    client.force_login(make_staff())
    assert not opens_admin(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session["account_authentication_methods_user"] = str(learner.pk)
    session.save()
    assert not opens_admin(client)


def test_admin_has_no_sign_in_form_of_its_own(client):
    make_staff()
    fields = {"username": "boss@example.org", "password": PASSWORD, "next": "/admin/"}
    for browser in (client, Client()):
        response = browser.post("/admin/login/", fields)
        assert response.status_code == 302
        assert not opens_admin(browser)
        sign_in(browser, "boss@example.org")
    assert client.post("/admin/login/", fields).headers["Location"] == GATE
    assert not opens_admin(client)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_admin_sign_in_leads_to_no_other_site(client, target):
    sign_in_staff(client, make_staff())
    assert client.get("/admin/login/", {"next": target}).url == "/admin/"
    assert "evil" not in Client().get("/admin/login/", {"next": target}).headers["Location"]


def test_inactive_staff_and_former_staff_are_out_at_once(client):
    user = make_staff()
    sign_in_staff(client, user)
    assert opens_admin(client)
    User.objects.filter(pk=user.pk).update(is_staff=False)
    assert not opens_admin(client)
    User.objects.filter(pk=user.pk).update(is_staff=True, is_active=False)
    assert not opens_admin(client)


def test_reset_password_does_not_replace_the_factor(client, mailoutbox):
    make_staff(app=True)
    client.post("/accounts/password/reset/", {"email": "boss@example.org"})
    found = re.search(r"http://testserver(/\S+)", mailoutbox[-1].body)
    assert found
    form = client.get(found.group(1), follow=True)
    new = "another-horse-8"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not opens_admin(client)
    response = sign_in(client, "boss@example.org", new)
    assert response.redirect_chain[-1] == ("/accounts/2fa/authenticate/", 302)
    assert not opens_admin(client)


def test_signing_up_with_the_address_of_staff_opens_nothing(client):
    make_staff()
    sign_up(client, "boss@example.org", "another-horse-8")
    assert not opens_admin(client)
    assert User.objects.get().check_password(PASSWORD)


def test_gate_costs_other_pages_no_statement(client, django_assert_num_queries):
    sign_in_staff(client, make_staff())
    client.get("/accounts/")
    with django_assert_num_queries(1):
        client.get("/accounts/")


# --- The last factor --------------------------------------------------------------------


def test_staff_cannot_remove_the_app_when_it_is_all_they_have(client):
    user = make_staff()
    sign_in_staff(client, user)
    reauthenticate(client)
    url = "/accounts/2fa/totp/deactivate/"
    assert "keep at least one" in page_of(client.get(url))
    client.post(url)
    assert second_factor.is_enrolled(user)
    add_key(user)
    client.post(url)
    assert not Authenticator.objects.filter(type="totp").exists()


def test_staff_cannot_remove_the_last_passkey(client):
    user = make_staff()
    sign_in_staff(client, user)
    reauthenticate(client)
    Authenticator.objects.all().delete()
    first, second = add_key(user, "one"), add_key(user, "two")
    client.post(f"/accounts/2fa/webauthn/keys/{first.pk}/remove/")
    assert not Authenticator.objects.filter(pk=first.pk).exists()
    for send in (client.get, client.post):
        response = send(f"/accounts/2fa/webauthn/keys/{second.pk}/remove/", follow=True)
        assert "keep at least one" in page_of(response)
    assert Authenticator.objects.filter(pk=second.pk).exists()
    page = page_of(client.get("/accounts/2fa/webauthn/"))
    assert "remove/" not in page


def test_learner_may_remove_the_only_factor(client):
    user = make_user()
    key = add_key(user)
    client.force_login(user)
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert not Authenticator.objects.exists()


def test_nobody_removes_a_key_of_somebody_else(client):
    key = add_key(make_user())
    sign_in_staff(client, make_staff())
    reauthenticate(client)
    assert client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").status_code == 404
