"""Choosing a session, its questions, and its summary."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from prepsite.accounts import learners
from prepsite.accounts.forms import ExamDateForm
from prepsite.accounts.models import Learner
from prepsite.content import revision
from quizzes import notices, practice, progress
from quizzes.forms import AgainForm, AnswerForm, PracticeForm, StartForm
from quizzes.mock import reporting, submitting
from quizzes.mock.sitting import NoSuchMock
from quizzes.models import Attempt
from quizzes.pool import Pool, pool_on
from quizzes.rendering import ChoiceContent, VersionContent, content_of, face_of
from quizzes.sessions import NoSuchSession, Session, Slot, get_session, summary_lines
from quizzes.shares import Shares, shares_of

QUESTION = "quizzes/question.html"
UNPROCESSABLE = 422


@require_safe
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a subject, area or topic and a number of questions."""
    now = timezone.now()
    learner = learners.current(request)
    return _choose_page(request, learner, now, None)


def _chosen_count(form: PracticeForm | None) -> int:
    """Return the number that a refused form chose, or the usual one."""
    return (
        form.cleaned_data.get("count", practice.DEFAULT_COUNT) if form else practice.DEFAULT_COUNT
    )


def _choose_page(
    request: HttpRequest, learner: Learner | None, now: datetime, form: PracticeForm | None
) -> HttpResponse:
    exam_date = learners.exam_date_of(learner, now)
    pool = pool_on(exam_date)
    return render(
        request,
        "quizzes/choose.html",
        {
            "form": form,
            "counts": practice.COUNTS,
            "chosen_count": _chosen_count(form),
            "pool": pool,
            "total": len(pool.items),
            "exam_date": exam_date,
            "exam_date_form": ExamDateForm(
                initial={"exam_date": learner.exam_date if learner else None}
            ),
            "open_mock": submitting.open_mock_of(learner, now) if learner else None,
            "open_sessions": progress.open_sessions(learner, now) if learner else [],
            "notices": notices.unseen(learner) if learner else [],
        },
        status=400 if form else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
def new(request: HttpRequest) -> HttpResponse:
    """The first question of a session; answering it is what starts the session."""
    now = timezone.now()
    if request.method == "POST":
        return _start(request, now)
    learner = learners.current(request)
    pool = pool_on(learners.exam_date_of(learner, now))
    if "again" in request.GET or "mock" in request.GET:
        start = _missed_again(request, learner, pool)
        if start is None:
            return redirect("quizzes:choose")
    else:
        form = PracticeForm(request.GET, pool=pool)
        if not form.is_valid():
            return _choose_page(request, learner, now, form)
        start = practice.plan(
            pool, form.cleaned_data["scope"], form.cleaned_data["count"], practice.seen_by(learner)
        )
    return _first_question(request, start)


def _missed_again(
    request: HttpRequest, learner: Learner | None, pool: Pool
) -> practice.Start | None:
    """Return a session over what was missed in an earlier one, or in a mock."""
    form = AgainForm(request.GET)
    if learner is None or not form.is_valid():
        raise Http404
    key = learners.key_of(learner)
    again, mock = form.cleaned_data["again"], form.cleaned_data["mock"]
    if again:
        return practice.plan_again(pool, _session_or_404(key, again))
    try:
        ended = reporting.get_scored(key, mock)
    except NoSuchMock as error:
        raise Http404 from error
    return practice.plan_over(pool, reporting.missed_questions(ended), "", ended.title)


def _first_question(
    request: HttpRequest, start: practice.Start, form: AnswerForm | None = None
) -> HttpResponse:
    content = content_of(start.versions[0])
    context = {
        "face": face_of(content, start.seed),
        "title": start.title,
        "number": 1,
        "n_items": len(start.versions),
        "answered": 0,
        "action": reverse("quizzes:new"),
        "start_token": start.token(),
        "form": form,
    }
    return _render_slot(request, context, status=UNPROCESSABLE if form else 200)


def _start(request: HttpRequest, now: datetime) -> HttpResponse:
    """Save the first answer, and with it learner, session and slots."""
    start_form = StartForm(request.POST)
    try:
        if not start_form.is_valid():
            raise practice.BadStart
        start = practice.read_token(start_form.cleaned_data["start"])
        content = content_of(start.versions[0])
        if content.cpt_content and not revision.current().show_cpt_content:
            raise practice.BadStart
        form = AnswerForm(request.POST, content=content)
        if not form.is_valid():
            return _first_question(request, start, form)
        learner, attempt = _open(request, start, now)
    except (practice.BadStart, KeyError):
        return _notice(request, "quizzes/start_expired.html")
    key = learners.key_of(learner)
    session = _session_or_404(key, attempt.pk)
    return _save_and_show(request, key, session, session.slots[0], form, now)


def _open(request: HttpRequest, start: practice.Start, now: datetime) -> tuple[Learner, Attempt]:
    """Return who starts, and the attempt.

    A browser that lost the first response gets its learner back, also where the first
    request is still under way. Raises BadStart where the start is somebody else's.
    """
    learner = learners.current(request)
    is_unknown = learner is None and not request.user.is_authenticated
    twin = practice.find_twin(start, now) if is_unknown else None
    if twin is None:
        learner = learner or learners.current_or_new(request)
        try:
            return learner, practice.open_attempt(start, learner, now)
        except practice.BadStart:
            twin = practice.find_twin(start, now) if is_unknown else None
            if twin is None:
                raise
            learners.forget(request)
            learner.delete()
    if twin.learner is None or not practice.may_adopt(twin, now):
        raise practice.BadStart
    learners.adopt(request, twin.learner)
    return twin.learner, twin


def _notice(request: HttpRequest, template: str) -> HttpResponse:
    """Say that this session takes no answer; htmx takes the sheet out of the page."""
    response = render(request, template, status=409)
    if _is_htmx(request):
        response["HX-Reselect"] = "#slot"
    return response


def _session_or_404(key: learners.LearnerKey | None, attempt_id: int) -> Session:
    """Fetch and authorise in one step: strangers find nothing."""
    if key is None:
        raise Http404
    try:
        return get_session(key, attempt_id)
    except NoSuchSession as error:
        raise Http404 from error


@require_safe
@never_cache
def resume(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """Go on where the session was left."""
    session = _session_or_404(learners.current_key(request), attempt_id)
    return _to_next(session, timezone.now())


def _to_next(session: Session, now: datetime) -> HttpResponseRedirect:
    slot = session.next_open()
    if slot is None or session.is_closed(now):
        return redirect("quizzes:summary", session.attempt_id)
    return redirect("quizzes:slot", session.attempt_id, slot.number)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
def slot(request: HttpRequest, attempt_id: int, number: int) -> HttpResponse:
    """One question of a session, or its feedback once it is answered."""
    now = timezone.now()
    key = learners.current_key(request)
    session = _session_or_404(key, attempt_id)
    place = session.slot(number)
    if key is None or place is None:
        raise Http404
    if place.withdrawn:
        return _render_slot(request, {"withdrawn": True, **_frame(session, place)})
    content = content_of(place.version_id)
    if request.method == "POST":
        if session.is_closed(now) and not place.is_answered:
            return _notice(request, "quizzes/session_closed.html")
        form = AnswerForm(request.POST, content=content)
        if place.is_answered or form.is_valid():
            return _save_and_show(request, key, session, place, form, now)
        return _question(request, session, place, content, form)
    if place.is_answered:
        return _feedback(request, session, place, content)
    if session.is_closed(now) or place != session.next_open():
        return _to_next(session, now)
    return _question(request, session, place, content)


def _save_and_show(
    request: HttpRequest,
    key: learners.LearnerKey,
    session: Session,
    place: Slot,
    form: AnswerForm,
    now: datetime,
) -> HttpResponse:
    """Save the answer if the slot has none, then show what is saved, whoever saved it."""
    content = content_of(place.version_id)
    if not place.is_answered:
        choice = form.cleaned_data["choice"]
        millis = form.cleaned_data["millis"]
        if practice.answer(key.pk, place, content, choice, now, millis):
            session = session.with_answer(place, choice.id, content.is_correct(choice), now)
        else:
            session = _session_or_404(key, session.attempt_id)
            if not session.slots[place.number - 1].is_answered:
                return _notice(request, "quizzes/session_closed.html")
        if session.next_open() is None:
            practice.finish(session.attempt_id, now)
    url = reverse("quizzes:slot", args=[session.attempt_id, place.number])
    if not _is_htmx(request):
        return redirect(url)
    response = _feedback(request, session, session.slots[place.number - 1], content)
    # The feedback takes the question's place in history: Back never leads to a form anew.
    response["HX-Replace-Url"] = url
    return response


def _frame(session: Session, place: Slot) -> dict[str, object]:
    """Return what stands around every slot of a session."""
    return {
        "title": session.title,
        "number": place.number,
        "n_items": len(session.slots),
        "answered": session.answered,
        "correct_count": session.correct,
        "attempt_id": session.attempt_id,
        "next_slot": session.next_open(),
        "action": reverse("quizzes:slot", args=[session.attempt_id, place.number]),
    }


def _question(
    request: HttpRequest,
    session: Session,
    place: Slot,
    content: VersionContent,
    form: AnswerForm | None = None,
) -> HttpResponse:
    context = _frame(session, place) | {"face": face_of(content, session.seed), "form": form}
    return _render_slot(request, context, status=UNPROCESSABLE if form else 200)


@dataclass(frozen=True)
class Verdict:
    """A choice in the feedback: where it stood, and what became of it."""

    label: str
    choice: ChoiceContent
    picked: bool
    percent: int | None = None


def verdicts_of(
    content: VersionContent, seed: int, picked_id: int | None, shares: Shares | None = None
) -> list[Verdict]:
    """Return the choices as the learner saw them, each with what became of it.

    With ``shares`` each says how many percent of the learners chose it.
    """
    percents = shares.percents if shares else {}
    return [
        Verdict(label, choice, choice.id == picked_id, percents.get(choice.letter))
        for label, choice in zip("ABCD", content.in_order(seed), strict=True)
    ]


def _feedback(
    request: HttpRequest, session: Session, place: Slot, content: VersionContent
) -> HttpResponse:
    shares = shares_of(place.version_id)
    context = _frame(session, place) | {
        "content": content,
        "correct": place.correct,
        "verdicts": verdicts_of(content, session.seed, place.picked_id, shares),
        "shares": shares,
    }
    return _render_slot(request, context)


def _is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks for the slot alone; going back in history wants the page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def _render_slot(
    request: HttpRequest, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Render the whole page, or for htmx the part that changes."""
    template = f"{QUESTION}#slot" if _is_htmx(request) else QUESTION
    return render(request, template, context, status=status)


@require_safe
@never_cache
def summary(request: HttpRequest, attempt_id: int) -> HttpResponse:
    """How a session went: the score, and every item with the learner's answer."""
    session = _session_or_404(learners.current_key(request), attempt_id)
    now = timezone.now()
    if not session.is_closed(now) and session.answered == 0:
        return _to_next(session, now)
    lines = summary_lines(session)
    shown = [line for line in lines if line.slot.is_answered and not line.slot.withdrawn]
    return render(
        request,
        "quizzes/summary.html",
        {
            "session": session,
            "lines": shown,
            "cpt_year": max(
                (line.content.code_years[-1] for line in shown if line.content.cpt_content),
                default=None,
            ),
            "rescored_count": sum(bool(line.rescored) for line in shown),
            "open_count": sum(
                not line.slot.is_answered and not line.slot.withdrawn for line in lines
            ),
            "withdrawn_count": sum(line.slot.withdrawn for line in lines),
            "is_open": not session.is_closed(now),
            "percent": round(100 * session.correct / session.answered) if session.answered else 0,
        },
    )
