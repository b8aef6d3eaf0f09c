"""The pages of the salary and outlook guide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careers.guide import read_guide
from prepsite.content.pagecache import public_page


@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show the whole guide on one page."""
    return render(request, "careers/index.html", {"guide": read_guide()})
