"""What a run found, as numbers for machines and as a table for people."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import django

from prepsite.bench.load import MINIMAL, Measured

NOTE = (
    "The load is generated on the same processors as the server, so requests per second fall\n"
    "short of what the server can do and say most beside the minimal view's. Processor time\n"
    "for each request (user and system, all processes of the server) is the honest figure."
)


@dataclass(frozen=True)
class Spread:
    """The median over the rounds, with the lowest and the highest."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Budget:
    """What a target may cost. ``value`` names a field of the target's row."""

    target: str
    value: str
    limit: float
    about: str
    at_least: bool = False

    def holds(self, measured: float) -> bool:
        return measured >= self.limit if self.at_least else measured <= self.limit


def budgets(*, is_sqlite: bool) -> list[Budget]:
    """Return the budgets of a database; the cost of a loop differs between the two."""
    most, aim = (53, 27) if is_sqlite else (83, 42)
    loop = f"processor time of question, answer and feedback, × minimal (aim: {aim})"
    return [
        *(
            Budget(name, "rate_ratio", 0.9, "requests/s of a cached page, × minimal", at_least=True)
            for name in ("home", "careers", "careers-account", "careers-map", "careers-state")
        ),
        *(
            Budget(name, "statements_most", 6, "statements of a page of the guide, rendered")
            for name in ("careers-rendered", "careers-compare", "careers-estimate")
        ),
        Budget("careers-map", "plain_bytes_most", 40000, "bytes of the page with the map"),
        *(Budget(name, "cpu_ratio", most, loop) for name in ("loop", "loop-account")),
        Budget("answer-account", "statements", 8, "statements of an answer, signed in"),
        Budget("answer-account", "packed_bytes_most", 4000, "bytes of an answer, compressed"),
        Budget("question", "plain_bytes_most", 17000, "bytes of a question page"),
        Budget("question", "packed_bytes_most", 4000, "bytes of a question page, compressed"),
        Budget("exam-save", "statements_most", 6, "statements of saving a choice of a mock"),
        Budget("exam-save", "plain_bytes_most", 1000, "bytes of the reply"),
        Budget("exam-start", "statements_most", 20, "statements, a discarded mock included"),
        Budget("exam-report", "statements_most", 12, "statements of a report of 100"),
    ]


