"""allauth's forms in our words: labels that say what to type, and no placeholders."""

from typing import Any, ClassVar

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms

# Long enough for any name that tells two keys apart.
NAME_LENGTH = 60


class InPlainWords(forms.Form):
    """Puts our labels and hints in place of allauth's."""

    labels: ClassVar[dict[str, str]]
    hints: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.labels.items():
            field = self.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            if name in self.hints:
                field.help_text = self.hints[name]


class ChangePasswordForm(InPlainWords, account_forms.ChangePasswordForm):
    labels: ClassVar = {
        "oldpassword": "Current password",
        "password1": "New password",
        "password2": "New password again",
    }


class SetPasswordForm(InPlainWords, account_forms.SetPasswordForm):
    labels: ClassVar = {"password1": "Password", "password2": "Password again"}


class ResetPasswordKeyForm(InPlainWords, account_forms.ResetPasswordKeyForm):
    labels: ClassVar = {"password1": "New password", "password2": "New password again"}


class AddEmailForm(InPlainWords, account_forms.AddEmailForm):
    labels: ClassVar = {"email": "New e-mail address"}


class _CodeInput(InPlainWords):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class ActivateAppForm(_CodeInput, ActivateTOTPForm):
    labels: ClassVar = {"code": "Code that the app shows"}


class CodeForm(_CodeInput, code_forms.AuthenticateForm):
    labels: ClassVar = {"code": "Code"}
    hints: ClassVar = {"code": "The six digits that your app shows, or a recovery code."}


class ConfirmByCodeForm(_CodeInput, code_forms.ReauthenticateForm):
    labels: ClassVar = {"code": "Code"}
    hints: ClassVar = CodeForm.hints


# What allauth raises on JSON that is no answer of a passkey. Nobody's browser sends such.
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError)


class _CheckedPasskey(forms.Form):
    """Refuses a malformed answer at the field, where allauth would fail."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except _MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(_CheckedPasskey, passkey_forms.LoginWebAuthnForm):
    pass


class PasskeyForm(_CheckedPasskey, passkey_forms.AuthenticateWebAuthnForm):
    pass


class ConfirmByPasskeyForm(_CheckedPasskey, passkey_forms.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(InPlainWords, passkey_forms.AddWebAuthnForm):
    name = forms.CharField(required=False, max_length=NAME_LENGTH)
    labels: ClassVar = {"name": "Name", "passwordless": "Sign in with it instead of a password"}
    hints: ClassVar = {
        "name": "So that you can tell it from others later.",
        "passwordless": "Turn this off only for a security key without a PIN.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any] | None:
        try:
            return super().clean()
        except _MALFORMED as error:
            raise get_adapter().validation_error("incorrect_code") from error


class RenamePasskeyForm(InPlainWords, passkey_forms.EditWebAuthnForm):
    name = forms.CharField(max_length=NAME_LENGTH)
    labels: ClassVar = {"name": "Name"}
