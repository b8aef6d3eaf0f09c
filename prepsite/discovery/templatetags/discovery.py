"""The part of a page's head that speaks to search engines and shared links."""

from typing import Any

from django import template

from prepsite.discovery import head
from prepsite.discovery.pagemeta import PageMeta
from prepsite.discovery.views import this_site

register = template.Library()


@register.inclusion_tag("discovery/head.html")
def discovery_head(meta: PageMeta) -> dict[str, Any]:
    """Return what the head of a page says of it; a page not to be indexed says just that."""
    if not meta.indexed:
        return {"indexed": False}
    site = this_site()
    return {
        "indexed": True,
        "canonical": head.canonical(meta, site),
        "feed": meta.feed,
        "tags": head.social_tags(meta, site),
        "data": head.to_script(head.structured_data(meta, site)),
    }
