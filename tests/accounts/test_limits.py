"""Guessing and flooding are stopped, with a page that says so; the client's address counts."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from tests.accounts.factors import code, make_staff
from tests.accounts.helpers import PASSWORD, make_user, page_of, sign_in, sign_up
from tests.staff import SECRET

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"


def says_wait(response) -> bool:
    """Tell whether this is the readable page that asks to wait."""
    page = page_of(response)
    assert "Traceback" not in page
    return response.status_code == 429 and "Please wait a little" in page


def test_guessing_one_password_is_stopped_and_the_address_stays_typed_in(client):
    make_user()
    pages = [sign_in(client, "ann@example.org", f"guess-{number}") for number in range(6)]
    assert "not correct" in page_of(pages[4])
    last = page_of(pages[5])
    assert "Too many failed attempts. Wait some minutes" in last
    assert 'value="ann@example.org"' in last
    assert "guess-5" not in last
    assert "Too many failed" in page_of(sign_in(client, "ann@example.org", PASSWORD))
    # From another place the account is guarded all the same.
    other = Client(REMOTE_ADDR="203.0.113.7")
    assert "Too many failed" in page_of(sign_in(other, "ann@example.org", PASSWORD))


def test_guessing_many_accounts_from_one_place_is_stopped(client):
    pages = [sign_in(client, f"p{number}@example.org", "guess") for number in range(11)]
    assert "Too many failed" in page_of(pages[10])
    make_user()
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert sign_in(elsewhere, "ann@example.org").redirect_chain[-1][0] == "/progress/"


def test_a_new_password_by_mail_ends_the_wait(client, mailoutbox):
    make_user()
    for number in range(6):
        sign_in(client, "ann@example.org", f"guess-{number}")
    client.post(RESET, {"email": "ann@example.org"})
    link = next(word for word in mailoutbox[-1].body.split() if "/reset/key/" in word)
    form = client.get(link.removeprefix("http://testserver"), follow=True)
    new = "another-horse-8"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert sign_in(client, "ann@example.org", new).redirect_chain[-1][0] == "/progress/"


def test_signing_up_in_masses_is_stopped():
    answers = [sign_up(Client(), f"p{number}@example.org", "x") for number in range(11)]
    assert answers[9].status_code == 200
    assert says_wait(answers[10])


def test_one_mailbox_gets_three_reset_mails_in_ten_minutes(mailoutbox):
    make_user()
    answers = [Client().post(RESET, {"email": "Ann@example.org"}) for _ in range(4)]
    assert says_wait(answers[3])
    assert len(mailoutbox) == 3
    assert Client().post(RESET, {"email": "bob@example.org"}).status_code == 302


def test_guessing_at_reauthentication_is_stopped(client):
    make_user()
    sign_in(client, "ann@example.org")
    send = [client.post("/accounts/reauthenticate/", {"password": "guess"}) for _ in range(11)]
    assert send[4].status_code == 200
    assert says_wait(send[10])


def test_guessing_codes_is_stopped_also_in_a_new_sign_in(client):
    TOTP.activate(make_user(), SECRET)
    sign_in(client, "ann@example.org")
    url = "/accounts/2fa/authenticate/"
    pages = [client.post(url, {"code": f"00000{number}"}) for number in range(6)]
    assert "This is not right" in page_of(pages[4])
    assert "Too many failed attempts" in page_of(pages[5])
    again = Client(REMOTE_ADDR="203.0.113.7")
    sign_in(again, "ann@example.org")
    assert "Too many failed attempts" in page_of(again.post(url, {"code": "123456"}))


def test_setting_an_app_up_allows_no_guessing_either(client):
    user = make_user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    url = "/accounts/2fa/totp/activate/"
    client.get(url)
    pages = [client.post(url, {"code": "12345"}) for _ in range(6)]
    assert "Too many attempts" in page_of(pages[5])


def test_staff_links_are_mailed_three_times_in_a_quarter_of_an_hour(client, mailoutbox):
    sign_in(client, make_staff().email)
    answers = [client.post("/accounts/staff/") for _ in range(4)]
    assert [answer.status_code for answer in answers[:3]] == [302] * 3
    assert says_wait(answers[3])
    assert len(mailoutbox) == 3
    assert client.get("/accounts/staff/").status_code == 200


def test_addresses_are_not_tried_in_masses(client, mailoutbox):
    sign_in(client, make_user().email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    mailoutbox.clear()
    fields = {"action_add": ""}
    answers = [
        client.post("/accounts/email/", fields | {"email": f"p{number}@example.org"})
        for number in range(6)
    ]
    assert answers[4].status_code == 302
    assert says_wait(answers[5])
    assert len(mailoutbox) == 5


def test_changing_the_password_by_guessing_the_old_one_is_stopped(client):
    make_user()
    sign_in(client, "ann@example.org")
    fields = {"oldpassword": "guess", "password1": "another-8", "password2": "another-8"}
    answers = [client.post("/accounts/password/change/", fields) for _ in range(6)]
    assert says_wait(answers[5])


def test_passkey_sign_ins_are_limited_by_place():
    url = "/accounts/2fa/webauthn/login/"
    answers = [Client().post(url, {"credential": "{}"}) for _ in range(11)]
    assert says_wait(answers[10])


def test_behind_a_proxy_the_client_counts_and_cannot_choose_its_address(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def sign_up_from(forwarded: str) -> int:
        client = Client(REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
        status: int = sign_up(client, "x", "x").status_code
        return status

    for number in range(10):
        assert sign_up_from(f"198.51.100.{number}, 203.0.113.7") == 200
    assert sign_up_from("198.51.100.99, 203.0.113.7") == 429
    assert sign_up_from("203.0.113.7, 203.0.113.8") == 200


def test_right_code_works_after_some_wrong_ones(client):
    TOTP.activate(make_user(), SECRET)
    sign_in(client, "ann@example.org")
    for _ in range(3):
        client.post("/accounts/2fa/authenticate/", {"code": "1"})
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/accounts/").status_code == 200
