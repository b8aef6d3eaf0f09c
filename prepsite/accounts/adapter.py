"""How django-allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.urls import reverse

from prepsite.accounts import browsers, mail, second_factor
from prepsite.accounts.models import User

PASSWORD, CODE, PASSKEY = "reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate:webauthn"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address; our own message says what a sign-in brought along."""

    SILENT = (
        "account/messages/logged_in.txt",
        "account/messages/logged_out.txt",
        "account/messages/email_confirmation_sent.txt",
    )

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "Too many failed attempts. Wait some minutes, then try again.",
        "rate_limited": "Too many attempts. Wait some minutes, then try again.",
    }

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

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the account: a form once more would look like a failure."""
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Lead staff on to the link for their second factor, for which the address counts."""
        user = self.request.user
        if isinstance(user, User) and user.is_staff and not second_factor.is_shown(self.request):
            return second_factor.gate_url(self.request, reverse("account"))
        return super().get_email_verification_redirect_url(email_address)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict]:
        """Return how the user confirms who they are, the best way here first.

        The password of a staff user with a second factor confirms nothing: else it could
        remove that factor or add one of its own.
        """
        methods = {entry["id"]: entry for entry in super().get_reauthentication_methods(user)}
        if not isinstance(user, User) or not methods:
            return []
        if user.is_staff and second_factor.is_enrolled(user):
            methods.pop(PASSWORD, None)
        order = [PASSWORD, PASSKEY, CODE]
        if not second_factor.passkey_site(self.request).works:
            order = [PASSWORD, CODE, PASSKEY]
        words = {
            PASSWORD: "Use your password",
            PASSKEY: "Use a passkey",
            CODE: "Use a code from your app, or a recovery code",
        }
        return [methods[key] | {"description": words[key]} for key in order if key in methods]

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address; that of a staff account is changed by a superuser only.

        A new address that somebody with the password had added before the account became
        staff's would receive the link for the second factor.
        """
        user = email_address.user
        if user.is_staff and email_address.email.lower() != user.email:
            return False
        return super().confirm_email(request, email_address)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Return a mail with the text of its template, and the same as HTML."""
        message = super().render_mail(template_prefix, email, context, headers)
        if isinstance(message, EmailMultiAlternatives):
            html = mail.as_html(str(message.subject), str(message.body))
            message.attach_alternative(html, "text/html")
        return message

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a user what changed, from which browser."""
        device = browsers.describe(self.get_http_user_agent(self.request))
        super().send_notification_mail(
            template_prefix, user, {"device": device} | (context or {}), email
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys and codes of an app, in the site's own name."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": (
            "Your account is protected by a second factor, so its address stays. To change"
            " it, first remove your passkeys and the app; staff ask an administrator."
        ),
        "cannot_delete_authenticator": (
            "Staff accounts keep at least one passkey or app. Add another one first."
        ),
        "cannot_generate_recovery_codes": "Add a passkey or an app first.",
        "incorrect_code": "This is not right. Try again with a fresh code.",
        "unverified_email": "Confirm your e-mail address first.",
    }

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as markup that may stand in the page: no picture from data."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse the last factor of a staff account."""
        return not (authenticator.user.is_staff and second_factor.is_last(authenticator))

    def generate_authenticator_name(self, *args: Any, **kwargs: Any) -> str:
        """Return the name proposed for a passkey: the browser that makes it."""
        return browsers.describe(self.request.headers.get("User-Agent", ""))
