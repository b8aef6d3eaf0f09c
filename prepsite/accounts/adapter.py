"""How django-allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from prepsite.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address; our own message says what a sign-in brought along."""

    SILENT = (
        "account/messages/logged_in.txt",
        "account/messages/logged_out.txt",
        "account/messages/email_confirmation_sent.txt",
    )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template not in self.SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Users have no name beside their address."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys and codes of an app, in the site's own name."""

    def _get_site_name(self) -> str:
        return settings.SITE_NAME
