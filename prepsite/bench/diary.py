"""Learners who write down what the site has acknowledged, to compare it with the database.

They answer without pause, by htmx or by plain forms. What got no reply is sent again with
the same choice, as a browser's user would. Now and then an acknowledged answer is sent
once more with another choice, which must change nothing.
"""

import random
import time
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from prepsite.bench.client import ConnectionLost, Response, Script, TooSlow
from prepsite.bench.learner import (
    FEEDBACK,
    FOUND,
    HTMX,
    OK,
    Learner,
    WrongResponse,
    cookie,
    describe,
    get,
    post,
)

REPEAT_SHARE = 0.1
MOST_REFUSALS = 5  # of one request
SERVER_ERROR = 500


@dataclass
class Diary:
    """What all learners of a run know together."""

    stock: deque[Learner] = field(default_factory=deque)
    is_over: bool = False
    acknowledged: dict[tuple[int, int], int] = field(default_factory=dict)
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)
    repeated: int = 0
    latencies: list[float] = field(default_factory=list)


def answers(port: int, diary: Diary, *, by_htmx: bool) -> Script:
    """Answer slot after slot of session after session, until the run is over."""
    while diary.stock:
        learner = diary.stock.popleft()
        for number, choices in enumerate(learner.slots, start=1):
            if diary.is_over:
                return
            picked, other = random.sample(choices, 2)
            yield from _answer(port, learner, number, picked, diary, by_htmx=by_htmx)
            diary.acknowledged[learner.attempt, number] = picked
            if not by_htmx:
                request = get(port, learner.url(number), cookie(learner))
                reply = yield from _persist(request, diary)
                _check(request, reply, is_right=FEEDBACK in reply.content)
            if random.random() < REPEAT_SHARE:
                diary.repeated += 1
                yield from _answer(port, learner, number, other, diary, by_htmx=by_htmx)


def _answer(
    port: int, learner: Learner, number: int, choice: int, diary: Diary, *, by_htmx: bool
) -> Generator[bytes, Response, None]:
    request = post(port, learner, number, choice, learner.token, HTMX if by_htmx else "")
    started = time.perf_counter()
    reply = yield from _persist(request, diary)
    diary.latencies.append(time.perf_counter() - started)
    if by_htmx:
        is_right = reply.status == OK and FEEDBACK in reply.content
    else:
        is_right = reply.status == FOUND and reply.header("location") == learner.url(number)
    _check(request, reply, is_right=is_right)


def _check(request: bytes, reply: Response, *, is_right: bool) -> None:
    if not is_right:
        raise WrongResponse(describe(request, reply))


def _persist(request: bytes, diary: Diary) -> Generator[bytes, Response, Response]:
    """Send a request until it is answered; note each time that it is not, or is refused."""
    refusals = 0
    while refusals < MOST_REFUSALS:
        try:
            reply = yield request
        except ConnectionLost:
            diary.unanswered += 1
        except TooSlow as error:
            refusals += 1
            diary.refused.append(str(error))
        else:
            if reply.status < SERVER_ERROR:
                return reply
            refusals += 1
            diary.refused.append(describe(request, reply))
    raise WrongResponse(f"Refused {MOST_REFUSALS} times: {diary.refused[-1]}")


def compare(diary: Diary, audit: dict[str, Any]) -> dict[str, Any]:
    """Return how the database differs from what learners know; ``audit`` is Inside's.

    The run must be over, so that nothing is under way. Lost: acknowledged but not stored;
    changed: stored with another choice; unknown: stored but never acknowledged; doubled:
    slots with more than one row; miscounted: totals that a recount of the answers changes.
    """
    stored = {(attempt, slot): picked for attempt, slot, picked in audit["answers"]}
    attempts = {attempt for attempt, _ in diary.acknowledged}
    known = diary.acknowledged
    found = {
        "acknowledged": len(known),
        "stored": sum(attempt in attempts for attempt, _ in stored),
        "repeated_with_another_choice": diary.repeated,
        "lost": sum(place not in stored for place in known),
        "changed": sum(stored.get(place, picked) != picked for place, picked in known.items()),
        "unknown": sum(place[0] in attempts and place not in known for place in stored),
        "doubled": audit["doubled"],
        "miscounted": len(audit["miscounted"]),
        "damage": audit["damage"],
    }
    names = ("lost", "changed", "unknown", "doubled", "miscounted", "damage")
    return found | {
        "complaints": [f"{name}: {found[name]}" for name in names if found[name]],
    }
