"""Deleting an account: shown again who one is, confirmed, and then nothing leads back."""

import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from prepsite.accounts.models import Learner, Merge, User
from quizzes import stats
from quizzes.models import Answer, Attempt, KeyRuling, QuestionVersion, SeenQuestion, VersionStat
from tests.accounts.helpers import (
    PASSWORD,
    answer_one,
    make_question,
    make_user,
    page_of,
    sign_in,
    sign_up,
)
from tests.accounts.test_joining import answered
from tests.accounts.test_signing import is_signed_in

pytestmark = pytest.mark.django_db
EMAIL = "ann@example.org"


@pytest.fixture
def member(client: Client) -> Client:
    """A browser signed in to an account with an answer of its own and one it added."""
    make_question()
    make_question()
    elsewhere = Client()
    sign_up(elsewhere, EMAIL)
    answer_one(elsewhere)
    answer_one(client, "A")
    sign_in(client, EMAIL)
    return client


def confirm(client: Client, email: str = EMAIL) -> Any:
    """Send the form of the deletion page."""
    return client.post("/accounts/delete/", {"email": email})


def delete(client: Client, email: str = EMAIL) -> Any:
    """Confirm, and give the password where it is asked for."""
    asked = confirm(client, email)
    assert asked.url == "/accounts/reauthenticate/?next=%2Faccounts%2Fdelete%2F"
    return client.post(asked.url, {"password": PASSWORD}, follow=True)


def test_the_page_says_what_goes_and_what_stays_and_erases_nothing(member):
    page = page_of(member.get("/accounts/delete/"))
    assert "2 answers in 2 sessions" in page
    assert "What stays, without you" in page
    assert 'href="/accounts/export/"' in page
    assert User.objects.exists()


def test_the_password_is_asked_for_again_even_right_after_signing_in(member):
    asked = confirm(member)
    assert asked.url.startswith("/accounts/reauthenticate/")
    assert User.objects.exists()
    wrong = member.post(asked.url, {"password": "wrong"})
    assert wrong.status_code == 200
    assert User.objects.exists()


def test_the_account_and_all_that_leads_to_it_is_gone(member):
    other = Client()
    sign_up(other, "bob@example.org")
    answer_one(other)
    Authenticator.objects.create(
        user=User.objects.get(email=EMAIL), type="webauthn", data={"name": "Key"}
    )
    items = list(VersionStat.objects.order_by("pk").values())
    assert UserSession.objects.filter(user__email=EMAIL).count() == 2
    response = delete(member)
    assert response.redirect_chain[-1][0] == "/accounts/deleted/"
    assert "<h1>Your account is deleted</h1>" in page_of(response)
    bob = Learner.objects.get(user__email="bob@example.org")
    assert list(User.objects.values_list("email", flat=True)) == ["bob@example.org"]
    assert list(Learner.objects.all()) == [bob]
    assert not Merge.objects.exists()
    assert not EmailAddress.objects.filter(email=EMAIL).exists()
    assert not Authenticator.objects.exists()
    assert [row.user for row in UserSession.objects.all()] == [bob.user]
    assert set(SeenQuestion.objects.values_list("learner", flat=True)) == {bob.pk}
    # The answers stay for the statistics: without a learner, an origin or a time of day.
    orphans = Attempt.objects.filter(learner=None)
    assert orphans.count() == 2
    assert not orphans.exclude(merged_from=None, start_token=None).exists()
    for moment in Answer.objects.filter(attempt__in=orphans, answered_at__isnull=False):
        assert moment.answered_at
        assert moment.answered_at.time() == moment.answered_at.min.time()
    assert list(VersionStat.objects.order_by("pk").values()) == items
    stats.rebuild()
    assert list(VersionStat.objects.order_by("pk").values()) == items
    assert answered(other) == 1


