"""The benchmark itself: each mode on a tiny scale, on a real server. Speed is not judged."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from prepsite.bench import sitters
from prepsite.bench.client import Driver
from prepsite.bench.learner import Tally, reads_minimal
from prepsite.bench.server import (
    DatabaseServer,
    Inside,
    Server,
    Site,
    _processes,
    scratch_site,
)
from prepsite.management.commands import bench as command

DATABASE = "PostgreSQL" if "DATABASE_URL" in os.environ else "SQLite"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A scratch site on the database that this half of the suite runs on."""
    with scratch_site(
        postgres=False, database_url=os.environ.get("DATABASE_URL", ""), codes=False
    ) as prepared:
        yield prepared


@pytest.fixture(scope="module")
def inside(site: Site) -> Iterator[Inside]:
    with Inside(site) as process:
        yield process


@pytest.fixture
def bench(site: Site, inside: Inside, monkeypatch: pytest.MonkeyPatch):
    """Run the command on the prepared site; return what it printed."""

    @contextmanager
    def prepared(**_: object) -> Iterator[Site]:
        yield site

    monkeypatch.setattr(command, "scratch_site", prepared)
    monkeypatch.setattr(command, "Inside", lambda _: nullcontext(inside))

    def run(*arguments: str) -> str:
        out = StringIO()
        call_command("bench", *arguments, stdout=out, stderr=StringIO())
        return out.getvalue()

    return run


def test_what_is_measured(bench):
    names = ["home", "answer-account", "loop", "loop-form"]
    only = [part for name in names for part in ("--only", name)]
    scale = ["--rounds", "1", "--seconds", "0.2", "--connections", "2"]
    result = json.loads(bench("--json", *scale, *only))
    rows = {row["name"]: row for row in result["targets"]}
    assert set(rows) == {"minimal", *names}
    for row in rows.values():
        assert row["units"] > 0
        assert row["per_second"]["low"] > 0
        assert row["cpu_ms"]["low"] > 0
        assert 0 < row["p50_ms"] <= row["p99_ms"]
    minimal, home, answer, loop = (rows[name] for name in ("minimal", *names[:3]))
    assert minimal["rate_ratio"]["median"] == minimal["cpu_ratio"]["median"] == 1
    assert minimal["statements"] == home["statements"] == 0, "these ask the database nothing"
    assert minimal["plain_bytes"] == minimal["packed_bytes"] > 0
    # A session's account and learner, the session, seen, answer, statistics, at the least.
    assert answer["statements"] >= 5
    assert loop["statements"] >= 5, "a question is read, and an answer saved"
    assert 0 < answer["packed_bytes"] < answer["plain_bytes"] < loop["plain_bytes"]
    assert (loop["requests_per_unit"], rows["loop-form"]["requests_per_unit"]) == (2, 3)
    assert {budget["target"] for budget in result["budgets"]} == {"home", "answer-account", "loop"}
    assert result["site"]["database"].startswith(DATABASE)
    assert result["machine"]["cores"] >= 1
    assert "noise" in result


def test_no_answer_is_lost_when_the_server_is_killed(bench):
    result = json.loads(bench("--json", "--faults", "2", "--connections", "4"))
    assert result["kills"] == 2
    assert result["acknowledged"] == result["stored"] > 0
    for name in ("lost", "changed", "unknown", "doubled", "miscounted"):
        assert result[name] == 0
    assert result["damage"] == []
    assert result["complaints"] == []


def test_writers_are_all_served(bench):
    printed = bench("--writers", "2", "--seconds", "0.5")
    assert "refused: 0;" in printed
    assert "0 lost, 0 changed, 0 unknown, 0 doubled, 0 totals miscounted" in printed
    assert DATABASE in printed


def test_a_mock_is_measured(bench):
    names = ["exam-save", "exam-start", "exam-report"]
    only = [part for name in names for part in ("--only", name)]
    scale = ["--rounds", "1", "--seconds", "0.3", "--connections", "2"]
    result = json.loads(bench("--json", *scale, *only))
    rows = {row["name"]: row for row in result["targets"]}
    assert all(rows[name]["units"] > 0 for name in names)
    assert 4 <= rows["exam-save"]["statements"] <= 6
    assert rows["exam-save"]["plain_bytes"] < 1_000
    assert rows["exam-start"]["requests_per_unit"] == 2
    assert rows["exam-report"]["plain_bytes"] > 100_000, "a hundred questions with their reasons"
    verdicts = {(b["target"], b["value"]): b["ok"] for b in result["budgets"]}
    assert verdicts["exam-save", "statements_most"]
    assert verdicts["exam-report", "statements_most"]


def test_sitters_lose_no_choice(bench, monkeypatch):
    monkeypatch.setattr(sitters, "PACE_SECONDS", 0.05)
    printed = bench("--sitters", "3", "--seconds", "1.5")
    assert "refused: 0;" in printed
    assert "0 lost, 0 changed, 0 unknown, 0 doubled, 0 totals miscounted" in printed


def test_a_lost_answer_fails_the_command(bench, monkeypatch):
    ask = Inside.ask

    def forgetful(self: Inside, what: str, **arguments: object) -> object:
        found = ask(self, what, **arguments)
        if what == "audit":
            found["answers"].pop()
        return found

    monkeypatch.setattr(Inside, "ask", forgetful)
    with pytest.raises(CommandError, match=r"^lost: 1$"):
        bench("--writers", "1", "--seconds", "0.1")


def test_the_profile_names_the_products_functions(bench):
    printed = bench("--profile", "--seconds", "0.2")
    assert "loop: " in printed
    assert "practice.py" in printed, "the view of a slot"


def test_processor_time_is_read_and_nothing_is_left_running(site):
    with Server(site, workers=1) as server:
        before = server.cpu_seconds()
        assert before > 0, "starting takes some"
        driver = Driver(server.port, [reads_minimal(Tally(server.port, float("inf")), [])])
        driver.run(0.3)
        driver.close()
        assert server.cpu_seconds() > before
        assert DatabaseServer(site).is_here is (DATABASE == "PostgreSQL")
        pids = [process.pid for process in server.processes()]
        assert len(pids) == 2, "the server and its worker"
        server.stop(signal.SIGKILL)
        assert server.processes() == []
        left = {process.pid for process in _processes() if process.state != "Z"}
        assert left.isdisjoint(pids)
