"""What crawlers ask for: robots.txt, the sitemap, and the pictures of pages."""

from datetime import date
from http import HTTPStatus

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from prepsite.content.pagecache import same_for_all
from prepsite.discovery import listing
from prepsite.discovery.cards import card_of, page_of
from prepsite.discovery.drawing import draw
from prepsite.discovery.pagemeta import PageMeta, Site

A_MONTH = 30 * 24 * 3600
FOR_EVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"


def this_site() -> Site:
    """Return the site as the settings name it."""
    return Site(settings.SITE_NAME, settings.SITE_URL)


@require_safe
@same_for_all
def robots(request: HttpRequest) -> HttpResponse:
    """Let everybody read everything: only who may read a page sees that it is noindex."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {settings.SITE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


class PageSitemap(Sitemap):
    """The public pages of one room, at the addresses that the pages themselves state."""

    def __init__(self, pages: list[PageMeta]) -> None:
        self.pages = pages

    def items(self) -> list[PageMeta]:
        return self.pages

    def location(self, item: PageMeta) -> str:
        return item.path

    def lastmod(self, item: PageMeta) -> date | None:
        return item.modified_on

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.partition("://")[0]

    def get_domain(self, site: object = None) -> str:
        return settings.SITE_URL.partition("://")[2]


@require_safe
@same_for_all
def sitemap(request: HttpRequest) -> HttpResponse:
    """List every public page with the day on which its content last changed."""
    rooms: dict[str, type[Sitemap] | Sitemap] = {
        name: PageSitemap(pages) for name, pages in listing.sections().items()
    }
    return sitemap_view(request, rooms)


@require_safe
def card(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return the picture of a public page; each is drawn once, whoever asks and how often.

    The address holds a digest of what is drawn. An older digest leads to today's picture,
    so that a link that was shared long ago keeps one.
    """
    meta = listing.find(page_of(name))
    if meta is None:
        raise Http404
    wanted = card_of(meta, this_site())
    etag = f'"{wanted.digest}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        picture = cache.get_or_set(f"card.{wanted.digest}", lambda: draw(wanted), A_MONTH)
        response = HttpResponse(picture, content_type="image/png")
    response["ETag"] = etag
    # A refused precondition (412) is the answer to one request, not what stands here.
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        is_today = request.GET.get("v") == wanted.digest
        response["Cache-Control"] = FOR_EVER if is_today else FOR_AN_HOUR
    # Made to be shown elsewhere, unlike everything else here.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
