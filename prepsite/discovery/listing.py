"""All public pages of the site: what the sitemap lists and what has a picture.

A room registers one function in its AppConfig that yields its pages as they are now. The
same facts stand in a page's own head, so that no two of them can differ.
"""

from collections.abc import Callable, Iterable, Mapping

from prepsite.content import revision
from prepsite.discovery.pagemeta import PageMeta

type Provider = Callable[[], Iterable[PageMeta]]
type Listing = Mapping[str, list[PageMeta]]

_providers: dict[str, Provider] = {}


class _Memo:
    revision = -1
    listing: Listing = {}
    by_path: Mapping[str, PageMeta] = {}


def register(name: str, provider: Provider) -> None:
    """Add a room's pages; raises ValueError if the name is taken."""
    if name in _providers:
        raise ValueError(f"{name} has registered its pages already.")
    _providers[name] = provider


def sections() -> Listing:
    """Return the public pages of each room, read once for each content revision."""
    _read()
    return _Memo.listing


def find(path: str) -> PageMeta | None:
    """Return the public page with this path, or None if there is none."""
    _read()
    return _Memo.by_path.get(path)


def _read() -> None:
    current = revision.current().revision
    if _Memo.revision == current:
        return
    listing = {
        name: [meta for meta in provider() if meta.indexed] for name, provider in _providers.items()
    }
    _Memo.listing = listing
    _Memo.by_path = {meta.path: meta for pages in listing.values() for meta in pages}
    _Memo.revision = current


def forget() -> None:
    """Drop this process's memory."""
    _Memo.revision = -1
