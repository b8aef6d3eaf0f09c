"""Mail leaves in the background, through the mailer that the settings name."""

import logging
import threading

import pytest
from django.core import mail
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend

from prepsite.accounts import mail as background
from tests.accounts.helpers import sign_up

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
