"""Many learners answering at once, without a pause: is anybody refused?"""

import time
from typing import Any

from prepsite.bench.client import Driver
from prepsite.bench.diary import Diary, answers, compare
from prepsite.bench.faults import outcome
from prepsite.bench.load import SLOTS, Supply
from prepsite.bench.report import percentile
from prepsite.bench.server import Inside, Server, Site

# A request that has waited longer is as good as refused.
PATIENCE_SECONDS = 20
CALIBRATION_SECONDS = 1.0
# The first second is the slowest; a run that uses up its sessions would end early.
MARGIN = 4


def run(site: Site, inside: Inside, *, count: int, seconds: float) -> dict[str, Any]:
    """Let ``count`` learners answer for some seconds; return counts and complaints."""
    supply, diary = Supply(inside), Diary()
    with Server(site) as server:
        # The first second warms the server up and tells how many sessions the rest takes.
        first = min(seconds, CALIBRATION_SECONDS)
        rate = len(_answers(server, supply, diary, count, first, 100.0)) / first
        before = len(diary.latencies)
        started = time.perf_counter()
        _answers(server, supply, diary, count, seconds, rate)
        elapsed = time.perf_counter() - started
    latencies = diary.latencies[before:]
    found = compare(diary, inside.ask("audit"))
    if diary.refused:
        found["complaints"].append(f"refused: {len(diary.refused)}: {diary.refused[0]}")
    return {
        "writers": count,
        "seconds": round(elapsed, 1),
        "written": len(latencies),
        "per_second": round(len(latencies) / elapsed, 1),
        "refused": len(diary.refused),
        "p50_ms": 1000 * percentile(latencies, 0.5),
        "p99_ms": 1000 * percentile(latencies, 0.99),
        "worst_ms": 1000 * max(latencies),
        **found,
    }


def _answers(
    server: Server, supply: Supply, diary: Diary, count: int, seconds: float, rate: float
) -> list[float]:
    """Let all learners answer; ``rate`` is how many answers to expect in a second."""
    sessions = count * 2 + int(MARGIN * rate * seconds / SLOTS)
    diary.stock.clear()
    diary.stock.extend(supply.learners(sessions, signed_in=False))
    diary.is_over = False
    scripts = (answers(server.port, diary, by_htmx=place % 2 == 0) for place in range(count))
    driver = Driver(server.port, scripts, PATIENCE_SECONDS)
    driver.run(seconds)
    diary.is_over = True
    driver.run()
    driver.close()
    return diary.latencies


def text(found: dict[str, Any]) -> str:
    """Return the outcome for people."""
    return (
        f"{found['writers']} writers for {found['seconds']} s: {found['written']} answers,"
        f" {found['per_second']} in a second; refused: {found['refused']};"
        f" p50 {found['p50_ms']:.1f} ms, p99 {found['p99_ms']:.1f} ms,"
        f" worst {found['worst_ms']:.1f} ms\n" + outcome(found)
    )
