"""The log as an Atom feed.

Every address in it comes from SITE_URL, so that a proxy in front, or another host name of
the same machine, changes nothing.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join

from careers.models import FigureChange

LENGTH = 50
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ChangesFeed(Feed):
    """The newest entries of the log."""

    feed_type = Atom1Feed
    subtitle = "Figures of the salary and outlook guide that were added, changed or removed."

    def title(self) -> str:
        return f"{settings.SITE_NAME}: figures that changed"

    def author_name(self) -> str:
        return str(settings.SITE_NAME)

    def author_link(self) -> str:
        return f"{settings.SITE_URL}/"

    def link(self) -> str:
        return f"{settings.SITE_URL}{reverse('careers:changes')}"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('careers:feed')}"

    def feed_guid(self) -> str:
        return self.feed_url()

    def items(self) -> Iterable[FigureChange]:
        return FigureChange.objects.all()[:LENGTH]

    def item_title(self, item: FigureChange) -> str:
        return _printable(f"{item.label}: {item.in_words}")

    def item_description(self, item: FigureChange) -> str:
        """Return source, note and what the source was, as HTML."""
        lines = [f"Source: {item.source}."]
        if item.source_before:
            lines.append(f"Before: {item.source_before}.")
        if item.note:
            lines.append(item.note)
        return format_html_join("", "<p>{}</p>", ((_printable(line),) for line in lines))

    def item_link(self, item: FigureChange) -> str:
        return f"{settings.SITE_URL}{item.place}"

    def item_guid(self, item: FigureChange) -> str:
        """Return a tag URI (RFC 4151) that stays while the site keeps its host name."""
        host = urlsplit(settings.SITE_URL).hostname
        return f"tag:{host},{item.at:%Y-%m-%d}:careers/changes/{item.pk}"

    def item_pubdate(self, item: FigureChange) -> datetime:
        return item.at

    def item_updateddate(self, item: FigureChange) -> datetime:
        return item.at


def _printable(text: str) -> str:
    """Return a text without control characters, which XML does not take."""
    return _CONTROL.sub(" ", text)
