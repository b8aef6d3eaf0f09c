"""How pages look to this browser: one readable cookie that scripts and the server share.

It reads like ``dark.keys-off``: the theme, then whether keyboard shortcuts are on. It
holds no more than that, so it may stand in a browser without an account; static/js/theme.js
writes the same.
"""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE_NAME = "display"
COOKIE_SECONDS = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")

# What the response must carry: choices to write, or None to drop the cookie.
_PENDING = "_display_cookie"


class Display(NamedTuple):
    """What somebody chose; untouched, the device's theme and shortcuts."""

    theme: str = "auto"
    shortcuts: bool = True


def chosen(request: HttpRequest) -> Display:
    """Return what the request's cookie says; whatever it says oddly is as untouched."""
    theme, _, keys = request.COOKIES.get(COOKIE_NAME, "").partition(".")
    return Display(theme if theme in THEMES else "auto", keys != "keys-off")


def keep(request: HttpRequest, display: Display) -> None:
    """Let this browser show pages so from now on."""
    setattr(request, _PENDING, display)


def forget(request: HttpRequest) -> None:
    """Take the choices out of this browser."""
    setattr(request, _PENDING, None)


def write_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set or delete the cookie as this request decided."""
    if not hasattr(request, _PENDING):
        return
    display: Display | None = getattr(request, _PENDING)
    if display is None or display == Display():
        if COOKIE_NAME in request.COOKIES:
            response.delete_cookie(COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        COOKIE_NAME,
        f"{display.theme}.{'keys-on' if display.shortcuts else 'keys-off'}",
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
