"""Mail that leaves after the response, so that no request waits for a mail server."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

logger = logging.getLogger(__name__)

# One thread: a mail server gets one connection from each worker. The interpreter waits
# for it at exit, so a clean restart loses no message.
_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


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