def test_the_browser_is_left_empty_and_every_other_one_is_signed_out(member):
    elsewhere = Client()
    sign_in(elsewhere, EMAIL)
    assert is_signed_in(elsewhere)
    member.cookies["display"] = "dark.keys-on"
    delete(member)
    for name in ("learner", "display", "sessionid"):
        assert member.cookies[name].value == ""
    assert not Session.objects.exists()
    assert not is_signed_in(member)
    assert not is_signed_in(elsewhere)
    assert answered(elsewhere) == 0
    assert "error" in page_of(sign_in(Client(), EMAIL))


def test_what_was_erased_says_so_to_scripts_and_storage(member):
    asked = confirm(member)
    response = member.post(asked.url, {"password": PASSWORD})
    assert response.headers["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("email", ["", "bob@example.org", "ann", "\0", "ann@example.org.evil"])
def test_without_the_right_address_nothing_is_asked_and_nothing_goes(member, email):
    response = confirm(member, email)
    assert response.status_code == 422
    assert 'role="alert"' in page_of(response) or "errorlist" in page_of(response)
    assert User.objects.exists()


def test_the_address_may_be_cased_otherwise(member):
    assert "deleted" in page_of(delete(member, "Ann@Example.org"))
    assert not User.objects.exists()


def test_a_confirmation_that_is_too_old_is_asked_for_again(member):
    asked = confirm(member)
    member.post(asked.url, {"password": PASSWORD})
    assert not User.objects.exists()
    make_user("bob@example.org")
    sign_in(member, "bob@example.org")
    session = member.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() - 3600, "reauthenticated": True}
    ]
    session.save()
    assert confirm(member, "bob@example.org").url.startswith("/accounts/reauthenticate/")
    assert User.objects.exists()


def test_an_account_with_a_passkey_only_is_asked_for_the_passkey(client):
    user = make_user()
    user.set_unusable_password()
    user.save()
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "Key"})
    client.force_login(user)
    assert confirm(client).url.startswith("/accounts/2fa/webauthn/reauthenticate/")
    assert User.objects.exists()


def test_strangers_are_sent_to_sign_in(client):
    assert confirm(client).url.startswith("/accounts/login/")


def test_two_clicks_delete_one_account(member):
    delete(member)
    assert confirm(member).url.startswith("/accounts/login/")


def test_the_only_superuser_is_kept_with_a_reason(client):
    User.objects.create_superuser("boss@example.org", PASSWORD)
    User.objects.create_superuser("gone@example.org", PASSWORD, is_active=False)
    sign_in(client, "boss@example.org")
    response = delete(client, "boss@example.org")
    assert response.status_code == 422
    assert "You are the only superuser." in page_of(response)
    assert User.objects.filter(email="boss@example.org").exists()
    assert is_signed_in(client)
    User.objects.create_superuser("second@example.org", PASSWORD)
    assert confirm(client, "boss@example.org").url == "/accounts/deleted/"


def test_what_a_member_of_staff_wrote_stays_without_the_name(client):
    question = make_question()
    editor = make_user("editor@example.org", is_staff=True)
    QuestionVersion.objects.filter(question=question).update(created_by=editor)
    version = QuestionVersion.objects.get(question=question)
    KeyRuling.objects.create(version=version, credit_all=True, reason="Both hold.", by=editor)
    sign_in(client, "editor@example.org")
    assert "without your name" in page_of(client.get("/accounts/delete/"))
    delete(client, "editor@example.org")
    version.refresh_from_db()
    assert version.created_by is None
    assert KeyRuling.objects.get().by is None


def test_an_account_deleted_in_the_admin_ends_its_sessions_too(member):
    User.objects.get(email=EMAIL).delete()
    assert not Session.objects.exists()
    assert not is_signed_in(member)
    assert not Learner.objects.exists()


def test_an_account_without_any_progress_can_go_too(client):
    make_user()
    sign_in(client, EMAIL)
    Learner.objects.create(exam_date=timezone.localdate() + timedelta(days=9))
    assert "Your account is deleted" in page_of(delete(client))
    assert Learner.objects.count() == 1
