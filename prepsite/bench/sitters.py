"""Many learners sitting a mock at once, each at a learner's pace: is any choice lost?

Each saves a choice every two seconds, now and then sends an older one again as a browser
does that got no reply, and at the end submits. What the site acknowledged last is then
compared with the answers that it made.
"""

import http.client
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from prepsite.bench.diary import Diary, compare
from prepsite.bench.exam import SAVED, Sitter, choice_fields
from prepsite.bench.faults import outcome
from prepsite.bench.report import percentile
from prepsite.bench.server import Inside, Server, Site

PACE_SECONDS = 2.0
PATIENCE_SECONDS = 20
REPLAY_SHARE = 0.1
OK, FOUND = 200, 302


def run(site: Site, inside: Inside, *, count: int, seconds: float) -> dict[str, Any]:
    """Let ``count`` learners sit a mock of 100 for some seconds; return counts and complaints."""
    sitters = [Sitter(**one) for one in inside.ask("prepare_mocks", count=count)]
    diary = Diary()
    with Server(site) as server, ThreadPoolExecutor(count) as pool:
        until = time.perf_counter() + seconds
        list(pool.map(lambda one: _sit(server.port, one, diary, until), sitters))
        list(pool.map(lambda one: _submit(server.port, one, diary), sitters))
    found = compare(diary, inside.ask("audit"))
    if diary.refused:
        found["complaints"].append(f"refused: {len(diary.refused)}: {diary.refused[0]}")
    return {
        "sitters": count,
        "seconds": seconds,
        "saved": len(diary.latencies),
        "refused": len(diary.refused),
        "p50_ms": 1000 * percentile(diary.latencies, 0.5),
        "p99_ms": 1000 * percentile(diary.latencies, 0.99),
        "worst_ms": 1000 * max(diary.latencies),
        **found,
    }


def _sit(port: int, sitter: Sitter, diary: Diary, until: float) -> None:
    """Save one choice each two seconds, beginning somewhere within the first two."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    due = time.perf_counter() + random.uniform(0, min(PACE_SECONDS, until - time.perf_counter()))
    counter = 0
    older: dict[str, str] = {}
    while due < until:
        time.sleep(max(0.0, due - time.perf_counter()))
        due += PACE_SECONDS
        counter += 1
        number = random.randrange(len(sitter.slots)) + 1
        choice = random.choice(sitter.slots[number - 1])
        path, fields = sitter.url(number), choice_fields(choice, counter)
        started = time.perf_counter()
        if not _post(connection, sitter, path, fields, OK, diary):
            continue
        diary.latencies.append(time.perf_counter() - started)
        diary.acknowledged[sitter.attempt, number] = choice
        if path in older or random.random() < REPLAY_SHARE:
            diary.repeated += 1
            _post(connection, sitter, path, older.get(path, fields), OK, diary)
        older[path] = fields
    connection.close()


def _submit(port: int, sitter: Sitter, diary: Diary) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    _post(connection, sitter, f"/exam/{sitter.attempt}/submit/", "", FOUND, diary)
    connection.close()


def _post(
    connection: http.client.HTTPConnection,
    sitter: Sitter,
    path: str,
    fields: str,
    status: int,
    diary: Diary,
) -> bool:
    """Send a form; return whether it was taken. What was not is noted as refused."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": sitter.cookies,
        "Origin": f"http://127.0.0.1:{connection.port}",
    }
    body = f"csrfmiddlewaretoken={sitter.token}&{fields}"
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        page = response.read()
    except (OSError, http.client.HTTPException) as error:
        diary.refused.append(f"{path}: {error!r}")
        connection.close()
        return False
    if response.status != status or (status == OK and SAVED not in page):
        diary.refused.append(f"{path}: {response.status}")
        return False
    return True


def text(found: dict[str, Any]) -> str:
    """Return the outcome for people."""
    return (
        f"{found['sitters']} learners sat a mock for {found['seconds']:g} s: {found['saved']}"
        f" choices saved; refused: {found['refused']};"
        f" p50 {found['p50_ms']:.1f} ms, p99 {found['p99_ms']:.1f} ms,"
        f" worst {found['worst_ms']:.1f} ms\n" + outcome(found)
    )
