"""What a public page says about itself: to readers, to search engines, to shared links."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Site:
    """The site's name, and its address without a trailing slash."""

    name: str
    url: str

    def address_of(self, path: str) -> str:
        """Return the full address of a path of the site."""
        return self.url + path


@dataclass(frozen=True)
class Crumb:
    """A page on the way from Home to where one is."""

    name: str
    path: str


@dataclass(frozen=True)
class Subject:
    """What an article is about, as a type of schema.org and a name."""

    kind: Literal["Occupation", "EducationalOccupationalCredential"]
    name: str


@dataclass(frozen=True)
class Headline:
    """The one figure on a page's picture: amount, what it is, and its source with date."""

    amount: str
    label: str
    source: str


@dataclass(frozen=True)
class Feed:
    """An Atom feed that belongs to a page."""

    title: str
    path: str


@dataclass(frozen=True)
class PageMeta:
    """A page as the rest of the world is to know it.

    ``title`` stands without the site's name. ``path`` is the page's one address, whatever
    query it was asked with. ``crumbs`` lead from below Home to the page itself, which is the
    last; Home has none. ``modified_on`` is when its content last changed in substance, None
    where nothing knows. A page that is not ``indexed`` gets neither address nor picture.
    """

    title: str
    description: str
    path: str
    crumbs: tuple[Crumb, ...] = ()
    kind: Literal["website", "article"] = "website"
    published_on: date | None = None
    modified_on: date | None = None
    about: Subject | None = None
    headline: Headline | None = None
    feed: Feed | None = None
    indexed: bool = True

    def __post_init__(self) -> None:
        if "?" in self.path or "#" in self.path or not self.path.startswith("/"):
            raise ValueError(f"{self.path!r} is not the path of a page.")
        if (self.crumbs[-1].path if self.crumbs else "/") != self.path:
            raise ValueError(f"The crumbs of {self.path} do not end there.")


def trail(*steps: tuple[str, str]) -> tuple[Crumb, ...]:
    """Return crumbs from pairs of name and path, the page itself last."""
    return tuple(Crumb(name, path) for name, path in steps)
