"""Headers that are the same on every response and that Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

HEADERS = {
    # Nothing here asks for a device or a place; whatever slips in must not either.
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # No other site may embed a page, a picture or a font of ours.
    "Cross-Origin-Resource-Policy": "same-origin",
}


class FixedHeadersMiddleware:
    """Adds them below the page cache, which keeps them with each page.

    A view that has a reason may say otherwise.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
