"""Django's minimal view, the yardstick of every ratio, and what server and load agree on."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

MINIMAL_PATH = "/bench/minimal/"
MINIMAL_BODY = "Nothing is faster than this."
STATEMENTS_HEADER = "X-Statements"
PROFILE = "profile"  # a file in VAR_DIR


def minimal(request: HttpRequest) -> HttpResponse:
    """Answer with a short text."""
    return HttpResponse(MINIMAL_BODY)


urlpatterns = [path(MINIMAL_PATH.lstrip("/"), minimal)]
