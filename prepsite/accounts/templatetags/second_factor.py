"""What the pages of the second factor ask about the request and its user."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import template

from prepsite.accounts import second_factor
from prepsite.accounts.models import User

register = template.Library()


@register.simple_tag(takes_context=True)
def passkey_site(context: dict[str, Any]) -> second_factor.PasskeySite:
    """Return whether passkeys work at the address that the page was asked for."""
    return second_factor.passkey_site(context["request"])


@register.simple_tag(takes_context=True)
def may_manage_factors(context: dict[str, Any]) -> bool:
    """Tell whether the pages that change a factor are open, without the gate of the staff."""
    request = context["request"]
    return not request.user.is_staff or second_factor.is_shown(request)


@register.filter
def is_protected(user: User) -> bool:
    """Tell whether the user has a second factor."""
    return second_factor.is_enrolled(user)


@register.filter
def is_removable(authenticator: Authenticator) -> bool:
    """Tell whether the user may remove this factor."""
    return get_adapter().can_delete_authenticator(authenticator)


@register.filter
def in_groups(secret: str) -> str:
    """Return a long secret in groups of four, as people type it."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
