"""The only route of Django's minimal view, the yardstick of every ratio."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

MINIMAL_PATH = "/bench/minimal/"
MINIMAL_BODY = "Nothing is faster than this."


def minimal(request: HttpRequest) -> HttpResponse:
    """Answer with a short text."""
    return HttpResponse(MINIMAL_BODY)


urlpatterns = [path(MINIMAL_PATH.lstrip("/"), minimal)]
