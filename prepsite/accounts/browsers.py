"""Where a user is signed in: each browser in plain words, and the end of its session."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from prepsite.accounts.models import User

# The first mark that stands in a user agent counts: most name several browsers.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def describe(user_agent: str) -> str:
    """Return browser and system of a user agent, such as "Firefox on Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or (f"A browser on {system}" if system else "An unknown browser")


@dataclass(frozen=True)
class SignedIn:
    """One browser that is signed in; ``place`` is the IP address it signed in from."""

    pk: int
    device: str
    place: str
    since: datetime
    is_this: bool


def signed_in(user: User, this_key: str | None, now: datetime) -> list[SignedIn]:
    """Return where the user is signed in, this browser first, then the newest.

    A session that has run out, or whose password has been changed since, is none. Costs
    two statements however many there are.
    """
    entries = list(UserSession.objects.filter(user=user).order_by("-created_at"))
    rows = Session.objects.filter(
        session_key__in=[entry.session_key for entry in entries], expire_date__gt=now
    )
    password = user.get_session_auth_hash()
    alive = {
        row.session_key
        for row in rows
        if constant_time_compare(row.get_decoded().get(HASH_SESSION_KEY, ""), password)
    }
    found = [
        SignedIn(
            pk=entry.pk,
            device=describe(entry.user_agent),
            place=entry.ip,
            since=entry.created_at,
            is_this=entry.session_key == this_key,
        )
        for entry in entries
        if entry.session_key in alive
    ]
    return sorted(found, key=lambda entry: not entry.is_this)


def end_sessions(user: User, *, keep: str | None = None, only: str | None = None) -> int:
    """End sessions of the user but the one whose key is ``keep``; return how many ended.

    ``only`` names one by its number in ``signed_in``, as it came from a form. The next
    request of an ended session is anonymous.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ended = 0
    for entry in UserSession.objects.filter(user=user).exclude(session_key=keep or ""):
        if only is not None and only != str(entry.pk):
            continue
        ended += store.exists(entry.session_key)
        store.delete(entry.session_key)
        entry.delete()
    return ended
