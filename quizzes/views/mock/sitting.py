"""The questions of a mock, its review page, and its end."""

import secrets
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from prepsite.accounts import learners
from quizzes.mock import sitting, submitting
from quizzes.mock.forms import PaletteForm, SlotForm
from quizzes.mock.plans import PASS_PERCENT
from quizzes.mock.sitting import MockClosed, NoSuchMock, Place, Sitting, StrangeChoice
from quizzes.rendering import content_of, face_of

QUESTION = "quizzes/exam/question.html"
UNPROCESSABLE = 422
CONFLICT = 409


def sitting_or_404(request: HttpRequest, attempt_id: int, now: datetime) -> Sitting:
    """Fetch and authorise in one step; a mock whose time is up is closed by the way."""
    key = learners.current_key(request)
    if key is None:
        raise Http404
    try:
        found = sitting.get_sitting(key, attempt_id)
        attempt = found.attempt
        if not attempt.finished_at and not sitting.takes_choices(attempt.deadline, now):
            submitting.submit(attempt.pk, now)
            found = sitting.get_sitting(key, attempt_id)
    except NoSuchMock as error:
        raise Http404 from error
    return found


def _is_over(found: Sitting, now: datetime) -> bool:
    return bool(found.attempt.finished_at) or sitting.is_up(found.attempt.deadline, now)


