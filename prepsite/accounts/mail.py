"""Mail as text and HTML, that leaves after the response: no request waits for a mail server."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

# One thread: a mail server gets one connection from each worker. The interpreter waits
# for it at exit, so a clean restart loses no message.
_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def as_html(subject: str, text: str) -> str:
    """Return a mail's text as an HTML page that says the same.

    Empty lines part paragraphs. A line that ends in a colon, followed by an address on a
    line of its own, becomes a button with the address below it.
    """
    parts = [part.split("\n") for part in text.strip().split("\n\n")]
    paragraphs = [
        {"label": lines[0].rstrip(":"), "url": lines[1]}
        if len(lines) == 2 and lines[0].endswith(":") and lines[1].startswith("http")
        else {"lines": lines}
        for lines in parts
    ]
    context = {"subject": subject, "paragraphs": paragraphs[:-1], "sender": paragraphs[-1]}
    return render_to_string("account/email/base_message.html", context)


class BackgroundBackend(BaseEmailBackend):
    """Hands messages to the mailer named by ``deliver_with``, on a thread of its own."""

    def __init__(self, *, deliver_with: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.deliver_with = deliver_with

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages and return how many there are."""
        _executor.submit(_deliver, self.deliver_with, list(email_messages))
        return len(email_messages)


def _deliver(alias: str, messages: list[EmailMessage]) -> None:
    try:
        mailers[alias].send_messages(messages)
    except Exception:
        logger.exception("mail not delivered", extra={"messages": len(messages)})
