"""Which learner a request belongs to: the account's, or the one its cookie names."""

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.signing import BadSignature
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from prepsite.accounts import registry
from prepsite.accounts.models import Learner, Merge, User
from prepsite.content import display

COOKIE_SALT = "prepsite.accounts.learner"
COOKIE_SECONDS = 2 * 365 * 24 * 3600

# The cookie that a response must carry: a learner's id to set, 0 to delete.
_PENDING = "_learner_cookie"


class LearnerKey(NamedTuple):
    """Names a learner without reading the row.

    Whoever uses the key of an anonymous learner must check in their own statement that
    the row still has no account: a cookie opens nobody's account.
    """

    pk: int
    is_anonymous: bool


def key_of(learner: Learner) -> LearnerKey:
    """Return the key of a learner that was read already."""
    return LearnerKey(learner.pk, learner.user_id is None)


def current_key(request: HttpRequest) -> LearnerKey | None:
    """Return the key of the request's learner; costs nothing without an account."""
    if request.user.is_authenticated:
        learner = current(request)
        return key_of(learner) if learner else None
    pk = _cookie_pk(request)
    return LearnerKey(pk, is_anonymous=True) if pk else None


def current(request: HttpRequest) -> Learner | None:
    """Return the request's learner, or None before the first answer. One statement."""
    if request.user.is_authenticated:
        return getattr(request.user, "learner", None)
    pk = _cookie_pk(request)
    if pk is None:
        return None
    return Learner.objects.filter(pk=pk, user=None, merged_into=None).first()


def current_or_new(request: HttpRequest) -> Learner:
    """Return the request's learner, making one if there is none yet.

    Only POST handlers call this, so that crawlers leave no rows.
    """
    learner = current(request)
    if learner:
        return learner
    if isinstance(request.user, User):
        learner = _for_user(request.user)
    else:
        learner = Learner.objects.create()
        adopt(request, learner)
    return learner


def adopt(request: HttpRequest, learner: Learner) -> None:
    """Let the browser carry this anonymous learner from now on."""
    setattr(request, _PENDING, learner.pk)


def forget(request: HttpRequest) -> None:
    """Take the learner out of this browser."""
    setattr(request, _PENDING, 0)


def _for_user(user: User) -> Learner:
    """Return the account's learner, made now if it has none; safe against a twin request."""
    try:
        with transaction.atomic():
            return Learner.objects.get_or_create(user=user)[0]
    except IntegrityError:
        return Learner.objects.get(user=user)


def _cookie_pk(request: HttpRequest) -> int | None:
    pending = getattr(request, _PENDING, None)
    if pending is not None:
        return pending or None
    try:
        value = request.get_signed_cookie(
            settings.LEARNER_COOKIE_NAME, salt=COOKIE_SALT, max_age=COOKIE_SECONDS
        )
        return int(value or "")
    except (KeyError, BadSignature, ValueError):
        return None


def write_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Set or delete the learner cookie as this request decided."""
    pending = getattr(request, _PENDING, None)
    if pending:
        response.set_signed_cookie(
            settings.LEARNER_COOKIE_NAME,
            str(pending),
            salt=COOKIE_SALT,
            max_age=COOKIE_SECONDS,
            secure=settings.LEARNER_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    elif pending == 0 and settings.LEARNER_COOKIE_NAME in request.COOKIES:
        response.delete_cookie(settings.LEARNER_COOKIE_NAME, samesite="Lax")


class Joined(NamedTuple):
    """What a sign-in brought along: how many answers, and the merge that can be undone."""

    answers: int
    merge: Merge


def join_account(request: HttpRequest, user: User, now: datetime) -> Joined | None:
    """Merge the browser's anonymous learner into the account that just signed in.

    An account without a learner gets one first, so that what the browser brings can
    always be told from what the account does later. Returns None where there was
    nothing to bring.
    """
    with transaction.atomic():
        anonymous = _take_from_browser(request)
        if anonymous is None:
            return None
        moved = registry.merge(anonymous, _for_user(user), now)
        merge = Merge.objects.get(source=anonymous, undone_at=None)
    return Joined(moved.get("answers", 0), merge)


def found_account(request: HttpRequest, user: User) -> int:
    """Make the browser's anonymous learner that of a new account; return its answers.

    The browser's display choices become the account's.
    """
    choices = display.chosen(request)
    with transaction.atomic():
        learner = _take_from_browser(request)
        if learner is None and choices != display.Display():
            learner = Learner()
        if learner is None:
            return 0
        learner.user = user
        learner.theme, learner.shortcuts = choices
        learner.save()
    return registry.count(learner).get("answers", 0)


def _take_from_browser(request: HttpRequest) -> Learner | None:
    """Return the anonymous learner of the browser, locked, and take it out of the browser."""
    pk = _cookie_pk(request)
    forget(request)
    if pk is None:
        return None
    free = Learner.objects.filter(user=None, merged_into=None)
    return free.select_for_update(no_key=True).filter(pk=pk).first()


def undo_join(request: HttpRequest, merge: Merge, now: datetime) -> bool:
    """Undo a merge of this session and hand its learner back to the browser.

    Returns whether anything was undone. A repetition undoes nothing, but hands the
    learner back again: of a double click, the browser keeps only the second response.
    """
    done = registry.undo(merge, now)
    source = Learner.objects.filter(pk=merge.source_id, user=None, merged_into=None).first()
    if source:
        adopt(request, source)
    return done


def forget_browser(request: HttpRequest) -> None:
    """Erase what was practised in this browser without an account, and the traces in it."""
    learner = current(request)
    if learner and learner.user_id is None:
        registry.erase(learner)
    forget(request)
    display.forget(request)


def time_zone_of(learner: Learner | None) -> ZoneInfo:
    """Return the learner's time zone, or the site's where none or an unknown one is set."""
    if learner and learner.time_zone:
        try:
            return ZoneInfo(learner.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            pass
    return ZoneInfo(settings.TIME_ZONE)


def exam_date_of(learner: Learner | None, now: datetime) -> date:
    """Return the date that decides which items are valid: the exam's, or today."""
    today = now.astimezone(time_zone_of(learner)).date()
    if learner and learner.exam_date and learner.exam_date >= today:
        return learner.exam_date
    return today


def set_exam_date(learner: Learner, exam_date: date | None) -> None:
    """Keep the learner's exam date; None means that it is open again."""
    learner.exam_date = exam_date
    learner.exam_date_set_at = timezone.now()
    learner.save(update_fields=["exam_date", "exam_date_set_at"])


def set_display(request: HttpRequest, learner: Learner, choices: display.Display) -> None:
    """Keep the learner's display choices, in the account and in this browser."""
    learner.theme, learner.shortcuts = choices
    learner.save(update_fields=["theme", "shortcuts"])
    display.keep(request, choices)


def show_as_account_says(request: HttpRequest, user: User) -> None:
    """Give this browser the display choices of the account that signs in, where it has any."""
    learner = Learner.objects.filter(user=user).first()
    if learner:
        display.keep(request, display.Display(learner.theme, learner.shortcuts))
