"""What the mails say, as text and HTML, and that they leave in the background."""

import logging
import threading
from html.parser import HTMLParser
from pathlib import Path

import allauth
import pytest
from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from prepsite.accounts import mail as background
from tests.accounts.helpers import PASSWORD, make_user, sign_in, sign_up

MAILERS = {
    "default": {
        "BACKEND": "prepsite.accounts.mail.BackgroundBackend",
        "OPTIONS": {"deliver_with": "outgoing"},
    },
    "outgoing": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"},
}
release = threading.Event()
delivered = threading.Event()


class BrokenBackend(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError("mail server is down")


class SlowBackend(BaseEmailBackend):
    """A mail server that answers when told to."""

    def send_messages(self, email_messages):
        release.wait(10)
        delivered.set()
        return len(email_messages)


def wait_for_delivery() -> None:
    """Return once everything queued so far has been worked off."""
    background._executor.submit(int).result(timeout=10)


def message() -> EmailMessage:
    """Return a message to Ann."""
    return EmailMessage("Hello", "Text", "site@example.org", ["ann@example.org"])


@pytest.fixture
def outbox(settings):
    """The mails that the named mailer sent."""
    settings.MAILERS = MAILERS
    mail.outbox = []
    return mail.outbox


def test_messages_go_out_through_the_named_mailer(outbox):
    assert mailers["default"].send_messages([message(), message()]) == 2
    wait_for_delivery()
    assert [sent.to for sent in mail.outbox] == [["ann@example.org"]] * 2


def test_a_failure_is_logged_and_raised_to_nobody(settings, caplog):
    broken = {"BACKEND": f"{__name__}.BrokenBackend"}
    settings.MAILERS = MAILERS | {"outgoing": broken}
    with caplog.at_level(logging.ERROR):
        assert mailers["default"].send_messages([message()]) == 1
        wait_for_delivery()
    (record,) = [record for record in caplog.records if record.name == "prepsite.accounts.mail"]
    assert record.getMessage() == "mail not delivered"
    assert "mail server is down" in str(record.exc_info)
    assert "ann@example.org" not in caplog.text


def test_one_failure_does_not_stop_the_next_mail(settings, outbox):
    settings.MAILERS = MAILERS | {"outgoing": {"BACKEND": f"{__name__}.BrokenBackend"}}
    mailers["default"].send_messages([message()])
    wait_for_delivery()
    settings.MAILERS = MAILERS
    mailers["default"].send_messages([message()])
    wait_for_delivery()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_no_request_waits_for_a_slow_mail_server(settings, client):
    settings.MAILERS = MAILERS | {"outgoing": {"BACKEND": f"{__name__}.SlowBackend"}}
    release.clear()
    delivered.clear()
    try:
        assert sign_up(client, "new@example.org").status_code == 200
        assert not delivered.is_set()
    finally:
        release.set()
        wait_for_delivery()
    assert delivered.is_set()


@pytest.mark.django_db
def test_signing_up_works_while_the_mail_server_is_down(settings, client):
    settings.MAILERS = MAILERS | {"outgoing": {"BACKEND": f"{__name__}.BrokenBackend"}}
    response = sign_up(client, "new@example.org")
    wait_for_delivery()
    assert response.redirect_chain[-1][0] == "/progress/"


# --- What the mails say -----------------------------------------------------------------

OURS = Path(settings.BASE_DIR) / "templates"
# Mails of features that the settings leave off, with the setting that would send them.
OFF = {
    "account/email/login_code": lambda: account_settings.LOGIN_BY_CODE_ENABLED,
    "account/email/password_reset_code": lambda: account_settings.PASSWORD_RESET_BY_CODE_ENABLED,
}
CONTEXT = {
    "activate_url": "http://testserver/confirm/a-b/?x=1&y=2",
    "password_reset_url": "http://testserver/reset/a-b/?x=1&y=2",
    "signup_url": "http://testserver/sign-up/?x=1&y=2",
    "staff_link_url": "http://testserver/staff/a:b/?x=1&y=2",
    "from_email": "o'neil@example.org",
    "to_email": "ann&bob@example.org",
    "deleted_email": "o'neil@example.org",
    "email": "o'neil@example.org",
    "timestamp": timezone.now(),
    "ip": "203.0.113.9",
    "device": "Firefox on Windows",
}


def names_in(folder: Path) -> set[str]:
    """Return the prefix of every mail whose text lies in a folder of templates."""
    return {
        str(path.relative_to(folder)).removesuffix("_message.txt")
        for path in folder.rglob("email/*_message.txt")
        if not path.name.startswith("base_")
    }


def sendable() -> list[str]:
    """Return the prefix of every mail of allauth's, and our own, that can be sent here."""
    folder = Path(allauth.__file__).parent / "templates"
    installed = [name for name in ("account", "mfa", "usersessions") if (folder / name).exists()]
    assert {"account", "mfa"} <= set(installed)
    theirs = {name for name in names_in(folder) if name.split("/")[0] in installed}
    return sorted((theirs | names_in(OURS)) - {name for name, is_on in OFF.items() if not is_on()})


def render(name: str, rf) -> EmailMultiAlternatives:
    """Return the mail as it would be sent."""
    request = rf.get("/", headers={"User-Agent": "Firefox"})
    with context.request_context(request):
        sent = get_adapter().render_mail(name, "ann@example.org", CONTEXT | {"request": request})
    assert isinstance(sent, EmailMultiAlternatives)
    return sent


class Words(HTMLParser):
    """Collects what a reader of an HTML page sees, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._hidden = tag in {"style", "title"}
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")

    def handle_data(self, data):
        if not self._hidden:
            self.words += data.split()


@pytest.mark.once
def test_there_are_mails_to_test():
    names = sendable()
    assert len(names) > 15
    for name in ("password_changed", "email_confirmation", "staff_link", "unknown_account"):
        assert f"account/email/{name}" in names
    assert "mfa/email/webauthn_added" in names


@pytest.mark.once
@pytest.mark.parametrize("name", sendable())
def test_every_mail_is_ours_and_reads_well_as_text(name, rf):
    assert (OURS / f"{name}_message.txt").exists(), "allauth's own text would be sent"
    assert (OURS / f"{name}_subject.txt").exists(), "allauth's own subject would be sent"
    sent = render(name, rf)
    subject, text = str(sent.subject), str(sent.body)
    assert subject
    assert not subject.startswith("[")
    assert text == text.strip()
    assert text.startswith("Hello,\n\n")
    assert text.endswith("\nhttp://127.0.0.1:8000")
    assert "\n\n\n" not in text
    for mark in ("&amp;", "&#x27;", "&quot;", "<", "{{", "{%", "None", "two-factor"):
        assert mark not in text
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.once
@pytest.mark.parametrize("name", sendable())
def test_every_mail_says_the_same_as_html(name, rf):
    sent = render(name, rf)
    ((page, kind),) = sent.alternatives
    assert kind == "text/html"
    read = Words(str(page))
    said = set(read.words)
    missing = [
        word
        for word in str(sent.body).split()
        # The colon before an address is the button's.
        if word not in said and word.rstrip(":") not in said
    ]
    assert missing == []
    addresses = [word for word in str(sent.body).split() if word.startswith("http")]
    assert set(read.links) == set(addresses)
    assert " style=" not in str(page)
    assert "<table" not in str(page)
    assert "src=" not in str(page)


@pytest.mark.django_db
def test_a_mail_that_is_sent_has_both_parts_and_names_the_device(client, mailoutbox):
    make_user()
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0; rv:132.0) Firefox/132.0"
    sign_in(client, "ann@example.org")
    new = {"password1": "another-horse-8", "password2": "another-horse-8"}
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD} | new)
    (sent,) = [message for message in mailoutbox if "password" in message.subject]
    assert "From: Firefox on Windows, address 127.0.0.1" in sent.body
    assert [kind for _, kind in sent.alternatives] == ["text/html"]
