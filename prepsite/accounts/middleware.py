"""What accounts add to a response on its way out: cookies, and who may keep the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from prepsite.accounts import learners
from prepsite.content import display
from prepsite.content.pagecache import is_personal

_CLEARS_STORAGE = "_clears_storage"


def clear_storage(request: HttpRequest) -> None:
    """Have the browser empty what scripts of this site stored in it."""
    setattr(request, _CLEARS_STORAGE, True)


class LearnerCookieMiddleware:
    """Write the cookies that a view or a sign-in decided on.

    A page of somebody who is known is stored nowhere, so that going back after signing
    out shows nothing: also pages of libraries that say nothing about it themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        learners.write_cookie(request, response)
        display.write_cookie(request, response)
        if getattr(request, _CLEARS_STORAGE, False):
            response["Clear-Site-Data"] = '"storage"'
        if is_personal(request) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response
