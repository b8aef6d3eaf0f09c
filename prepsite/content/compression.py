"""Compression of pages that hold no secret worth guessing."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageGZipMiddleware(GZipMiddleware):
    """Compress pages, but not those of accounts and the admin.

    A CSRF token alone is safe: Django masks it anew in each page. Account and admin
    pages also show what others typed, beside addresses that are worth guessing.
    """

    PRIVATE = ("/accounts/", "/admin/")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path.startswith(self.PRIVATE):
            return response
        return super().process_response(request, response)
