from allauth.account.views import email
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from prepsite.accounts.views import data, joined, profile, sessions, staff

urlpatterns = [
    path("", profile.account, name="account"),
    path("exam-date/", profile.exam_date, name="exam-date"),
    path("undo/", joined.undo, name="account-undo"),
    path("export/", data.export, name="account-export"),
    path("export/<slug:file_format>/", data.download, name="account-download"),
    path("forget/", data.forget, name="account-forget"),
    path("delete/", data.delete, name="account-delete"),
    path("deleted/", data.deleted, name="account-deleted"),
]

_factor_first = staff.factor_first
_enrols_first = staff.enrols_first

# Second factor and sessions: the gate of the staff, and allauth's pages behind a guard.
urlpatterns += [
    path("staff/", staff.gate, name="staff-gate"),
    path("staff/link/<str:token>/", staff.link, name="staff-link"),
    path("sessions/", sessions.sessions, name="usersessions_list"),
    path("email/", _factor_first(email), name="account_email"),
    path("2fa/totp/activate/", _enrols_first(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", _factor_first(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", _enrols_first(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "2fa/webauthn/keys/<int:pk>/remove/",
        _factor_first(staff.keeps_last(webauthn.remove_webauthn)),
        name="mfa_remove_webauthn",
    ),
    path(
        "2fa/webauthn/keys/<int:pk>/edit/",
        _factor_first(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "2fa/recovery-codes/",
        _factor_first(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        _factor_first(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        _factor_first(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
