"""Staff at work in tests: signed in, with the second factor that the admin asks for."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.test import Client

from prepsite.accounts.models import User


def sign_in_staff(client: Client, user: User) -> None:
    """Sign a member of staff in as if password and second factor had just been given."""
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "only for tests"}}
    )
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "email": user.email},
        {"method": "mfa", "at": time.time(), "type": "totp", "reauthenticated": False},
    ]
    session.save()
