"""Telling us that an item is wrong: from its feedback, with or without an account."""

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from prepsite.accounts import learners
from quizzes import reports
from quizzes.forms import ReportForm
from quizzes.rendering import content_of
from quizzes.sessions import NoSuchSession, get_session

UNPROCESSABLE = 422
TOO_MANY = 429


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest, attempt_id: int, number: int) -> HttpResponse:
    """Report an answered question, and see what one has reported about it."""
    key = learners.current_key(request)
    if key is None:
        raise Http404
    try:
        place = get_session(key, attempt_id).slot(number)
    except NoSuchSession as error:
        raise Http404 from error
    if place is None or not place.is_answered or place.withdrawn:
        raise Http404
    form = ReportForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                if not ratelimit.consume(request, action="report_question"):
                    raise reports.TooManyReports
                reports.take(place.answer_id, now=timezone.now(), **form.cleaned_data)
                return redirect("quizzes:report", attempt_id, number)
            except reports.TooManyReports:
                status = TOO_MANY
                form.add_error(None, "Thank you, that is a lot for one day. Go on tomorrow.")
    return render(
        request,
        "quizzes/report.html",
        {
            "form": form,
            "content": content_of(place.version_id),
            "attempt_id": attempt_id,
            "number": number,
            "sent": reports.reports_on(place.answer_id),
        },
        status=status,
    )
