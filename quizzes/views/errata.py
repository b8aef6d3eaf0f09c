"""The public page of errata, and putting away the notices that lead there."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from prepsite.accounts import learners
from prepsite.content.pagecache import public_page
from quizzes import errata as domain
from quizzes import notices, publicpages
from quizzes.forms import NoticesForm
from quizzes.models import Area


@require_safe
@public_page
def errata(request: HttpRequest, area: str = "", page: int = 1) -> HttpResponse:
    """Decided reports, the latest first. Area and page stand in the path, so each is cached."""
    chosen = get_object_or_404(Area, slug=area) if area else None
    pages = Paginator(domain.listed(chosen), domain.PER_PAGE)
    if page not in pages.page_range:
        raise Http404
    found = pages.page(page)
    # An area in which nothing was reported is an empty page, and not one to be found.
    indexed = chosen is None or bool(pages.count)
    return render(
        request,
        "quizzes/errata.html",
        {
            "meta": publicpages.errata_meta(chosen, page, indexed=indexed),
            "page": found,
            "entries": domain.entries_of(found),
            "areas": domain.listed_areas(),
            "chosen": chosen,
            "base": f"/errata/{chosen.slug}/" if chosen else "/errata/",
        },
    )


@require_POST
@never_cache
def put_away(request: HttpRequest) -> HttpResponse:
    """Put the shown notices away for good, and go back to where they stood."""
    learner = learners.current(request)
    form = NoticesForm(request.POST)
    if learner is None or not form.is_valid():
        raise Http404
    notices.put_away(learner, form.cleaned_data["last"], timezone.now())
    return redirect(form.cleaned_data["back"])
