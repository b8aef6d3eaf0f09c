"""Pay by state: the list, a page for each state, up to four side by side."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url, replace_url
from django_htmx.middleware import HtmxDetails

from careers import lastmod
from careers.builders import BUILDERS
from careers.builders.states import TABLE, state_table
from careers.guide import read_topic
from careers.models import NATION, Block, Page, StatePay
from careers.oews.latest import Release, read_release
from careers.publicpages import compare_meta, state_meta, topic_meta
from careers.states import comparison
from careers.states.forms import TableForm
from careers.states.portrait import portray
from careers.states.table import build_table
from prepsite.content.pagecache import same_for_all

# The id of the field whose letters filter the table while they are typed.
FILTER = "state-filter"


def _is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part; going back in history wants the page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def _release() -> Release:
    """Return the official wages; without any there is nothing to show or compare."""
    release = read_release()
    if release is None:
        raise Http404
    return release


@require_safe
@same_for_all
@vary_on_headers("HX-Request")
def states(request: HttpRequest) -> HttpResponse:
    """Map and table of official wages, and the guide's own figures apart from them."""
    form = TableForm(request.GET)
    query = form.query(request.GET.getlist("state"))
    status = 400 if form.problem else 200
    if _is_htmx(request):
        table = build_table(_release(), query, form.problem)
        response = render(request, f"{TABLE}#rows", {"shapes": table}, status=status)
        # Each letter of the filter is not a step to go back to.
        typed = request.htmx.trigger == FILTER  # type: ignore[attr-defined]
        return (replace_url if typed else push_url)(response, table.query.url)
    asked = partial(state_table, query=query, problem=form.problem)
    topic = read_topic("states", {**BUILDERS, Block.STATE_TABLE: asked})
    if topic is None:
        raise Http404
    # However sorted and filtered, it is the same table: search engines get its plain address.
    context = {"topic": topic, "meta": topic_meta(topic)}
    return render(request, "careers/states.html", context, status=status)


@require_safe
@same_for_all
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one state, the District of Columbia or a territory; the nation has the overview."""
    if slug == NATION:
        return redirect("careers:index")
    portrait = portray(_release(), slug)
    if portrait is None:
        raise Http404
    pages = list(Page.objects.all())
    changed_on = lastmod.date_of_states(pages, lastmod.newest_changes(lastmod.STATE_TABLES))
    context = {
        "meta": state_meta(portrait.wage, portrait.description, changed_on),
        "portrait": portrait,
        "guide_figures": StatePay.objects.for_page().filter(area=portrait.area),
        "pages": pages,
    }
    return render(request, "careers/state.html", context)


@require_safe
@same_for_all
@vary_on_headers("HX-Request")
def compare(request: HttpRequest) -> HttpResponse:
    """Set up to four states side by side; a key that names no area is answered with 400."""
    compared = comparison.compare(_release(), request.GET.getlist("state"))
    status = 400 if compared.unknown else 200
    context: dict[str, object] = {"comparison": compared}
    if _is_htmx(request):
        response = render(request, "careers/compare.html#comparison", context, status=status)
        return push_url(response, compared.url)
    asked = bool(compared.columns or compared.unknown)
    context["pages"] = Page.objects.all()
    context["meta"] = compare_meta(compared.title, indexed=False) if asked else compare_meta()
    return render(request, "careers/compare.html", context, status=status)
