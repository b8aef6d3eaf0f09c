"""Practice: which items come, how a session starts, how an answer is saved once."""

import random
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.core import signing
from django.db import IntegrityError, connection, transaction

from prepsite.accounts.models import Learner
from quizzes.models import Answer, Attempt, SeenQuestion
from quizzes.pool import Pool, PoolItem, Scope
from quizzes.rendering import ChoiceContent, VersionContent
from quizzes.sessions import Session, Slot

COUNTS = (5, 10, 20, 40)
DEFAULT_COUNT = 10
# What an answer can take. Faster is a slip of the finger; slower, the learner was away.
MIN_MILLIS = 1_000
MAX_MILLIS = 30 * 60 * 1_000
TOKEN_SALT = "quizzes.practice.start"  # noqa: S105  (a salt, not a secret)
TOKEN_SECONDS = 24 * 3600
# A browser whose first request got lost has no cookie yet; within this time the signed
# start token it repeats is proof enough that the session is its own.
TWIN_SECONDS = 3600


class BadStart(Exception):
    """A start token is forged, broken or too old."""


@dataclass(frozen=True)
class Seen:
    """What a learner's last answer to a question was, and when."""

    last_correct: bool
    last_answered_at: datetime


@dataclass(frozen=True)
class Start:
    """A session about to start: signed into the first question's form, stored nowhere."""

    nonce: str
    scope: str
    title: str
    seed: int
    versions: tuple[int, ...]

    def token(self) -> str:
        """Return the signed form of the start."""
        data = [self.nonce, self.scope, self.title, self.seed, list(self.versions)]
        return signing.dumps(data, salt=TOKEN_SALT, compress=True)


def read_token(token: str) -> Start:
    """Return the start that a token carries; raises BadStart for a forged or old one."""
    try:
        nonce, scope, title, seed, versions = signing.loads(
            token, salt=TOKEN_SALT, max_age=TOKEN_SECONDS
        )
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadStart from error
    return Start(nonce, scope, title, seed, tuple(versions))


def rank(item: PoolItem, seen: Mapping[int, Seen]) -> tuple[int, float]:
    """Return a learner's order of items: new ones, then missed ones, then the oldest."""
    past = seen.get(item.question_id)
    if past is None:
        return (0, 0.0)
    return (2 if past.last_correct else 1, past.last_answered_at.timestamp())


def draw(
    items: Iterable[PoolItem], seen: Mapping[int, Seen], count: int, seed: int
) -> list[PoolItem]:
    """Return up to ``count`` items: new ones first, then missed ones, then the oldest.

    The seed decides among equals, so the same seed draws the same items. No item comes
    twice; items of one rule are kept apart where others can stand between them.
    """
    chance = random.Random(seed)
    shuffled = sorted(items, key=lambda item: item.question_id)
    chance.shuffle(shuffled)
    drawn = sorted(shuffled, key=lambda item: rank(item, seen))[:count]
    chance.shuffle(drawn)
    return _apart(drawn)


def _apart(items: list[PoolItem]) -> list[PoolItem]:
    """Move items so that neighbours test different rules, as far as that can be done."""
    rest = list(items)
    result: list[PoolItem] = []
    while rest:
        last = result[-1].rule if result else ""
        place = next((i for i, item in enumerate(rest) if item.rule != last), 0)
        result.append(rest.pop(place))
    return result


def seen_by(learner: Learner | None) -> dict[int, Seen]:
    """Return what a learner has seen, by question. One statement."""
    if learner is None:
        return {}
    return {
        question: Seen(correct, at)
        for question, correct, at in SeenQuestion.objects.filter(learner=learner).values_list(
            "question_id", "last_correct", "last_answered_at"
        )
    }


def plan(pool: Pool, scope: Scope, count: int, seen: Mapping[int, Seen]) -> Start:
    """Return a new session over a scope; the pool must hold at least one of its items."""
    seed = secrets.randbits(62)
    items = draw((item for item in pool.items if scope.holds(item)), seen, count, seed)
    return _start(scope.value, scope.title, seed, [item.version_id for item in items])


def plan_again(pool: Pool, session: Session) -> Start | None:
    """Return a session over what was missed, in today's versions; None if nothing is left."""
    missed = {slot.version_id for slot in session.missed}
    questions = set(
        Answer.objects.filter(attempt_id=session.attempt_id, version__in=missed).values_list(
            "version__question_id", flat=True
        )
    )
    return plan_over(pool, questions, session.scope, session.title)


