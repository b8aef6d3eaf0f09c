"""How a member of staff gets the first second factor, and a new one after losing it."""

import re
import time
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from prepsite.accounts import second_factor
from prepsite.accounts.models import User
from tests.accounts.factors import (
    ENROLLING,
    GATE,
    GUARDED,
    RECOVERY,
    add_key,
    code,
    mailed_link,
    make_staff,
    opens_admin,
    reauthenticate,
    set_up_app,
)
from tests.accounts.helpers import PASSWORD, make_user, page_of, sign_in
from tests.staff import SECRET, sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", GUARDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_password_alone_reaches_no_page_that_changes_a_factor(client, url, method):
    make_staff()
    sign_in(client, "boss@example.org")
    response = getattr(client, method)(url)
    assert (response.status_code, response.url) == (302, GATE)


@pytest.mark.parametrize("url", [*GUARDED, "/accounts/2fa/webauthn/keys/{}/remove/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_old_session_cannot_add_remove_or_read_beside_the_factor(client, url, method):
    user = make_staff()
    sign_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    url = url.format(add_key(user).pk)
    response = getattr(client, method)(url)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/2fa/")
    assert "reauthenticate" in response.url
    assert Authenticator.objects.count() == 3


def test_mailed_link_lets_staff_enrol_and_enter(client, mailoutbox):
    make_staff()
    sign_in(client, "boss@example.org")
    response = client.post(GATE, follow=True)
    assert "on its way to boss@example.org" in page_of(response)
    (message,) = mailoutbox
    assert message.to == ["boss@example.org"]
    link = mailed_link(mailoutbox)
    assert "For <strong>boss@example.org" in page_of(client.get(link))
    assert client.get(ENROLLING[0]).url == GATE, "looking at the link was enough"
    assert "Choose your second factor" in page_of(client.post(link, follow=True))
    set_up_app(client)
    assert second_factor.is_enrolled(User.objects.get())
    assert opens_admin(client)
    assert "Recovery codes" in page_of(client.get(RECOVERY[0]))
    assert client.get(link).status_code == 410


def test_link_opens_nothing_before_the_factor_is_there(client):
    user = make_staff()
    sign_in(client, user.email)
    client.post(second_factor.link_path(user))
    client.get(ENROLLING[0])
    assert not opens_admin(client)
    assert client.get(RECOVERY[0]).url == GATE
    assert client.get("/accounts/email/").url == GATE


def test_link_asks_to_sign_in_first(client):
    link = second_factor.link_path(make_staff())
    response = client.get(link)
    assert response.url.startswith("/accounts/login/?next=/accounts/staff/link/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_link_of_another_is_refused(client, method):
    link = second_factor.link_path(make_staff("other@example.org"))
    sign_in(client, make_staff().email)
    response = getattr(client, method)(link)
    assert response.status_code == 410
    assert "does not work any more" in page_of(response)
    assert client.get(ENROLLING[0]).url == GATE


def test_link_is_void_after_an_hour_also_where_it_was_followed(client, monkeypatch):
    user = make_staff()
    sign_in(client, user.email)
    link = second_factor.link_path(user)
    client.post(link)
    monkeypatch.setattr(second_factor, "LINK_SECONDS", 0)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2)
    assert client.get(link).status_code == 410
    assert client.get(ENROLLING[0]).url == GATE


@pytest.mark.parametrize("change", ["password", "email", "factor"])
def test_link_is_void_when_what_it_stood_for_has_changed(change):
    user = make_staff()
    token = second_factor.link_path(user).split("/")[4]
    assert second_factor.is_link_of(token, user)
    if change == "password":
        user.set_password("another-horse-8")
    elif change == "email":
        user.email = "new@example.org"
    else:
        TOTP.activate(user, SECRET)
    assert not second_factor.is_link_of(token, user)


def test_forged_link_is_refused(client):
    user = make_staff()
    sign_in(client, user.email)
    for link in (second_factor.link_path(user)[:-3] + "x/", "/accounts/staff/link/x/"):
        assert client.get(link).status_code == 410


def test_gate_asks_for_a_confirmed_address_first(client, mailoutbox):
    user = make_staff()
    EmailAddress.objects.update(verified=False)
    sign_in(client, user.email)
    mailoutbox.clear()
    cache.clear()
    assert "is not confirmed yet" in page_of(client.get(GATE))
    client.post(GATE)
    assert mailoutbox[-1].subject == "Confirm your e-mail address"
    link = re.search(r"http://testserver(/\S+)", mailoutbox[-1].body)
    assert link
    assert client.post(link.group(1)).headers["Location"] == GATE
    assert "Send me the link" in page_of(client.get(GATE))


def test_staff_without_an_address_record_get_one_confirmed(client, mailoutbox):
    user = User.objects.create_superuser("boss@example.org", PASSWORD)
    client.force_login(user)
    client.post(GATE)
    assert mailoutbox[-1].to == ["boss@example.org"]


def test_link_from_an_operator_does_not_stand_in_for_a_confirmed_address(client):
    user = User.objects.create_superuser("boss@example.org", PASSWORD)
    client.force_login(user)
    page = client.post(second_factor.link_path(user), follow=True)
    assert "is not confirmed yet" in page_of(page)
    assert client.get(ENROLLING[0]).url == GATE


def test_address_of_a_protected_account_stays(client):
    user = make_staff(app=True)
    sign_in_staff(client, user)
    assert "An administrator can change it" in page_of(client.get("/accounts/email/"))
    reauthenticate(client)
    fields = {"email": "new@example.org", "action_add": ""}
    assert "its address stays" in page_of(client.post("/accounts/email/", fields))
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_link_is_mailed_to_the_confirmed_address_only_whoever_adds_another(client, mailoutbox):
    user = make_user("ann@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "thief@example.org", "action_add": ""})
    link = re.search(r"http://testserver(/\S+)", mailoutbox[-1].body)
    assert mailoutbox[-1].to == ["thief@example.org"]
    assert link
    User.objects.update(is_staff=True)
    client.post(link.group(1))
    user.refresh_from_db()
    assert user.email == "ann@example.org"
    mailoutbox.clear()
    client.post(GATE)
    assert {address for message in mailoutbox for address in message.to} <= {"ann@example.org"}


def test_gate_is_nobody_elses(client):
    assert client.get(GATE).url == f"/accounts/login/?next={GATE}"
    client.force_login(make_user())
    assert client.get(GATE).status_code == 404
    assert client.post(GATE).status_code == 404


def test_gate_lets_go_on_who_has_shown_the_factor(client):
    user = make_staff()
    sign_in_staff(client, user)
    assert client.get(GATE).url == "/admin/"
    other = Client()
    other.force_login(user)
    assert other.get(GATE).headers["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"


def test_learner_sets_up_an_app_without_any_link(client, mailoutbox):
    make_user()
    sign_in(client, "ann@example.org")
    EmailAddress.objects.update(verified=True)
    set_up_app(client)
    assert Authenticator.objects.filter(type="totp").exists()
    other = Client()
    response = sign_in(other, "ann@example.org")
    assert response.redirect_chain[-1] == ("/accounts/2fa/authenticate/", 302)


def test_command_prints_a_link_that_works(client, settings):
    make_staff()
    out = StringIO()
    call_command("staff_link", "Boss@example.org", stdout=out)
    link = out.getvalue().strip().removeprefix(settings.SITE_URL)
    sign_in(client, "boss@example.org")
    assert "Choose your second factor" in page_of(client.post(link, follow=True))


def test_command_says_why_there_is_no_link():
    with pytest.raises(CommandError, match="no account"):
        call_command("staff_link", "x@example.org")
    make_user()
    with pytest.raises(CommandError, match="not on the staff"):
        call_command("staff_link", "ann@example.org")
    make_staff(app=True)
    with pytest.raises(CommandError, match="already"):
        call_command("staff_link", "boss@example.org")


def act(client: Client, action: str, *users: User, **fields: str) -> str:
    """Run an action of the admin's user list on these users and return the page."""
    data = {"action": action, "_selected_action": [user.pk for user in users]} | fields
    return page_of(client.post("/admin/accounts/user/", data, follow=True))


def test_admin_sends_the_link_to_whom_it_helps(client, mailoutbox):
    boss = make_staff()
    sign_in_staff(client, boss)
    new, learner = make_staff("new@example.org"), make_user()
    unconfirmed = make_user("late@example.org", is_staff=True)
    page = act(client, "send_staff_link", boss, new, learner, unconfirmed)
    assert [message.to for message in mailoutbox] == [["new@example.org"]]
    for text in ("already", "not on the staff", "not confirmed"):
        assert text in page
    other = Client()
    sign_in(other, "new@example.org")
    assert "Choose your" in page_of(other.post(mailed_link(mailoutbox), follow=True))


def test_superuser_frees_a_user_from_lost_factors(client, mailoutbox):
    boss, lost = make_staff(), make_staff("lost@example.org", app=True)
    sign_in_staff(client, boss)
    phone = Client()
    sign_in(phone, lost.email)
    phone.post("/accounts/2fa/authenticate/", {"code": code()})
    assert opens_admin(phone)
    assert "Yes, remove them" in act(client, "remove_second_factors", lost)
    assert second_factor.is_enrolled(lost)
    act(client, "remove_second_factors", lost, boss, confirmed="yes")
    assert not Authenticator.objects.filter(user=lost).exists()
    assert second_factor.is_enrolled(boss)
    assert not opens_admin(phone)
    assert [(m.to, m.subject) for m in mailoutbox] == [
        (["lost@example.org"], "Your second factor was removed")
    ]
    entry = LogEntry.objects.get(object_id=str(lost.pk))
    assert entry.get_change_message() == "Removed all second factors."


def test_only_superusers_remove_factors(client):
    lost = make_staff("lost@example.org", app=True)
    helper = make_user("helper@example.org", is_staff=True)
    helper.user_permissions.add(*permissions_on_users())
    sign_in_staff(client, helper)
    assert "remove_second_factors" not in page_of(client.get("/admin/accounts/user/"))
    act(client, "remove_second_factors", lost, confirmed="yes")
    assert second_factor.is_enrolled(lost)


def permissions_on_users():
    """Return the permissions to see and change users."""
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=["view_user", "change_user"])


def test_admin_shows_who_has_a_factor_in_one_statement(client, django_assert_max_num_queries):
    sign_in_staff(client, make_staff())
    for number in range(10):
        make_user(f"p{number}@example.org")
    with django_assert_max_num_queries(8):
        page = page_of(client.get("/admin/accounts/user/"))
    assert page.count("icon-no.svg") >= 10
    assert "Second factor" in page


@pytest.mark.parametrize("model", ["mfa/authenticator", "usersessions/usersession"])
def test_admin_shows_no_secret_of_an_app(client, model):
    sign_in_staff(client, make_staff())
    assert client.get(f"/admin/{model}/").status_code == 404
