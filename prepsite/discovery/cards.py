"""The picture of a page that shared links show: what stands on it, and where it lies.

A card is drawn from the page's own title and figure, which staff wrote; nothing of a
request is ever drawn.
"""

import hashlib
from dataclasses import astuple, dataclass

from prepsite.discovery.pagemeta import Headline, PageMeta, Site

WIDTH, HEIGHT = 1200, 630
# Part of the digest: raise it with the look, so that kept pictures are drawn anew.
LOOK = 1
# The address of the home page's card, which has no path of its own.
HOME = "home"


@dataclass(frozen=True)
class Card:
    """What is drawn, and the page that it belongs to."""

    page: str
    site_name: str
    title: str
    headline: Headline | None

    @property
    def digest(self) -> str:
        """A name for what is drawn: it changes with it, and with the look."""
        drawn = (LOOK, self.site_name, self.title, self.headline and astuple(self.headline))
        return hashlib.sha256(repr(drawn).encode()).hexdigest()[:16]

    @property
    def path(self) -> str:
        """The card's address; the digest in it lets everybody keep it for long."""
        return f"/cards/{self.page.strip('/') or HOME}.png?v={self.digest}"

    @property
    def words(self) -> str:
        """What can be read on the card, for those who do not see it."""
        figure = self.headline
        told = f" {figure.label}: {figure.amount} ({figure.source})." if figure else ""
        return f"{self.title}.{told} {self.site_name}."


def card_of(meta: PageMeta, site: Site) -> Card:
    """Return the card of a page."""
    return Card(meta.path, site.name, meta.title, meta.headline)


def page_of(name: str) -> str:
    """Return the page's path for the name in a card's address."""
    return "/" if name == HOME else f"/{name}/"
