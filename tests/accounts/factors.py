"""Staff, apps and keys for the tests of the second factor."""

import re
import time

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from prepsite.accounts.models import User
from tests.accounts.helpers import PASSWORD
from tests.staff import SECRET

GATE = "/accounts/staff/"
ENROLLING = ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]
RECOVERY = [
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/recovery-codes/download/",
]
GUARDED = [*ENROLLING, *RECOVERY, "/accounts/2fa/totp/deactivate/", "/accounts/email/"]
# What a browser sent for a passkey of a device that existed in a test only.
CREDENTIAL = {
    "type": "public-key",
    "id": "KIXrjaWnKwiTjEbGhCh7FJpGXQ6_KW-LCYAE_XhSzxQ",
    "rawId": "KIXrjaWnKwiTjEbGhCh7FJpGXQ6_KW-LCYAE_XhSzxQ",
    "response": {
        "clientDataJSON": (
            "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiSU1aUTc4MW4xdHMwVmFDTU91ZDk1X2lk"
            "ejFZdm5YX3lLSWNXa0x4VlBZcyIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6MzM0MzciLCJjcm9zc09y"
            "aWdpbiI6ZmFsc2V9"
        ),
        "attestationObject": (
            "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NF"
            "AAAAAQECAwQFBgcIAQIDBAUGBwgAICiF642lpysIk4xGxoQoexSaRl0OvylviwmABP14Us8UpQECAyYgASFY"
            "IFjIfj5YVrvGFsJEkJzLvcTQGwYfRBH1aQumIA6IyqpRIlggMh__BpdiT9qVS-Yanu12SyAidJsEM7IPvCaV"
            "SfhILsY"
        ),
        "transports": ["internal"],
    },
    "clientExtensionResults": {"credProps": {"rk": True}},
}
ADMIN = ["/admin/", "/admin/accounts/user/", "/admin/guide/", "/admin/jsi18n/"]


def code(secret: str = SECRET) -> str:
    """Return what an app with this secret shows now, though it was used a moment ago."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def make_staff(email: str = "boss@example.org", *, app: bool = False) -> User:
    """Save a superuser with a confirmed address, with or without an app."""
    user = User.objects.create_superuser(email, PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if app:
        TOTP.activate(user, SECRET)
        RecoveryCodes.activate(user)
    return user


def add_key(user: User, name: str = "Key") -> Authenticator:
    """Save a passkey that no device holds any more."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": CREDENTIAL}
    )


def opens_admin(client: Client) -> bool:
    """Tell whether any page of the admin opens; each is tried."""
    answers = {client.get(url).status_code for url in ADMIN}
    assert len(answers) == 1, answers
    return answers == {200}


def mailed_link(mailoutbox) -> str:
    """Return the path of the link in the last mail."""
    found = re.search(r"http://testserver(/accounts/staff/link/\S+)", mailoutbox[-1].body)
    assert found
    return found.group(1)


def set_up_app(client: Client) -> None:
    """Set an app up on its page, confirming with the password where that is asked for."""
    page = client.get(ENROLLING[0], follow=True)
    if page.redirect_chain:
        url, _ = page.redirect_chain[-1]
        page = client.post(url, {"password": PASSWORD, "next": ENROLLING[0]}, follow=True)
    secret = client.session["mfa.totp.secret"]
    client.post(ENROLLING[0], {"code": code(secret)})


def reauthenticate(client: Client) -> None:
    """Show the app's code once more, as pages that change a factor ask."""
    response = client.post("/accounts/2fa/reauthenticate/", {"code": code()})
    assert response.status_code == 302
