"""What is kept about an account beside its learner: taken along, and deleted."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Model

from prepsite.accounts import registry
from prepsite.accounts.models import Learner, User
from prepsite.accounts.registry import Tables, isoformat

# What the tables below hold. A test fails for a model of an account that is not here.
MODELS: tuple[type[Model], ...] = (User, EmailAddress, Authenticator, UserSession)


class LastSuperuser(Exception):
    """Without this account nobody could administer the site any more."""


def export(user: User) -> Tables:
    """Return everything kept about an account and its learner; never a secret of it."""
    learner = Learner.objects.filter(user=user).first()
    return {
        "account": [
            {
                "email": user.email,
                "joined_at": user.date_joined.isoformat(),
                "last_sign_in_at": isoformat(user.last_login),
                "has_password": user.has_usable_password(),
                "is_active": user.is_active,
                "is_staff": user.is_staff,
                "is_superuser": user.is_superuser,
                "groups": ", ".join(user.groups.order_by("name").values_list("name", flat=True)),
            }
        ],
        "email_addresses": [
            {"email": address.email, "verified": address.verified, "primary": address.primary}
            for address in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "passkeys_and_codes": [
            {
                "kind": key.type,
                "name": str(key),
                "added_at": key.created_at.isoformat(),
                "last_used_at": isoformat(key.last_used_at),
            }
            for key in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "open_sessions": [
            {
                "signed_in_at": session.created_at.isoformat(),
                "last_seen_at": session.last_seen_at.isoformat(),
                "ip_address": session.ip,
                "browser": session.user_agent,
            }
            for session in UserSession.objects.filter(user=user).order_by("pk")
        ],
        **(registry.export(learner) if learner else {}),
    }


@transaction.atomic
def delete(user: User) -> None:
    """Delete an account with all its sessions, and erase its learner.

    Raises LastSuperuser where nobody else could administer the site.
    """
    if user.is_superuser:
        # Two who leave at once must not each count on the other.
        superusers = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
        if not [other for other in superusers if other.pk != user.pk]:
            raise LastSuperuser
    user.delete()
