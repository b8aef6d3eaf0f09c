"""The Atom feed of changed figures."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from careers.models import FigureChange
from careers.publicpages import BASE, FEED
from prepsite.content.pagecache import same_for_all

LOG = f"{BASE}changes/"
LATEST = 50


class Changes(Feed):
    """The latest changes of figures, each with what it was, what it is, and the source.

    Addresses are those of the settings, as everywhere in what leaves the site: the host
    that a request names may be another one.
    """

    feed_type = Atom1Feed
    title = FEED.title
    subtitle = "Figures that were put in, changed or taken out, with their sources."

    def link(self) -> str:
        return f"{settings.SITE_URL}{LOG}"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{FEED.path}"

    def feed_guid(self) -> str:
        return self.feed_url()

    def author_name(self) -> str:
        return str(settings.SITE_NAME)

    def items(self) -> QuerySet[FigureChange]:
        return FigureChange.objects.all()[:LATEST]

    def item_title(self, item: Any) -> str:
        return f"{item.label}: {item.get_kind_display()}"

    def item_description(self, item: Any) -> str:
        parts = [
            f"Before: {item.before}." if item.before else "",
            f"Now: {item.after}." if item.after else "",
            f"Source: {item.source}.",
            item.note,
        ]
        return " ".join(part for part in parts if part)

    def item_link(self, item: Any) -> str:
        return f"{self.link()}#change-{item.pk}"

    def item_guid(self, item: Any) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: Any) -> datetime:
        at: datetime = item.at
        return at

    def item_updateddate(self, item: Any) -> datetime:
        return self.item_pubdate(item)


changes_feed = require_safe(same_for_all(Changes()))