def spread(values: Iterable[float]) -> Spread:
    """Return median, lowest and highest."""
    found = list(values)
    return Spread(median(found), min(found), max(found))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that ``share`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def row_of(measured: Measured, minimal: Measured) -> dict[str, Any]:
    """Return a target's numbers; ratios are taken within each round, then their median."""
    bursts = measured.bursts
    rounds = list(zip(bursts, minimal.bursts, strict=True))
    statements = [cost.statements for cost in measured.costs]
    plain = [cost.plain_bytes for cost in measured.costs]
    packed = [cost.packed_bytes for cost in measured.costs]
    latencies = [1000 * seconds for burst in bursts for seconds in burst.latencies]
    return {
        "name": measured.target.name,
        "about": measured.target.about,
        "units": sum(burst.units for burst in bursts),
        "requests_per_unit": round(
            sum(burst.requests for burst in bursts) / sum(burst.units for burst in bursts)
        ),
        "per_second": asdict(spread(burst.per_second for burst in bursts)),
        "rate_ratio": asdict(spread(one.per_second / yard.per_second for one, yard in rounds)),
        "cpu_ms": asdict(spread(burst.cpu_ms for burst in bursts)),
        "cpu_ratio": asdict(spread(one.cpu_ms / yard.cpu_ms for one, yard in rounds)),
        "database_cpu_ms": asdict(spread(burst.database_cpu_ms for burst in bursts)),
        "p50_ms": percentile(latencies, 0.5),
        "p99_ms": percentile(latencies, 0.99),
        "statements": median(statements),
        "statements_most": max(statements),
        "plain_bytes": median(plain),
        "plain_bytes_most": max(plain),
        "packed_bytes": median(packed),
        "packed_bytes_most": max(packed),
    }


def verdicts(rows: list[dict[str, Any]], *, is_sqlite: bool) -> list[dict[str, Any]]:
    """Return each budget beside what was measured, for the targets that were."""
    found = {row["name"]: row for row in rows}
    result = []
    for budget in budgets(is_sqlite=is_sqlite):
        if budget.target in found:
            value = found[budget.target][budget.value]
            measured = value["median"] if isinstance(value, dict) else value
            result.append(asdict(budget) | {"measured": measured, "ok": budget.holds(measured)})
    return result


def machine() -> dict[str, Any]:
    """Return what this machine is, and how busy it was before the run."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "load_before": [round(value, 2) for value in os.getloadavg()],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "django": django.get_version(),
    }


def noise(minimal: dict[str, Any]) -> dict[str, float]:
    """Return how far the minimal view strays from its own median over the rounds."""
    rate, cpu = minimal["per_second"], minimal["cpu_ms"]
    return {
        "rate": (rate["high"] - rate["low"]) / rate["median"],
        "cpu": (cpu["high"] - cpu["low"]) / cpu["median"],
    }


def result_of(
    measured: list[Measured],
    *,
    machine: dict[str, Any],
    site: dict[str, str],
    settings: dict[str, Any],
) -> dict[str, Any]:
    """Return all of a run: the machine, the settings, each target and the budgets."""
    minimal = next(one for one in measured if one.target.name == MINIMAL)
    rows = [row_of(one, minimal) for one in measured]
    return {
        "machine": machine,
        "site": site,
        "settings": settings,
        "noise": noise(rows[measured.index(minimal)]),
        "targets": rows,
        "budgets": verdicts(rows, is_sqlite=site["database"].startswith("SQLite")),
    }


def heading(machine: dict[str, Any], site: dict[str, str]) -> str:
    """Return what was measured on what."""
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['system']},"
        f" load before {' '.join(map(str, machine['load_before']))}\n"
        f"Python {machine['python']}, Django {machine['django']}, {site['database']}"
        f" ({site['durability']}), cache {site['cache']}, sessions {site['sessions']},"
        f" {site['questions']} questions"
    )


def table(result: dict[str, Any]) -> str:
    """Return a run as text."""
    has_database = any(row["database_cpu_ms"]["high"] for row in result["targets"])
    lines = [
        heading(result["machine"], result["site"]),
        _setting(result["settings"]),
        "",
        f"{'':17}{'units/s':>20}{'× minimal':>11}{'CPU ms':>8}{'× minimal':>20}"
        f"{'p50 ms':>8}{'p99 ms':>8}{'SQL':>7}{'bytes':>8}{'gzip':>7}"
        + (f"{'DB ms':>8}" if has_database else ""),
    ]
    for row in result["targets"]:
        rate, cpu = row["per_second"], row["cpu_ratio"]
        most = row["statements_most"]
        statements = f"{row['statements']:.0f}" + (f"–{most}" if most > row["statements"] else "")
        lines.append(
            f"{row['name']:17}"
            f"{_spread(rate, 0):>20}{row['rate_ratio']['median']:>11.3f}"
            f"{row['cpu_ms']['median']:>8.2f}{_spread(cpu, 1):>20}"
            f"{row['p50_ms']:>8.1f}{row['p99_ms']:>8.1f}"
            f"{statements:>7}{row['plain_bytes']:>8.0f}{row['packed_bytes']:>7.0f}"
            + (f"{row['database_cpu_ms']['median']:>8.2f}" if has_database else "")
        )
    lines += ["", *(f"{row['name']:17}{_about(row)}" for row in result["targets"]), ""]
    lines += [_verdict(one) for one in result["budgets"]]
    noise = result["noise"]
    lines += [
        "",
        (
            f"Noise of the minimal view over the rounds, highest less lowest in median: requests/s"
            f" {noise['rate']:.0%}, processor time {noise['cpu']:.0%}."
        ),
        NOTE,
    ]
    return "\n".join(lines)


def _setting(settings: dict[str, Any]) -> str:
    return (
        f"granian, WSGI, {settings['workers']} workers × {settings['threads']} thread;"
        f" {settings['connections']} connections, {settings['rounds']} rounds of"
        f" {settings['seconds']:g} s each; medians over the rounds (lowest–highest)"
    )


def _spread(values: dict[str, float], digits: int) -> str:
    median, low, high = (f"{values[key]:.{digits}f}" for key in ("median", "low", "high"))
    return f"{median} ({low}–{high})"


def _about(row: dict[str, Any]) -> str:
    count = row["requests_per_unit"]
    return row["about"] + (f" ({count} requests)" if count > 1 else "")


def _verdict(budget: dict[str, Any]) -> str:
    word = "ok  " if budget["ok"] else "OVER" if not budget["at_least"] else "UNDER"
    sign = "at least" if budget["at_least"] else "at most"
    return (
        f"{word:6}{budget['target']:17}{budget['measured']:>9.4g}  {sign} {budget['limit']:g}:"
        f" {budget['about']}"
    )
