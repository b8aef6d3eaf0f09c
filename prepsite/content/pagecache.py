"""Whole public pages, kept as bytes and served before the middleware stack.

Only a request without a learner or session cookie is answered from here, and only a
page that its view marked with ``public_page``. The key holds the content revision and
the date, so an edit shows within a second and a dated item on its day.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from prepsite.content import revision

MAX_PAGES = 512
# Probes must answer while the database, and with it the revision, is out of reach.
PROBES = ("/healthz", "/readyz")
type View = Callable[..., HttpResponse]
type PageKey = tuple[str, str, bool, int, str]


def public_page(view: View) -> View:
    """Mark a view whose page is the same for every visitor without a cookie of ours."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.public_page = True  # type: ignore[attr-defined]
        patch_vary_headers(response, ["Cookie"])
        return response

    return wrapped


class _Pages:
    """A bounded, thread-safe store of finished responses, least recently used out first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[PageKey, tuple[bytes, dict[str, str]]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: PageKey) -> tuple[bytes, dict[str, str]] | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: PageKey, page: tuple[bytes, dict[str, str]]) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()


pages = _Pages()


def is_personal(request: HttpRequest) -> bool:
    """Tell whether a request names somebody: what it is answered with is kept by nobody."""
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or settings.LEARNER_COOKIE_NAME in request.COOKIES
    )


def _key_for(request: HttpRequest) -> PageKey | None:
    """Return the cache key, or None where the page may differ between visitors."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    if is_personal(request) or "HTTP_HX_REQUEST" in request.META:
        return None
    return (
        f"{request.scheme}://{request.META.get('HTTP_HOST', '')}",
        request.path,
        "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""),
        revision.current().revision,
        timezone.localdate().isoformat(),
    )


class PublicPageMiddleware:
    """Serve and keep public pages. Stands first, so that a hit costs nothing more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        never = (settings.STATIC_URL, *PROBES)
        key = None if request.path.startswith(never) else _key_for(request)
        if key and (page := pages.get(key)):
            body, headers = page
            return self._conditional(request, HttpResponse(body, headers=headers))
        response = self.get_response(request)
        if not getattr(response, "public_page", False) or not isinstance(response, HttpResponse):
            return response
        if key and response.status_code == 200 and not response.cookies:
            response["Cache-Control"] = "public, max-age=0, s-maxage=60"
            response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            pages.put(key, (response.content, dict(response.items())))
            return self._conditional(request, response)
        # no-store: on a shared computer, going back after signing out shows nothing.
        response["Cache-Control"] = f"private, {'no-store' if is_personal(request) else 'no-cache'}"
        return response

    @staticmethod
    def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
        """Answer 304 where the visitor's copy is still the current one."""
        answer = get_conditional_response(request, etag=response["ETag"], response=response)
        return answer or response