def plan_over(pool: Pool, questions: set[int], scope: str, title: str) -> Start | None:
    """Return a session over these questions, which were missed under this title."""
    items = [item for item in pool.items if item.question_id in questions]
    if not items:
        return None
    seed = secrets.randbits(62)
    drawn = draw(items, {}, len(items), seed)
    title = title.removesuffix(", missed ones") + ", missed ones"
    return _start(scope, title, seed, [item.version_id for item in drawn])


def _start(scope: str, title: str, seed: int, versions: list[int]) -> Start:
    return Start(str(uuid4()), scope, title, seed, tuple(versions))


def find_twin(start: Start, now: datetime) -> Attempt | None:
    """Return the attempt that an earlier copy of this request made, if there is one."""
    return (
        Attempt.objects.select_related("learner")
        .filter(start_token=start.nonce, started_at__gte=now - timedelta(seconds=TOKEN_SECONDS))
        .first()
    )


def may_adopt(attempt: Attempt, now: datetime) -> bool:
    """Tell whether a browser without a cookie may take over a just started attempt."""
    return (
        attempt.learner is not None
        and attempt.learner.user_id is None
        and now - attempt.started_at <= timedelta(seconds=TWIN_SECONDS)
    )


def open_attempt(start: Start, learner: Learner, now: datetime) -> Attempt:
    """Make the attempt with all its slots; a repeated start returns the one it made.

    Raises BadStart where the attempt belongs to another learner.
    """
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                learner=learner,
                scope=start.scope,
                title=start.title,
                seed=start.seed,
                started_at=now,
                start_token=start.nonce,
            )
            Answer.objects.bulk_create(
                Answer(attempt=attempt, slot=slot, version_id=version)
                for slot, version in enumerate(start.versions, start=1)
            )
    except IntegrityError as error:
        twin = Attempt.objects.filter(start_token=start.nonce, learner=learner).first()
        if twin is None:
            raise BadStart from error
        return twin
    return attempt


class _AnsweredAlready(Exception):
    """Rolls the transaction back: another request answered this slot first."""


# The two writes of an answer are plain SQL, the same on SQLite and PostgreSQL: putting
# them together through the ORM costs more than running them, and it has no upsert that
# adds to the stored value. The upsert takes its row's lock, so twins queue here.
_COUNT_SEEN = """
INSERT INTO quizzes_seenquestion
    (learner_id, question_id, times_answered, times_correct, last_correct, last_answered_at)
VALUES (%s, %s, 1, %s, %s, %s)
ON CONFLICT (learner_id, question_id) DO UPDATE SET
    times_answered = quizzes_seenquestion.times_answered + 1,
    times_correct = quizzes_seenquestion.times_correct + excluded.times_correct,
    last_correct = excluded.last_correct,
    last_answered_at = excluded.last_answered_at
RETURNING times_answered
"""
_SAVE_ANSWER = """
UPDATE quizzes_answer
SET picked_id = %s, correct = %s, first_try = %s, answered_at = %s, millis = %s
WHERE id = %s AND answered_at IS NULL AND attempt_id IN (
    SELECT id FROM quizzes_attempt WHERE learner_id = %s AND finished_at IS NULL
)
"""


def answer(
    learner_id: int,
    slot: Slot,
    content: VersionContent,
    choice: ChoiceContent,
    now: datetime,
    millis: int | None = None,
) -> bool:
    """Save an answer unless the slot has one; return whether it was saved.

    The first write wins: a double click, a second tab or a retry changes nothing and
    counts nothing, and so does an answer that a merge of its learner or the end of its
    session overtook. Two statements in one transaction; item statistics are counted when
    the session is finished (``itemstats.roll_up``). ``millis`` is how long it took.
    """
    correct = content.is_correct(choice)
    at = connection.ops.adapt_datetimefield_value(now)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            seen = [learner_id, content.question_id, int(correct), correct, at]
            cursor.execute(_COUNT_SEEN, seen)
            first_try = cursor.fetchone()[0] == 1
            saved = [choice.id, correct, first_try, at, millis, slot.answer_id, learner_id]
            cursor.execute(_SAVE_ANSWER, saved)
            if cursor.rowcount == 0:
                raise _AnsweredAlready
    except _AnsweredAlready:
        return False
    except IntegrityError:
        if Learner.objects.filter(pk=learner_id).exists():
            raise
        # Erased while this answer was under way: there is nobody left to save it for.
        return False
    return True


def finish(attempt_id: int, now: datetime) -> None:
    """Note when the last slot was answered; a repetition keeps the first time."""
    Attempt.objects.filter(pk=attempt_id, finished_at=None).update(finished_at=now)
