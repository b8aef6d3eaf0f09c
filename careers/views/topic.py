"""The pages of the guide that are all the same for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from careers import publicpages
from careers.guide import Topic, read_topic
from careers.models import OVERVIEW
from prepsite.content.pagecache import same_for_all


@require_safe
@same_for_all
def index(request: HttpRequest) -> HttpResponse:
    """Show the overview; it stands before anything is loaded too."""
    topic = read_topic(OVERVIEW)
    if topic is None:
        return render(request, "careers/empty.html", {"meta": publicpages.EMPTY})
    return _page(request, topic)


@require_safe
@same_for_all
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page of the guide."""
    found = read_topic(slug) if slug != OVERVIEW else None
    if found is None:
        raise Http404
    return _page(request, found)


def _page(request: HttpRequest, topic: Topic) -> HttpResponse:
    return render(
        request, "careers/topic.html", {"topic": topic, "meta": publicpages.topic_meta(topic)}
    )
