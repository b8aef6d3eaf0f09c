"""Signing up, in and out, and the way back in with a forgotten password."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from prepsite.accounts.models import User
from tests.accounts.helpers import PASSWORD, make_user, page_of, sign_in, sign_up

pytestmark = pytest.mark.django_db
SIGNED_IN = "You are signed in as"


def is_signed_in(client: Client) -> bool:
    """Tell whether the account page opens."""
    response = client.get("/accounts/")
    return response.status_code == 200 and SIGNED_IN in page_of(response)


def test_signing_up_makes_an_account_and_signs_in(client):
    response = sign_up(client, "New@Example.org")
    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == "/progress/"
    assert User.objects.get().email == "new@example.org"
    assert is_signed_in(client)


def test_signing_up_sends_a_link_that_confirms_the_address(client, mailoutbox):
    sign_up(client, "new@example.org")
    (message,) = mailoutbox
    assert message.to == ["new@example.org"]
    assert message.subject == "Confirm your e-mail address"
    link = re.search(r"http://testserver(/\S+)", message.body)
    assert link
    page = client.get(link.group(1))
    assert page.status_code == 200
    client.post(link.group(1))
    assert EmailAddress.objects.get().verified


@pytest.mark.parametrize(
    ("email", "password", "complaint"),
    [
        ("not-an-address", PASSWORD, "valid email address"),
        ("new@example.org", "short", "too short"),
        ("new@example.org", "password", "too common"),
        ("new@example.org", "9482716350", "entirely numeric"),
        ("someone.long@example.org", "someone.long", "too similar"),
        ("", PASSWORD, "required"),
    ],
)
def test_signing_up_says_what_is_wrong(client, email, password, complaint):
    response = sign_up(client, email, password)
    assert response.status_code == 200
    assert complaint in page_of(response)
    assert not User.objects.exists()
    assert not is_signed_in(client)


def test_a_taken_address_makes_no_second_account(client):
    make_user("ann@example.org")
    response = sign_up(client, "ANN@example.org", "another-horse-8")
    assert "already registered" in page_of(response)
    assert User.objects.get().check_password(PASSWORD)
    assert not is_signed_in(client)


def test_signing_in_leads_to_progress(client):
    make_user()
    response = sign_in(client, "ANN@example.org")
    assert response.redirect_chain[-1][0] == "/progress/"
    assert is_signed_in(client)


def test_signing_in_leads_where_one_wanted_to_go(client):
    make_user()
    response = client.post(
        "/accounts/login/?next=/practice/",
        {"login": "ann@example.org", "password": PASSWORD, "next": "/practice/"},
    )
    assert response.url == "/practice/"


def test_signing_in_leads_to_no_other_site(client):
    make_user()
    response = client.post(
        "/accounts/login/",
        {"login": "ann@example.org", "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert response.url == "/progress/"


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org"])
def test_a_wrong_password_and_a_wrong_address_look_alike(client, email):
    make_user()
    response = sign_in(client, email, "wrong-password")
    assert response.status_code == 200
    assert "not correct" in page_of(response)
    assert 'role="alert"' in page_of(response)
    assert not is_signed_in(client)


def test_an_inactive_account_cannot_sign_in(client):
    make_user(is_active=False)
    sign_in(client, "ann@example.org")
    assert not is_signed_in(client)


def test_an_account_made_inactive_is_out_at_once(client):
    user = make_user()
    sign_in(client, "ann@example.org")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_signed_in(client)


def test_signing_out_takes_a_form_and_ends_the_session(client):
    make_user()
    sign_in(client, "ann@example.org")
    assert "Sign out" in page_of(client.get("/accounts/logout/"))
    assert is_signed_in(client)
    response = client.post("/accounts/logout/")
    assert response.url == "/"
    assert not is_signed_in(client)


def test_the_account_page_asks_strangers_to_sign_in(client):
    response = client.get("/accounts/")
    assert response.status_code == 302
    assert response.url == "/accounts/login/?next=/accounts/"


def test_a_forgotten_password_is_replaced_by_the_mailed_link(client, mailoutbox):
    make_user()
    asked = client.post("/accounts/password/reset/", {"email": "Ann@example.org"}, follow=True)
    assert "Look into your mail" in page_of(asked)
    (message,) = mailoutbox
    assert message.to == ["ann@example.org"]
    assert message.subject == "Choose a new password"
    link = re.search(r"http://testserver(/\S+)", message.body)
    assert link
    form = client.get(link.group(1), follow=True)
    assert "Choose a new password" in page_of(form)
    new = "another-horse-8"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in page_of(done)
    other = Client()
    sign_in(other, "ann@example.org", PASSWORD)
    assert not is_signed_in(other)
    sign_in(other, "ann@example.org", new)
    assert is_signed_in(other)
    used = Client().get(link.group(1), follow=True)
    assert "This link has been used" in page_of(used)


def test_asking_for_an_unknown_address_looks_the_same(client, mailoutbox):
    asked = client.post("/accounts/password/reset/", {"email": "x@example.org"}, follow=True)
    assert "Look into your mail" in page_of(asked)
    assert [message.subject for message in mailoutbox] == ["No account with this address"]


def test_guessing_passwords_is_stopped(client):
    make_user()
    pages = [sign_in(client, "ann@example.org", f"guess-{number}") for number in range(7)]
    last = page_of(pages[-1])
    assert pages[-1].status_code == 429 or "Too many failed" in last
    assert "Traceback" not in last
    right = sign_in(client, "ann@example.org")
    assert "Traceback" not in page_of(right)
    assert not is_signed_in(client)


def test_many_sign_in_forms_a_minute_answer_429(client):
    answers = [sign_in(client, f"p{number}@example.org", "guess") for number in range(31)]
    assert answers[-1].status_code == 429
    assert "Traceback" not in page_of(answers[-1])


def test_changing_the_password_needs_the_old_one(client):
    make_user()
    sign_in(client, "ann@example.org")
    new = {"password1": "another-horse-8", "password2": "another-horse-8"}
    client.post("/accounts/password/change/", {"oldpassword": "wrong"} | new)
    assert User.objects.get().check_password(PASSWORD)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD} | new)
    assert User.objects.get().check_password("another-horse-8")
    assert is_signed_in(client)


def test_one_request_of_a_signed_in_learner_costs_one_statement_for_the_account(
    client, django_assert_num_queries
):
    make_user()
    sign_in(client, "ann@example.org")
    client.get("/accounts/")
    with django_assert_num_queries(1):
        client.get("/accounts/")
