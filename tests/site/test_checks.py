"""System checks: each speaks up on a bad setting and is silent on a good one."""

from typing import Any

import pytest
from django.core import checks
from django.core.checks import CheckMessage

# The models are checked along, and they ask the database what it can do.
pytestmark = pytest.mark.django_db
FILES = "django.core.mail.backends.filebased.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
DUMMY = "django.core.cache.backends.dummy.DummyCache"
DATABASE = "django.core.cache.backends.db.DatabaseCache"
CASES: list[tuple[str, str, Any, Any]] = [
    ("prepsite.E001", "SECRET_KEY", "short", "x" * 32),
    ("prepsite.E001", "SECRET_KEY", "x" * 31, "long-and-random-" * 4),
    ("prepsite.E002", "SITE_URL", "example.org", "https://example.org"),
    ("prepsite.E002", "SITE_URL", "ftp://example.org", "http://127.0.0.1:8000"),
    ("prepsite.E002", "SITE_URL", "", "http://localhost"),
    ("prepsite.W001", "SITE_URL", "http://example.org", "https://example.org"),
    (
        "prepsite.W002",
        "CACHES",
        {"default": {"BACKEND": LOCMEM}},
        {"default": {"BACKEND": DATABASE, "LOCATION": "x"}},
    ),
    (
        "prepsite.W002",
        "CACHES",
        {"default": {"BACKEND": DUMMY}},
        {"default": {"BACKEND": DATABASE, "LOCATION": "x"}},
    ),
    (
        "prepsite.W003",
        "MAILERS",
        {"default": {"BACKEND": FILES, "OPTIONS": {"file_path": "x"}}},
        {"default": {"BACKEND": SMTP, "OPTIONS": {"host": "x"}}},
    ),
    ("prepsite.W004", "SECURE_SSL_REDIRECT", True, False),
    ("prepsite.E002", "SITE_URL", "https://example.org/path", "https://example.org"),
    ("prepsite.E003", "SECURE_HSTS_PRELOAD", True, False),
    ("prepsite.W005", "ALLOWED_HOSTS", ["example.org", "*"], ["example.org"]),
]


def ours(number: str, *, deploy: bool) -> list[CheckMessage]:
    """Return the messages with this id."""
    messages = checks.run_checks(include_deployment_checks=deploy)
    return [message for message in messages if message.id == number]


@pytest.mark.parametrize(("number", "setting", "bad", "good"), CASES)
def test_a_check_tells_bad_from_good(settings, number, setting, bad, good):
    setattr(settings, setting, bad)
    (message,) = ours(number, deploy=True)
    assert isinstance(message, checks.Error if ".E" in number else checks.Warning)
    assert message.hint
    assert message.msg.endswith(".")
    setattr(settings, setting, good)
    assert ours(number, deploy=True) == []


@pytest.mark.parametrize("number", [f"prepsite.W00{number}" for number in range(1, 6)])
def test_warnings_are_for_deployment_only(settings, number):
    for case, setting, bad, _ in CASES:
        if case == number:
            setattr(settings, setting, bad)
            assert ours(number, deploy=False) == []


def test_errors_speak_up_everywhere(settings):
    settings.SECRET_KEY = "short"
    assert ours("prepsite.E001", deploy=False)


def test_the_secret_itself_is_never_printed(settings):
    settings.SECRET_KEY = "hush-hush"
    (message,) = ours("prepsite.E001", deploy=False)
    assert "hush-hush" not in str(message)
