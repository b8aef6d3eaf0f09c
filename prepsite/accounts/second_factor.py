"""The second factor: who has one, whether this session has shown it, and how staff get theirs.

The password of a staff member alone opens nothing. Whoever stole only that must not be
able to enrol a factor of their own either, so the first one of a staff account takes a
signed link that went to the account's mailbox, or that an operator printed.
"""

import ipaddress
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode

from prepsite.accounts import browsers
from prepsite.accounts.models import User

# Recovery codes stand in for a lost factor; alone they are none.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
LINK_SECONDS = 60 * 60
_LINK_SALT = "prepsite.accounts.staff-link"
_LINK_SESSION_KEY = "staff_link"


def is_enrolled(user: User) -> bool:
    """Tell whether the user has a passkey or an app; costs one statement."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def is_last(authenticator: Authenticator) -> bool:
    """Tell whether nothing but recovery codes would be left without it."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return authenticator.type in FACTORS and not others.exclude(pk=authenticator.pk).exists()


def is_shown(request: HttpRequest) -> bool:
    """Tell whether this very session was opened or confirmed with its user's second factor.

    Reads the session alone: no statement. A session from before the factor, or the trace
    of another user in the same browser, does not count.
    """
    user = request.user if request.user.is_authenticated else None
    return any(
        record.get("method") == "mfa" for record in get_authentication_records(request, user)
    )


def has_confirmed_address(user: User) -> bool:
    """Tell whether the address that the account is known by is proven to be the user's."""
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


# --- The link for the first factor of a staff account ---------------------------------


def link_path(user: User) -> str:
    """Return the address, without scheme and host, that lets a staff user enrol for an hour."""
    token = signing.dumps(_purpose(user), salt=_LINK_SALT)
    return reverse("staff-link", args=[token])


def send_link(request: HttpRequest, user: User) -> None:
    """Mail the link to the address that the account is known by."""
    url = request.build_absolute_uri(link_path(user))
    get_adapter().send_mail("account/email/staff_link", user.email, {"staff_link_url": url})


def is_link_of(token: str, user: User) -> bool:
    """Tell whether the link is this user's, not an hour old, and its purpose still open."""
    try:
        purpose = signing.loads(token, salt=_LINK_SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        return False
    return constant_time_compare(purpose, _purpose(user)) and not is_enrolled(user)


def _purpose(user: User) -> str:
    """Return what names the user, and changes with password or address: both void the link."""
    stands_for = f"{user.pk}|{user.password}|{user.email}"
    return salted_hmac(_LINK_SALT, stands_for, algorithm="sha256").hexdigest()


def follow_link(request: HttpRequest, token: str) -> None:
    """Let this session enrol the first factor for as long as the link is good."""
    request.session[_LINK_SESSION_KEY] = token


def may_enrol_first(request: HttpRequest) -> bool:
    """Tell whether this session followed a link that is still good for its user."""
    token = request.session.get(_LINK_SESSION_KEY, "")
    return (
        isinstance(request.user, User)
        and is_link_of(token, request.user)
        and has_confirmed_address(request.user)
    )


def note_first(request: HttpRequest) -> None:
    """Count a factor that was just enrolled as shown: its code or touch has been checked."""
    user = request.user
    factor = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).first()
    if factor and isinstance(user, User):
        request.session.pop(_LINK_SESSION_KEY, None)
        record_authentication(request, user, "mfa", id=factor.pk, type=factor.type)


# --- Losing it ------------------------------------------------------------------------


@transaction.atomic
def remove_all(user: User) -> None:
    """Remove every factor, recovery code and session of a user, and tell them by mail.

    The sessions go too: one of them may be open on the telephone that was lost.
    """
    Authenticator.objects.filter(user=user).delete()
    browsers.end_sessions(user)
    get_adapter().send_mail("account/email/second_factor_removed", user.email, {})


# --- The way in, and where passkeys work ----------------------------------------------


@dataclass(frozen=True)
class PasskeySite:
    """Whether browsers make passkeys for an address, and the address to take instead."""

    works: bool
    address: str
    instead: str


def passkey_site(request: HttpRequest) -> PasskeySite:
    """Return whether passkeys work where this request came in.

    Browsers bind a passkey to a name, never to an IP address, and want https for every
    name but localhost.
    """
    host, _, port = request.get_host().rpartition(":")
    if not host or port.endswith("]"):
        host, port = request.get_host(), ""
    address = f"{request.scheme}://{request.get_host()}"
    try:
        ip = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
        return PasskeySite(request.is_secure() or local, address, "")
    local_name = f"{request.scheme}://localhost{':' + port if port else ''}"
    return PasskeySite(False, address, local_name if ip.is_loopback else "")


def gate_url(request: HttpRequest, after: str) -> str:
    """Return where a staff user goes who has not shown the second factor in this session.

    Whoever has one shows it and goes on to ``after``; whoever has none learns how to get one.
    """
    user = request.user
    if not isinstance(user, User) or not is_enrolled(user):
        return reverse("staff-gate")
    method = get_adapter().get_reauthentication_methods(user)[0]
    return f"{method['url']}?{urlencode({'next': after})}"
