"""The score report of a mock."""

from datetime import timedelta
from math import ceil

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prepsite.accounts import learners
from prepsite.charts import bar_chart
from quizzes.mock import reporting
from quizzes.mock.forms import ReportFilterForm
from quizzes.mock.plans import PASS_PERCENT
from quizzes.mock.sitting import NoSuchMock
from quizzes.models import Attempt
from quizzes.views.mock.sitting import settling, sitting_or_404


@require_safe
@never_cache
def report(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """How a mock went. One that is open leads back to its questions."""
    key = learners.current_key(request)
    if key is None:
        raise Http404
    try:
        attempt = reporting.get_scored(key, attempt_id)
    except NoSuchMock:
        return _not_scored(request, attempt_id)
    form = ReportFilterForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    found = reporting.report_of(attempt)
    rows = [
        (area.tab, area.result.score.correct, area.result.score.total, area.result.score.total)
        for area in found.areas
    ]
    with timezone.override(learners.time_zone_of(attempt.learner)):
        return render(
            request,
            "quizzes/exam/report.html",
            {
                "report": found,
                "attempt": attempt,
                "used": in_words(found.used),
                "show": show,
                "filters": [
                    ("", "All", len(found.lines)),
                    *((name, name.capitalize(), n) for name, n in found.counts.items()),
                ],
                "lines": found.shown(show),
                "chart": bar_chart(rows, PASS_PERCENT),
                "earlier": reporting.earlier(attempt),
                "pass_percent": PASS_PERCENT,
                "pace": round(found.plan.seconds_a_question),
                "cpt_year": max(
                    (
                        line.content.code_years[-1]
                        for line in found.lines
                        if line.content.cpt_content
                    ),
                    default=None,
                ),
            },
        )


def in_words(time: timedelta) -> str:
    """Return a time in hours and minutes, such as 3 h 05 min."""
    hours, minutes = divmod(round(time.total_seconds() / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _not_scored(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Lead on from a mock without a report, or wait for its last choices."""
    now = timezone.now()
    found = sitting_or_404(request, attempt_id, now)
    if (wait := settling(found, now)) is not None:
        response = render(request, "quizzes/exam/settling.html", {"attempt": found.attempt})
        response["Refresh"] = str(ceil(wait.total_seconds()) + 1)
        return response
    if not found.attempt.finished_at:
        return redirect("quizzes:exam-resume", attempt_id)
    if found.attempt.ending in reporting.SCORED:
        # Closed by this very request.
        return redirect(request.get_full_path())
    is_merged = found.attempt.ending == Attempt.Ending.MERGED
    context = {"attempt": found.attempt, "is_merged": is_merged}
    return render(request, "quizzes/exam/unscored.html", context)
