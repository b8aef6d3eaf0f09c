"""What runs inside the scratch site's settings, beside the server: it needs the database.

Reads a line of JSON with a function's name and arguments, answers with a line of JSON.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.utils import timezone

from prepsite.accounts import learners
from prepsite.accounts.models import Learner, User
from quizzes import itemstats, practice
from quizzes.mock import sitting, submitting
from quizzes.mock.assembling import AreaCount, assemble
from quizzes.mock.plans import LENGTHS, Plan
from quizzes.models import Answer, Area, SeenQuestion, VersionStat
from quizzes.pool import pool_on
from quizzes.rendering import contents_of


@dataclass(frozen=True)
class Prepared:
    """A learner with a browser's cookies and a session whose slots all wait for answers."""

    attempt: int
    cookies: str
    token: str
    slots: list[list[int]]  # the choices of each slot


def prepare(count: int, signed_in: bool = False) -> list[dict[str, Any]]:
    """Start ``count`` sessions of the usual length, each of a new learner."""
    with transaction.atomic():
        return [asdict(_prepare_one(signed_in=signed_in)) for _ in range(count)]


def _prepare_one(*, signed_in: bool) -> Prepared:
    now = timezone.now()
    pool = pool_on(learners.exam_date_of(None, now))
    start = practice.plan(pool, pool.scopes[""], practice.DEFAULT_COUNT, {})
    contents = contents_of(start.versions)
    user = User.objects.create(email=f"{start.nonce}@example.org") if signed_in else None
    learner = Learner.objects.create(user=user)
    attempt = practice.open_attempt(start, learner, now)
    token, cookies = _csrf()
    cookies |= _session(user) if user else _learner_cookie(learner)
    return Prepared(
        attempt=attempt.pk,
        cookies="; ".join(f"{name}={value}" for name, value in cookies.items()),
        token=token,
        slots=[[choice.id for choice in contents[version].choices] for version in start.versions],
    )


def prepare_mocks(count: int, submitted: bool = False) -> list[dict[str, Any]]:
    """Start ``count`` mocks of 100 questions, each of a new account; answer and end them."""
    with transaction.atomic():
        return [asdict(_prepare_mock(submitted=submitted)) for _ in range(count)]


def _prepare_mock(*, submitted: bool) -> Prepared:
    now = timezone.now()
    pool = pool_on(learners.exam_date_of(None, now))
    areas = [AreaCount(area.slug, area.exam_count) for area in Area.objects.all()]
    items = assemble(areas, pool.items, {}, LENGTHS[0], seed=1)
    user = User.objects.create(email=f"{uuid4()}@example.org")
    learner = Learner.objects.create(user=user)
    attempt = sitting.start(learner, Plan(LENGTHS[0]), items, 1, now)
    contents = contents_of(item.version_id for item in items)
    slots = [[choice.id for choice in contents[item.version_id].choices] for item in items]
    if submitted:
        for slot, choices in zip(attempt.mock_slots.order_by("slot"), slots, strict=True):
            slot.picked_id = slot.first_picked_id = choices[0]
            slot.save()
        submitting.submit(attempt.pk, now)
    token, cookies = _csrf()
    cookies |= _session(user)
    return Prepared(
        attempt=attempt.pk,
        cookies="; ".join(f"{name}={value}" for name, value in cookies.items()),
        token=token,
        slots=slots,
    )


def _csrf() -> tuple[str, dict[str, str]]:
    """Return a form's token and the cookie that goes with it."""
    request = HttpRequest()
    token = get_token(request)
    return token, {settings.CSRF_COOKIE_NAME: request.META["CSRF_COOKIE"]}


def _learner_cookie(learner: Learner) -> dict[str, str]:
    request, response = HttpRequest(), HttpResponse()
    learners.adopt(request, learner)
    learners.write_cookie(request, response)
    return {name: morsel.value for name, morsel in response.cookies.items()}


def _session(user: User) -> dict[str, str]:
    browser = Client()
    browser.force_login(user)
    return {
        settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value,
    }


def facts() -> dict[str, str]:
    """Return what the site runs on."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            version = f"SQLite {cursor.fetchone()[0]}"
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("PRAGMA synchronous")
            level = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}[cursor.fetchone()[0]]
            durability = f"journal_mode {journal}, synchronous {level}"
        else:
            cursor.execute("SHOW server_version")
            version = f"PostgreSQL {cursor.fetchone()[0]}"
            found = []
            for name in ("fsync", "synchronous_commit"):
                cursor.execute(f"SHOW {name}")
                found.append(f"{name} {cursor.fetchone()[0]}")
            durability = ", ".join(found)
    return {
        "database": version,
        "durability": durability,
        "cache": str(settings.CACHES["default"]["BACKEND"]).rpartition(".")[2],
        "sessions": settings.SESSION_ENGINE.rpartition(".")[2],
        "questions": str(len(pool_on(timezone.localdate()).items)),
    }


def audit() -> dict[str, Any]:
    """Return what is stored, and whether it holds together.

    ``answers`` are attempt, slot and picked choice of every answered slot; ``doubled``
    counts slots with more than one row; ``miscounted`` says which derived rows differ
    from a recount of the answers; ``damage`` is what the database's own check finds.
    """
    answers = Answer.objects.order_by("attempt_id", "slot")
    doubled = (
        answers.order_by().values("attempt", "slot").annotate(n=Count("id")).filter(n__gt=1).count()
    )
    before = _derived()
    call_command("rebuild_stats", stdout=sys.stderr)
    after = _derived()
    return {
        "answers": list(
            map(
                list,
                answers.filter(answered_at__isnull=False).values_list(
                    "attempt_id", "slot", "picked_id"
                ),
            )
        ),
        "doubled": doubled,
        "miscounted": sorted(map(str, before ^ after)),
        "damage": _damage(),
    }


def _derived() -> set[tuple[Any, ...]]:
    seen = SeenQuestion.objects.values_list(
        "learner", "question", "times_answered", "times_correct", "last_correct"
    )
    stats = VersionStat.objects.values_list("version", *itemstats.COUNTERS)
    return {("seen", *row) for row in seen} | {("version", *row) for row in stats}


def _damage() -> list[str]:
    """Return what is broken in a SQLite file; a PostgreSQL server is never killed here."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return found + [str(row) for row in cursor.fetchall()]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "prepare": prepare,
    "prepare_mocks": prepare_mocks,
    "facts": facts,
    "audit": audit,
}


def serve() -> None:
    """Answer line by line until the input ends."""
    for line in sys.stdin:
        name, arguments = json.loads(line)
        print(json.dumps(FUNCTIONS[name](**arguments)), flush=True)
