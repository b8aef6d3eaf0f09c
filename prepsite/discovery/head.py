"""What stands in a page's head for search engines and shared links, as plain data.

Structured data follow schema.org, limited to what search engines still use: breadcrumbs
on every page that has some, Article on pages of the guide, WebSite on the home page.
"""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from prepsite.discovery.cards import HEIGHT, WIDTH, card_of
from prepsite.discovery.pagemeta import PageMeta, Site

type Data = dict[str, Any]

# The characters that could end the element, or that JavaScript takes for a line's end:
# those that Django's own json_script escapes, which knows no other type of data.
_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def canonical(meta: PageMeta, site: Site) -> str:
    """Return the page's one address, without the query it was asked with."""
    return site.address_of(meta.path)


def card_address(meta: PageMeta, site: Site) -> str:
    """Return the address of the page's picture; another picture has another address."""
    return site.address_of(card_of(meta, site).path)


def social_tags(meta: PageMeta, site: Site) -> list[tuple[str, str]]:
    """Return the Open Graph properties of a page, which X and others read too."""
    tags = [
        ("og:type", meta.kind),
        ("og:site_name", site.name),
        ("og:title", meta.title),
        ("og:description", meta.description),
        ("og:url", canonical(meta, site)),
        ("og:image", card_address(meta, site)),
        ("og:image:type", "image/png"),
        ("og:image:width", str(WIDTH)),
        ("og:image:height", str(HEIGHT)),
        ("og:image:alt", card_of(meta, site).words),
    ]
    if meta.kind == "article" and meta.modified_on:
        tags.append(("article:modified_time", meta.modified_on.isoformat()))
    return tags


def structured_data(meta: PageMeta, site: Site) -> Data:
    """Return the page's structured data as JSON-LD."""
    graph = [_breadcrumbs(meta, site) if meta.crumbs else _website(meta, site)]
    if meta.kind == "article":
        graph.append(_article(meta, site))
    return {"@context": "https://schema.org", "@graph": graph}


def to_script(data: Data) -> SafeString:
    """Return data as a script element that no browser runs."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def _breadcrumbs(meta: PageMeta, site: Site) -> Data:
    steps = [("Home", "/"), *((crumb.name, crumb.path) for crumb in meta.crumbs)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": site.address_of(path),
            }
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def _article(meta: PageMeta, site: Site) -> Data:
    """Return a page of the guide as an Article.

    Nobody signs or reviews a page by name, so the site stands as the author and no
    reviewer is named.
    """
    maker = _organization(site)
    article = {
        "@type": "Article",
        "headline": meta.title,
        "description": meta.description,
        "image": card_address(meta, site),
        "author": maker,
        "publisher": maker,
        "mainEntityOfPage": canonical(meta, site),
        "inLanguage": "en",
    }
    if meta.published_on:
        article["datePublished"] = meta.published_on.isoformat()
    if meta.modified_on:
        article["dateModified"] = meta.modified_on.isoformat()
    if meta.about:
        article["about"] = {"@type": meta.about.kind, "name": meta.about.name}
    return article


def _website(meta: PageMeta, site: Site) -> Data:
    return {
        "@type": "WebSite",
        "name": site.name,
        "url": canonical(meta, site),
        "description": meta.description,
        "publisher": _organization(site),
        "inLanguage": "en",
    }


def _organization(site: Site) -> Data:
    return {"@type": "Organization", "name": site.name, "url": site.address_of("/")}
