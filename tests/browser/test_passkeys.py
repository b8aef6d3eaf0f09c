"""Passkeys in a browser: made, used to sign in, to enter the admin and to confirm."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from playwright.sync_api import BrowserContext, Page, expect

from prepsite.accounts import second_factor
from prepsite.accounts.models import User
from tests.accounts.factors import make_staff
from tests.accounts.helpers import PASSWORD, make_user
from tests.browser.conftest import NewVisitor

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(context: BrowserContext) -> Page:
    """Return a page whose computer has a fingerprint reader."""
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def member(email: str = "ann@example.org") -> User:
    """Save a learner with an account whose address is confirmed."""
    user = make_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def sign_in_by_password(page: Page, email: str) -> None:
    """Fill in the sign-in form."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page) -> None:
    """Add a passkey on its page, which is open."""
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", level=1)).to_be_visible()


def sign_out(page: Page) -> None:
    """Sign out by the form."""
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile(r"/$"))


def test_passkey_is_made_and_signs_in_and_confirms_without_a_password(
    new_visitor: NewVisitor,
) -> None:
    user = member()
    page = with_device(new_visitor())
    sign_in_by_password(page, user.email)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    add_passkey(page)
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    sign_out(page)
    # From here on the account has a passkey only.
    user.set_unusable_password()
    user.save()
    page.goto("/accounts/login/?next=/accounts/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    page.goto("/accounts/2fa/recovery-codes/")
    expect(page.get_by_role("heading", name="Show that it is you")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.goto("/accounts/2fa/webauthn/")
    page.get_by_role("link", name=re.compile("Remove")).click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_account_with_a_passkey_only_is_deleted(new_visitor: NewVisitor) -> None:
    user = member()
    page = with_device(new_visitor())
    sign_in_by_password(page, user.email)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    add_passkey(page)
    sign_out(page)
    user.set_unusable_password()
    user.save()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(r"/progress/$"))
    page.goto("/accounts/delete/")
    page.get_by_label("Your e-mail address").fill(user.email)
    page.get_by_role("main").get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Show that it is you")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
    assert User.objects.exists()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    assert not User.objects.exists()
    assert not Authenticator.objects.exists()


def test_staff_enrol_through_the_link_and_enter_by_passkey(new_visitor: NewVisitor) -> None:
    user = make_staff()
    page = with_device(new_visitor())
    sign_in_by_password(page, user.email)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="One step before the workplace")).to_be_visible()
    page.goto(second_factor.link_path(user))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="A passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    add_passkey(page)
    page.get_by_role("link", name="On to the staff workplace").click()
    expect(page.get_by_role("heading", name="What needs doing")).to_be_visible()
    sign_out(page)
    page.goto("/admin/accounts/user/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(r"/admin/accounts/user/$"))


def test_password_and_passkey_together_sign_in(new_visitor: NewVisitor) -> None:
    user = make_staff()
    page = with_device(new_visitor())
    sign_in_by_password(page, user.email)
    page.goto(second_factor.link_path(user))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="A passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    add_passkey(page)
    sign_out(page)
    sign_in_by_password(page, user.email)
    expect(page.get_by_role("heading", name="Now your second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile(r"/progress/$"))
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="What needs doing")).to_be_visible()


def test_refusal_of_the_device_is_said_in_words(new_visitor: NewVisitor) -> None:
    member()
    page = with_device(new_visitor())
    page.goto("/accounts/login/")
    # The device holds no passkey yet, so the browser gives up.
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Try again.")


def test_without_javascript_pages_offer_the_app(new_visitor: NewVisitor) -> None:
    user = member()
    page = new_visitor(user, java_script_enabled=False).new_page()
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Add the passkey")).to_have_count(0)
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_label("Code that the app shows")).to_be_visible()
