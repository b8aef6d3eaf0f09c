"""The account page, and what a learner tells about themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from prepsite.accounts import learners
from prepsite.accounts.forms import ExamDateForm


@require_safe
@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """The account: its address, and the way out."""
    return render(request, "account/index.html", {"learner": learners.current(request)})


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
