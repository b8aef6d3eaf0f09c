"""The account page, and what a learner tells about themselves."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from prepsite.accounts import joining, learners
from prepsite.accounts.forms import ExamDateForm, ProfileForm
from prepsite.accounts.models import Learner
from prepsite.content.display import Display

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The account: profile, security, own data, and the way out."""
    if request.method == "POST":
        form = ProfileForm(request.POST)
        if form.is_valid():
            _save_profile(request, learners.current_or_new(request), form.cleaned_data)
            messages.success(request, "Your profile is saved.")
            return redirect("account")
    else:
        form = ProfileForm(initial=_profile_of(learners.current(request) or Learner()))
    context = {"form": form, "offer": joining.offer_of(request)}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "account/index.html", context, status=status)


def _profile_of(learner: Learner) -> dict[str, Any]:
    """Return the form's values; an exam date that has passed counts no more."""
    today = timezone.localdate()
    ahead = learner.exam_date if learner.exam_date and learner.exam_date >= today else None
    return {
        "exam_date": ahead,
        "time_zone": learner.time_zone,
        "theme": learner.theme,
        "shortcuts": learner.shortcuts,
    }


def _save_profile(request: HttpRequest, learner: Learner, values: dict[str, Any]) -> None:
    # Only a change counts as a new choice: at a merge, the date that was set last holds.
    if values["exam_date"] != learner.exam_date:
        learners.set_exam_date(learner, values["exam_date"])
    learner.time_zone = values["time_zone"]
    learner.save(update_fields=["time_zone"])
    learners.set_display(request, learner, Display(values["theme"], values["shortcuts"]))


@require_POST
@never_cache
def exam_date(request: HttpRequest) -> HttpResponse:
    """Keep the exam date, which decides which items are valid for the learner."""
    form = ExamDateForm(request.POST)
    if not form.is_valid():
        return render(request, "account/exam_date.html", {"exam_date_form": form}, status=422)
    chosen = form.cleaned_data["exam_date"]
    learners.set_exam_date(learners.current_or_new(request), chosen)
    if not request.user.is_authenticated:
        # A message would need a session; the page itself says which date counts.
        return redirect("quizzes:choose")
    if chosen:
        messages.success(request, f"Exam date set to {chosen:%B} {chosen.day}, {chosen.year}.")
    else:
        messages.success(request, "Exam date cleared. Questions valid today are shown.")
    return redirect("quizzes:choose")
