"""Numbers of the benchmark: what is divided by what, and what is called over budget."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from prepsite.bench import report
from prepsite.bench.diary import Diary, compare
from prepsite.bench.learner import Cost
from prepsite.bench.load import TARGETS, Burst, Measured, chosen
from prepsite.bench.server import TICKS, parse_stat

pytestmark = pytest.mark.once
TARGET = {target.name: target for target in TARGETS}
BURST = Burst(100, 100, 1.0, 0.1, 0.0, [0.001] * 100)
SITE = {
    "database": "SQLite 3",
    "durability": "FULL",
    "cache": "Cache",
    "sessions": "db",
    "questions": "1",
}
SETTINGS = {"workers": 2, "threads": 1, "connections": 16, "rounds": 2, "seconds": 1.5}


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.0, 1), (0.501, 51)]
)
def test_percentiles(share, expected):
    assert report.percentile(list(range(100, 0, -1)), share) == expected


def test_a_percentile_of_one_value():
    assert report.percentile([7.0], 0.99) == 7.0


def test_a_processs_line_is_read_whatever_its_name():
    fields = ["S", "7", "8", *["0"] * 8, str(TICKS), str(2 * TICKS), str(TICKS), "0", "20"]
    process = parse_stat(f"42 (a) b (c) {' '.join(fields)}")
    assert (process.pid, process.name, process.state) == (42, "a) b (c", "S")
    assert (process.parent, process.group, process.cpu_seconds) == (7, 8, 4.0)


def test_our_own_process_is_read():
    process = parse_stat(Path("/proc/self/stat").read_text())
    assert (process.pid, process.group) == (os.getpid(), os.getpgrp())
    assert process.cpu_seconds == pytest.approx(sum(os.times()[:4]), abs=0.1)


def measured(name: str, *bursts: Burst) -> Measured:
    return Measured(TARGET[name], list(bursts), [Cost(4, 3000, 1000), Cost(5, 3200, 1100)])


def test_ratios_are_taken_within_each_round():
    # The machine was half as fast in the second round: the ratio does not care.
    minimal = measured("minimal", BURST, replace(BURST, seconds=2.0, cpu_seconds=0.2))
    home = measured(
        "home", replace(BURST, units=50), replace(BURST, units=50, seconds=2.0, cpu_seconds=0.2)
    )
    row = report.row_of(home, minimal)
    assert row["per_second"] == {"median": 37.5, "low": 25.0, "high": 50.0}
    assert row["rate_ratio"] == {"median": 0.5, "low": 0.5, "high": 0.5}
    assert row["cpu_ms"] == {"median": 3.0, "low": 2.0, "high": 4.0}
    assert row["cpu_ratio"]["median"] == 2.0
    assert (row["statements"], row["statements_most"]) == (4.5, 5)
    assert (row["packed_bytes_most"], row["requests_per_unit"]) == (1100, 2)
    assert report.noise(report.row_of(minimal, minimal))["rate"] == pytest.approx(50 / 75)


@pytest.mark.parametrize(
    ("database", "ratio", "ok"),
    [
        ("SQLite 3", 52.5, True),
        ("SQLite 3", 53.5, False),
        ("PostgreSQL 18", 82.5, True),
        ("PostgreSQL 18", 83.5, False),
    ],
)
def test_the_budget_of_a_loop(database, ratio, ok):
    found = [
        measured("minimal", BURST),
        measured("loop", replace(BURST, cpu_seconds=ratio * BURST.cpu_seconds)),
        measured("home", replace(BURST, units=89)),
    ]
    result = report.result_of(
        found, machine=report.machine(), site=SITE | {"database": database}, settings=SETTINGS
    )
    assert {budget["target"]: budget["ok"] for budget in result["budgets"]} == {
        "loop": ok,
        "home": False,
    }
    text = report.table(result)
    assert f"{'ok' if ok else 'OVER':6}loop " in text
    assert "UNDER home" in text
    assert database in text


def test_some_targets_always_come_with_the_minimal_view():
    assert [target.name for target in chosen(["loop"])] == ["minimal", "loop"]
    assert len(chosen([])) == len(TARGETS)


CLEAN = {"answers": [[1, 1, 7], [1, 2, 8]], "doubled": 0, "miscounted": [], "damage": []}


@pytest.mark.parametrize(
    ("change", "complaints"),
    [
        ({}, []),
        ({"answers": [[1, 1, 7]]}, ["lost: 1"]),
        ({"answers": [[1, 1, 7], [1, 2, 9]]}, ["changed: 1"]),
        ({"answers": [[1, 1, 7], [1, 2, 8], [1, 3, 8]]}, ["unknown: 1"]),
        ({"answers": [[1, 1, 7], [1, 2, 8], [2, 1, 8]]}, []),  # of another run
        ({"doubled": 1}, ["doubled: 1"]),
        ({"miscounted": ["a total"]}, ["miscounted: 1"]),
        ({"damage": ["a page"]}, ["damage: ['a page']"]),
    ],
)
def test_what_differs_from_the_learners_diary_is_named(change, complaints):
    diary = Diary(acknowledged={(1, 1): 7, (1, 2): 8})
    assert compare(diary, CLEAN | change)["complaints"] == complaints
