"""What a learner has done so far."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from prepsite.accounts import learners
from quizzes import notices
from quizzes import progress as domain
from quizzes.mock import submitting


@require_safe
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """Progress by subject and area, days active, and the latest sessions."""
    learner = learners.current(request)
    now = timezone.now()
    if learner:
        # What is over counts, also where nobody has come back to it.
        submitting.open_mock_of(learner, now)
    zone = learners.time_zone_of(learner)
    with timezone.override(zone):
        return render(
            request,
            "quizzes/progress.html",
            {
                "progress": domain.progress_of(learner, zone, now) if learner else None,
                "notices": notices.unseen(learner) if learner else [],
                "has_account": request.user.is_authenticated,
            },
        )
