"""Compression of pages that hold no secret worth guessing."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class UnpaddedGZipMiddleware(GZipMiddleware):
    """Compression without the random padding that hides secrets.

    A public page has none, and the padding would give it another ETag in each worker.
    """

    max_random_bytes = 0


class PageGZipMiddleware(GZipMiddleware):
    """Compress pages, but not those of accounts and the admin.

    A CSRF token alone is safe: Django masks it anew in each page. Account and admin
    pages also show what others typed, beside addresses that are worth guessing.
    """

    PRIVATE = ("/accounts/", "/admin/")

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.unpadded = UnpaddedGZipMiddleware(get_response)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # A picture is compressed already.
        is_picture = response.headers.get("Content-Type", "").startswith("image/")
        if is_picture or request.path.startswith(self.PRIVATE):
            return response
        if getattr(response, "public_page", False):
            return self.unpadded.process_response(request, response)
        return super().process_response(request, response)
