"""Whole public pages, kept as bytes and served before the middleware stack.

Only a page that its view marked with ``public_page`` is kept. A request with a learner or
session cookie is answered from here only where the page holds nothing of its reader, which
its view says with ``same_for_all``. The key holds the content revision and the date, so an
edit shows within a second and a dated item on its day.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from prepsite.content import display, revision

MAX_PAGES = 512
# Probes must answer while the database, and with it the revision, is out of reach.
PROBES = ("/healthz", "/readyz")
SHARED = "public, max-age=0, s-maxage=60"
# no-store: on a shared computer, going back after signing out shows nothing.
PERSONAL = "private, no-store"
UNKEPT = "private, no-cache"
type View = Callable[..., HttpResponse]
type PageKey = tuple[str, str, bool, str, int, str]


def public_page(view: View) -> View:
    """Mark a view whose page is the same for every visitor without a cookie of ours."""
    return _mark(view, same_for_all=False)


def same_for_all(view: View) -> View:
    """Mark a public page that holds nothing of its reader, known or not, but the theme."""
    return _mark(view, same_for_all=True)


def _mark(view: View, *, same_for_all: bool) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.public_page = True  # type: ignore[attr-defined]
        response.same_for_all = same_for_all  # type: ignore[attr-defined]
        patch_vary_headers(response, ["Cookie"])
        return response

    return wrapped


@dataclass(frozen=True)
class Page:
    """A finished response; its Cache-Control depends on who asks."""

    body: bytes
    headers: dict[str, str]
    same_for_all: bool


class _Pages:
    """A bounded, thread-safe store of finished responses, least recently used out first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[PageKey, Page] = OrderedDict()
        # Their paths: other pages of somebody known need not ask for the revision.
        self.for_all: set[str] = set()
        self._lock = Lock()

    def get(self, key: PageKey) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: PageKey, page: Page) -> None:
        with self._lock:
            self._pages[key] = page
            if page.same_for_all:
                self.for_all.add(key[1])
            while len(self._pages) > MAX_PAGES:
                self.for_all.discard(self._pages.popitem(last=False)[0][1])

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.for_all.clear()


pages = _Pages()


def is_personal(request: HttpRequest) -> bool:
    """Tell whether a request names somebody: what it is answered with is kept by nobody."""
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or settings.LEARNER_COOKIE_NAME in request.COOKIES
    )


def _key_for(request: HttpRequest) -> PageKey | None:
    """Return the cache key, or None where no page is kept for such a request."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    if "HTTP_HX_REQUEST" in request.META:
        return None
    return (
        f"{request.scheme}://{request.META.get('HTTP_HOST', '')}",
        request.path,
        "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""),
        # Only pages for somebody known name the theme; for others a script sets it.
        display.chosen(request).theme if is_personal(request) else "auto",
        revision.current().revision,
        timezone.localdate().isoformat(),
    )


class PublicPageMiddleware:
    """Serve and keep public pages. Stands first, so that a hit costs nothing more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        never = (settings.STATIC_URL, *PROBES)
        may_hit = not is_personal(request) or request.path in pages.for_all
        is_kept = may_hit and not request.path.startswith(never)
        key = _key_for(request) if is_kept else None
        if key and (page := pages.get(key)) and (page.same_for_all or not is_personal(request)):
            return self._answer(request, HttpResponse(page.body, headers=page.headers))
        response = self.get_response(request)
        if not getattr(response, "public_page", False) or not isinstance(response, HttpResponse):
            return response
        for_all: bool = response.same_for_all  # type: ignore[attr-defined]
        keepable = response.status_code == 200 and not response.cookies
        if for_all and key is None:
            key = _key_for(request)
        if key and keepable and (for_all or not is_personal(request)):
            response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            pages.put(key, Page(response.content, dict(response.items()), for_all))
            return self._answer(request, response)
        response["Cache-Control"] = PERSONAL if is_personal(request) else UNKEPT
        return response

    @staticmethod
    def _answer(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
        """Say who may keep the page; answer 304 where the visitor's copy is the current one."""
        response["Cache-Control"] = PERSONAL if is_personal(request) else SHARED
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        return answer or response
