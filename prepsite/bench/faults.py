"""Kill the server during answers, again and again; then look whether any answer is lost."""

import random
import signal
import time
from statistics import median
from typing import Any

from prepsite.bench.client import Driver
from prepsite.bench.diary import Diary, answers, compare
from prepsite.bench.load import Say, Supply
from prepsite.bench.server import Inside, Server, Site

EARLIEST_SECONDS, LATEST_SECONDS = 0.02, 1.0
# More than learners can use up between two kills.
SESSIONS_IN_STOCK = 150
SAID_EVERY = 20


def run(site: Site, inside: Inside, *, kills: int, connections: int, say: Say) -> dict[str, Any]:
    """Kill the server's whole group so many times while learners answer.

    Returns counts, and under ``complaints`` what is wrong: nothing where all is well.
    """
    supply, diary = Supply(inside), Diary()
    hits, pending, starts = 0, 0, []
    started = time.monotonic()
    with Server(site) as server:
        _refill(diary, supply)
        scripts = (
            answers(server.port, diary, by_htmx=place % 2 == 0) for place in range(connections)
        )
        driver = Driver(server.port, scripts)
        for kill in range(1, kills + 1):
            # Every other time the workers are cold, else at least one has answered.
            if kill % 2:
                _run_until_answered(driver, diary)
            driver.run(random.uniform(EARLIEST_SECONDS, LATEST_SECONDS))
            hits += driver.in_flight > 0
            pending += driver.in_flight
            server.stop(signal.SIGKILL)
            before = time.monotonic()
            server.start()
            starts.append(time.monotonic() - before)
            _refill(diary, supply)
            if kill % SAID_EVERY == 0:
                say(f"{kill} of {kills} kills …")
        diary.is_over = True
        driver.run()
        driver.close()
    return {
        "kills": kills,
        "kills_with_requests_in_flight": hits,
        "requests_in_flight": pending,
        "sent_again": diary.unanswered,
        "refused": len(diary.refused),
        "median_start_seconds": round(median(starts), 2),
        "minutes": round((time.monotonic() - started) / 60, 1),
        **compare(diary, inside.ask("audit")),
    }


def _run_until_answered(driver: Driver, diary: Diary) -> None:
    before = len(diary.acknowledged)
    while len(diary.acknowledged) == before:
        driver.run(EARLIEST_SECONDS)


def _refill(diary: Diary, supply: Supply) -> None:
    if len(diary.stock) < SESSIONS_IN_STOCK:
        diary.stock.extend(supply.learners(SESSIONS_IN_STOCK, signed_in=False))


def text(found: dict[str, Any]) -> str:
    """Return the outcome for people."""
    return (
        f"{found['kills']} kills of the whole process group in {found['minutes']} min;"
        f" {found['kills_with_requests_in_flight']} of them hit requests in flight"
        f" ({found['requests_in_flight']} requests); a start took"
        f" {found['median_start_seconds']} s\n"
        f"{found['sent_again']} requests without a reply were sent again;"
        f" {found['repeated_with_another_choice']} acknowledged answers were sent once more"
        f" with another choice; refused: {found['refused']}\n" + outcome(found)
    )


def outcome(found: dict[str, Any]) -> str:
    """Return what became of the answers, and what the database's own check says."""
    return (
        f"{found['acknowledged']} answers acknowledged, {found['stored']} stored:"
        f" {found['lost']} lost, {found['changed']} changed, {found['unknown']} unknown,"
        f" {found['doubled']} doubled, {found['miscounted']} totals miscounted;"
        f" database check: {'; '.join(found['damage']) or 'clean'}"
    )
