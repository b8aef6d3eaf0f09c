"""The public log of figures that changed, as pages and as a feed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careers.changelist import read_page
from careers.feeds import ChangesFeed
from careers.guide import read_topic
from careers.models import CHANGES
from careers.publicpages import changes_meta
from prepsite.content.pagecache import same_for_all


@require_safe
@same_for_all
def changes(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Show a page of the log; the first one has its address without a number only."""
    log = read_page(number or 1) if number is None or number > 1 else None
    topic = read_topic(CHANGES) if log else None
    if log is None or topic is None:
        raise Http404
    context = {"topic": topic, "log": log, "meta": changes_meta(topic, log.number)}
    return render(request, "careers/changes.html", context)


@require_safe
@same_for_all
def feed(request: HttpRequest) -> HttpResponse:
    """Send the newest changes as an Atom feed."""
    return ChangesFeed()(request)
