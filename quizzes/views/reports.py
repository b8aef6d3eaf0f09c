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
from quizzes.models import Attempt
from quizzes.rendering import content_of
from quizzes.sessions import NoSuchSession, get_session

UNPROCESSABLE = 422
TOO_MANY = 429


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(
    request: HttpRequest,
    attempt_id: int,
    number: int,
    mode: str = Attempt.Mode.PRACTICE.value,
) -> HttpResponse:
    """Report an answered question, and see what one has reported about it."""
    key = learners.current_key(request)
    if key is None:
        raise Http404
    try:
        place = get_session(key, attempt_id, mode).slot(number)
    except NoSuchSession as error:
        raise Http404 from error
    if place is None or not place.is_answered or place.withdrawn:
        raise Http404
    back = f"/practice/{attempt_id}/{number}/"
    if mode == Attempt.Mode.MOCK:
        back = f"/exam/{attempt_id}/report/#question-{number}"
    form = ReportForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                if not ratelimit.consume(request, action="report_question"):
                    raise reports.TooManyReports
                reports.take(place.answer_id, now=timezone.now(), **form.cleaned_data)
                return redirect(request.path)
            except reports.TooManyReports:
                status = TOO_MANY
                form.add_error(None, "Thank you, that is a lot for one day. Go on tomorrow.")
    return render(
        request,
        "quizzes/report.html",
        {
            "form": form,
            "content": content_of(place.version_id),
            "number": number,
            "is_mock": mode == Attempt.Mode.MOCK,
            "back": back,
            "sent": reports.reports_on(place.answer_id),
        },
        status=status,
    )
