"""The pages that stand above all rooms: home, about, errors, health."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prepsite import publicpages
from prepsite.accounts import learners
from prepsite.content.pagecache import public_page, same_for_all
from prepsite.styleguide import samples
from quizzes import pool, progress

# A stale token on these pages can be met by sending the same fields again: they hold a
# learner's answer, and no password.
RESENDABLE = ("/practice/", "/exam/", "/accounts/exam-date/")


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponse:
    """What this is, how to start at once, and for a returning learner where to go on."""
    now = timezone.now()
    learner = learners.current(request)
    exam_date = learners.exam_date_of(learner, now)
    return render(
        request,
        "home.html",
        {
            "meta": publicpages.HOME,
            "subjects": pool.subject_counts(exam_date),
            "item_count": pool.item_count(exam_date),
            "exam_date": exam_date,
            "open_sessions": progress.open_sessions(learner, now)[:3] if learner else [],
        },
    )


@require_safe
@same_for_all
def about(request: HttpRequest) -> HttpResponse:
    """Who makes this and why it is free."""
    return render(request, "about/index.html", {"meta": publicpages.ABOUT})


@require_safe
@same_for_all
def about_items(request: HttpRequest) -> HttpResponse:
    """How items are made and what review they have had."""
    return render(
        request,
        "about/items.html",
        {"meta": publicpages.ITEMS, "review": pool.review_facts(timezone.localdate())},
    )


@require_safe
@same_for_all
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, and how to have it erased."""
    return render(request, "about/privacy.html", {"meta": publicpages.PRIVACY})


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for staff and in DEBUG."""
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404
    return render(request, "styleguide.html", {"tabs": pool.area_tabs(), **samples()})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and has every migration; 503 says what is missing."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"ready": False, "why": "database unreachable"}, status=503)
    if pending:
        return JsonResponse({"ready": False, "why": "migrations missing"}, status=503)
    return JsonResponse({"ready": True})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Meet a stale token: keep what was entered and offer to send it again.

    Signing in from another tab changes the token. Fields are offered again only where
    the browser says that they come from this very site, so that nobody else's form can
    borrow the button.
    """
    fields = []
    if request.path.startswith(RESENDABLE) and _is_same_origin(request):
        fields = [
            (name, value)
            for name, values in request.POST.lists()
            if name != "csrfmiddlewaretoken"
            for value in values
        ]
    template = (
        "errors/csrf.html#resend" if request.headers.get("HX-Request") else "errors/csrf.html"
    )
    return render(request, template, {"fields": fields}, status=403)


def _is_same_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(str(origin)).netloc == request.get_host()