@require_safe
@never_cache
def resume(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Go on with the first question that is open, or end on the review page."""
    now = timezone.now()
    found = sitting_or_404(request, attempt_id, now)
    if _is_over(found, now):
        return redirect("quizzes:exam-report", attempt_id)
    unanswered = found.shown("unanswered")
    if unanswered:
        return redirect("quizzes:exam-question", attempt_id, unanswered[0].number)
    return redirect("quizzes:exam-review", attempt_id)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request: HttpRequest, attempt_id: int, number: int) -> HttpResponse:
    """One question of a mock: shown, or saved as a whole."""
    now = timezone.now()
    if request.method == "POST":
        return _save(request, attempt_id, number, now)
    found = sitting_or_404(request, attempt_id, now)
    if _is_over(found, now):
        return redirect("quizzes:exam-report", attempt_id)
    return _question_page(request, found, number, now)


def _save(request: HttpRequest, attempt_id: int, number: int, now: datetime) -> HttpResponse:
    key = learners.current_key(request)
    if key is None:
        raise Http404
    form = SlotForm(request.POST)
    if not form.is_valid():
        return _refused(request, attempt_id, number, form, now)
    if "note" in request.POST:
        _keep_note(request, attempt_id, number, form.cleaned_data["note"], now)
    told: dict[str, object]
    try:
        if form.cleaned_data["look"]:
            spent = form.cleaned_data["spent"]
            told = {"left": sitting.add_time(key, attempt_id, number, spent, now)}
        else:
            saved = sitting.save(key, attempt_id, number, form.state(), now)
            told = {"saved": saved, "left": saved.seconds_left}
    except NoSuchMock as error:
        raise Http404 from error
    except MockClosed:
        return _late(request, attempt_id, number, is_fragment=form.cleaned_data["fragment"])
    except StrangeChoice:
        form.add_error("choice", "That is not one of the answers. Choose one below.")
        return _refused(request, attempt_id, number, form, now)
    if form.cleaned_data["fragment"]:
        return _fragment(request, told)
    return redirect(_go(request, attempt_id, number, now))


def _keep_note(
    request: HttpRequest, attempt_id: int, number: int, text: str, now: datetime
) -> None:
    """Keep a note, also one that comes too late for the mock: it is the learner's own."""
    found = sitting_or_404(request, attempt_id, now)
    place = found.place(number)
    if place is None:
        raise Http404
    question_id = content_of(place.version_id).question_id
    sitting.write_note(found.attempt.learner_id or 0, question_id, text.strip(), now)


def _fragment(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "quizzes/exam/_saved.html", context, status=status)


def _late(request: HttpRequest, attempt_id: int, number: int, *, is_fragment: bool) -> HttpResponse:
    context: dict[str, object] = {"late": True, "attempt_id": attempt_id, "number": number}
    if is_fragment:
        return _fragment(request, context, status=CONFLICT)
    return render(request, "quizzes/exam/late.html", context, status=CONFLICT)


def _refused(
    request: HttpRequest, attempt_id: int, number: int, form: SlotForm, now: datetime
) -> HttpResponse:
    """Say what is wrong with what was sent; nothing of it is saved."""
    if request.POST.get("fragment"):
        return _fragment(request, {"form": form}, status=UNPROCESSABLE)
    found = sitting_or_404(request, attempt_id, now)
    if _is_over(found, now):
        return _late(request, attempt_id, number, is_fragment=False)
    return _question_page(request, found, number, now, form)


def _go(request: HttpRequest, attempt_id: int, number: int, now: datetime) -> str:
    """Return where the pressed button leads: a number, on, back, to the review, or nowhere."""
    show = _show(request.POST.get("filter", request.GET.get("show", "")))
    go = request.POST.get("go", "")
    if go == "review":
        return reverse("quizzes:exam-review", args=[attempt_id])
    found = sitting_or_404(request, attempt_id, now)
    target = number
    if go.isdecimal() and found.place(int(go[:4])):
        target = int(go[:4])
    elif go in ("next", "previous"):
        next_number, previous = _neighbours(found, number, show)
        wanted = next_number if go == "next" else previous
        if wanted is None:
            return reverse("quizzes:exam-review", args=[attempt_id])
        target = wanted
    return _url(attempt_id, target, show)


def _url(attempt_id: int, number: int, show: str) -> str:
    url = reverse("quizzes:exam-question", args=[attempt_id, number])
    return f"{url}?show={show}" if show else url


def _show(value: str) -> str:
    form = PaletteForm({"show": value})
    return form.cleaned_data["show"] if form.is_valid() else ""


def _neighbours(found: Sitting, number: int, show: str) -> tuple[int | None, int | None]:
    """Return the next and the previous number that the filter leaves, each None at the end."""
    numbers = [place.number for place in found.shown(show)]
    after = next((other for other in numbers if other > number), None)
    before = next((other for other in reversed(numbers) if other < number), None)
    return after, before


def _question_page(
    request: HttpRequest,
    found: Sitting,
    number: int,
    now: datetime,
    form: SlotForm | None = None,
) -> HttpResponse:
    place = found.place(number)
    if place is None:
        raise Http404
    show = _show(request.GET.get("show", ""))
    next_number, previous = _neighbours(found, number, show)
    context = _frame(found, now) | {
        "place": place,
        "number": number,
        "show": show,
        "action": _url(found.attempt.pk, number, show),
        "shown": found.shown(show),
        "next_number": next_number,
        "previous": previous,
        "form": form,
    }
    if not place.withdrawn:
        context |= _slot_context(found, place, request.POST if form else None)
    with timezone.override(learners.time_zone_of(learners.current(request))):
        return render(request, QUESTION, context, status=UNPROCESSABLE if form else 200)


def _frame(found: Sitting, now: datetime) -> dict[str, object]:
    """Return what stands around every page of an open mock."""
    return {
        "attempt": found.attempt,
        "sitting": found,
        "n_items": len(found.places),
        "n_counted": len(found.counted),
        "left": sitting.seconds_left(found.attempt.deadline, now),
    }


def _slot_context(found: Sitting, place: Place, data: QueryDict | None) -> dict[str, object]:
    """Return the question and what the learner said about it last, or just now in vain."""
    content = content_of(place.version_id)
    notes = sitting.notes_on(found.attempt.learner_id or 0, [content.question_id])
    kept = notes.get(content.question_id, [])
    own = next((note.text for note in kept if note.merged_from_id is None), "")
    picked = str(place.picked_id or "") if data is None else data.get("choice", "")
    return {
        # Choices in the order of the file, as every learner meets them on the exam.
        "face": face_of(content, None),
        "picked": picked,
        "flagged": place.flagged if data is None else "flagged" in data,
        "struck": place.struck if data is None else "".join(data.getlist("struck")),
        "note": own if data is None else data.get("note", own),
        "other_notes": [note for note in kept if note.merged_from_id is not None],
        # Without a script a rendered form is a tab of its own, and sent once.
        "tab": secrets.token_urlsafe(12),
    }


@require_safe
@never_cache
def review(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """All questions at a glance before the mock is submitted; it warns of blanks."""
    now = timezone.now()
    found = sitting_or_404(request, attempt_id, now)
    if _is_over(found, now):
        return redirect("quizzes:exam-report", attempt_id)
    show = _show(request.GET.get("show", ""))
    context = _frame(found, now) | {
        "show": show,
        "shown": found.shown(show),
        "blanks": len(found.counted) - found.answered,
        "pass_percent": PASS_PERCENT,
    }
    with timezone.override(learners.time_zone_of(learners.current(request))):
        return render(request, "quizzes/exam/review.html", context)


@require_POST
@never_cache
def submit(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """End the mock now; a repetition finds it ended."""
    now = timezone.now()
    found = sitting_or_404(request, attempt_id, now)
    if not found.attempt.finished_at:
        submitting.submit(attempt_id, now)
    return redirect("quizzes:exam-report", attempt_id)


@require_POST
@never_cache
def discard(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Close the mock without a score; one whose time is up counts all the same."""
    now = timezone.now()
    found = sitting_or_404(request, attempt_id, now)
    if not found.attempt.finished_at:
        submitting.discard(attempt_id, now)
    return redirect("quizzes:exam-report", attempt_id)


def settling(found: Sitting, now: datetime) -> timedelta | None:
    """Return how long the last choices of a mock may still be on their way, or None."""
    attempt = found.attempt
    if attempt.finished_at or attempt.deadline is None or now <= attempt.deadline:
        return None
    return attempt.deadline + sitting.GRACE - now
