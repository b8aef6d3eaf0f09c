"""What a page's head says, read as a crawler reads it."""

import json
from dataclasses import dataclass
from typing import Any

from justhtml import JustHTML


@dataclass(frozen=True)
class Head:
    """The parts of a page that search engines and shared links read."""

    title: str
    description: str
    canonical: str | None
    robots: str | None
    properties: dict[str, str]
    data: list[dict[str, Any]]
    feeds: list[str]
    crumbs: list[tuple[str, str | None]]

    @property
    def is_indexable(self) -> bool:
        """Tell whether search engines may list the page."""
        return "noindex" not in (self.robots or "")

    def node(self, kind: str) -> dict[str, Any] | None:
        """Return the node of this type in the structured data."""
        nodes = [node for data in self.data for node in data["@graph"]]
        return next((node for node in nodes if node["@type"] == kind), None)


def head_of(html: str) -> Head:
    """Read a page's head and its visible breadcrumbs; raises where something stands twice."""
    document = JustHTML(html, sanitize=False)

    def values(selector: str, attribute: str) -> list[str]:
        return [(node.attrs or {}).get(attribute) or "" for node in document.query(selector)]

    def one(selector: str, attribute: str) -> str | None:
        found = values(selector, attribute)
        assert len(found) < 2, f"{selector} stands {len(found)} times"
        return found[0] if found else None

    names = values("head > meta[property]", "property")
    assert len(names) == len(set(names)), names
    properties = dict(zip(names, values("head > meta[property]", "content"), strict=True))
    return Head(
        title=" ".join(document.query("head > title")[0].to_text().split()),
        description=one('head > meta[name="description"]', "content") or "",
        canonical=one('head > link[rel="canonical"]', "href"),
        robots=one('head > meta[name="robots"]', "content"),
        properties=properties,
        data=[
            json.loads(node.to_text())
            for node in document.query('head > script[type="application/ld+json"]')
        ],
        feeds=values('head > link[rel="alternate"]', "href"),
        crumbs=[
            (node.to_text().strip(), next(((a.attrs or {})["href"] for a in node.query("a")), None))
            for node in document.query("nav.crumbs li")
        ],
    )
