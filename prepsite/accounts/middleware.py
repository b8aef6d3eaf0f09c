"""The learner cookie on its way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from prepsite.accounts import learners


class LearnerCookieMiddleware:
    """Write the cookie that a view or a sign-in decided on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        learners.write_cookie(request, response)
        return response
