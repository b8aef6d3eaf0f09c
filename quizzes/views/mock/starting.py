"""The start page of the mock exam, and starting one."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from prepsite.accounts import learners
from prepsite.accounts.models import Learner
from quizzes import practice
from quizzes.mock import reporting, sitting, submitting
from quizzes.mock.assembling import AreaCount, AreaShare, assemble, shares
from quizzes.mock.forms import PlanForm
from quizzes.mock.plans import LENGTHS, OWN_MOST, PASS_PERCENT, Plan
from quizzes.models import Area, Attempt
from quizzes.pool import Pool, pool_on


@dataclass(frozen=True)
class Offer:
    """A length with its time at the exam's pace, and what the bank can give of it."""

    count: int
    minutes: int
    possible: int
    lacking: list[str]


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """What a mock is, what can be had today, and the mocks so far."""
    return _page(request, learners.current(request), timezone.now(), None)


def _page(
    request: HttpRequest, learner: Learner | None, now: datetime, form: PlanForm | None
) -> HttpResponse:
    exam_date = learners.exam_date_of(learner, now)
    pool = pool_on(exam_date)
    areas = list(Area.objects.all())
    names = {area.slug: area.name for area in areas}
    by_exam = [_share_line(share, names) for share in _shares(areas, pool, LENGTHS[0])]
    chosen = form.data if form else {"length": str(LENGTHS[0]), "pace": "1", "number": "20"}
    with timezone.override(learners.time_zone_of(learner)):
        return render(
            request,
            "quizzes/exam/start.html",
            {
                "form": form,
                "chosen": chosen,
                "chosen_areas": request.POST.getlist("areas") if form else [],
                "offers": [_offer(areas, pool, length, names) for length in LENGTHS],
                "shares": by_exam,
                "own_most": OWN_MOST,
                "pass_percent": PASS_PERCENT,
                "exam_date": exam_date,
                "total": len(pool.items),
                "open_mock": submitting.open_mock_of(learner, now) if learner else None,
                "results": reporting.results(learner.pk) if learner else [],
            },
            status=422 if form else 200,
        )


def _counts(areas: Sequence[Area]) -> list[AreaCount]:
    return [AreaCount(area.slug, area.exam_count) for area in areas]


def _shares(areas: Sequence[Area], pool: Pool, length: int) -> list[AreaShare]:
    # Any seed will do: it moves no area by more than one question.
    return shares(_counts(areas), pool.items, length, seed=0)


def _share_line(share: AreaShare, names: dict[str, str]) -> dict[str, object]:
    return {"share": share, "name": names[share.slug]}


def _offer(areas: Sequence[Area], pool: Pool, length: int, names: dict[str, str]) -> Offer:
    found = _shares(areas, pool, length)
    possible = sum(min(share.wanted, share.available) for share in found)
    time = Plan(length).time_for(possible)
    return Offer(
        count=length,
        minutes=round(time.total_seconds() / 60) if time else 0,
        possible=possible,
        lacking=[f"{names[share.slug]} ({share.missing})" for share in found if share.missing],
    )


@require_POST
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Start a mock, or lead to the one that is open."""
    now = timezone.now()
    learner = learners.current(request)
    areas = list(Area.objects.all())
    form = PlanForm(request.POST, areas=[(area.slug, area.name) for area in areas])
    if not form.is_valid():
        return _page(request, learner, now, form)
    plan = form.plan()
    pool = pool_on(learners.exam_date_of(learner, now))
    seed = secrets.randbits(62)
    wanted = [area for area in areas if plan.is_blueprint or area.slug in plan.areas]
    seen = practice.seen_by(learner)
    items = assemble(_counts(wanted), pool.items, seen, plan.count, seed)
    if not items:
        form.add_error(None, "There are no questions on this for your exam date.")
        return _page(request, learner, now, form)
    learner = learner or learners.current_or_new(request)
    try:
        if standing := submitting.open_mock_of(learner, now):
            raise sitting.MockOpen(standing.pk)
        attempt: Attempt = sitting.start(learner, plan, items, seed, now)
    except sitting.MockOpen as error:
        return redirect("quizzes:exam-resume", error.attempt_id)
    except sitting.NobodyToSitIt:
        return redirect("quizzes:exam")
    return redirect("quizzes:exam-question", attempt.pk, 1)
