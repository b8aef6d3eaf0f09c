"""Bursts of load, round after round, and what each of them cost the server."""

import pstats
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO

from prepsite.bench import exam
from prepsite.bench import learner as does
from prepsite.bench.client import Driver
from prepsite.bench.learner import Activity, Cost, Learner, Tally
from prepsite.bench.server import DatabaseServer, Inside, Server, Site
from prepsite.bench.urls import PROFILE

MINIMAL = "minimal"
WARM_UP_SECONDS = 1.0
COUNTED_SECONDS = 1.0
SLOTS = 10  # of a prepared session
GUIDE = "/careers/"
STATES = f"{GUIDE}states/"
COMPARED = f"{STATES}compare/?state=ohio&state=texas&state=maine&state=utah"
ESTIMATED = (
    f"{GUIDE}estimate/?state=ohio&certification=cpc&specialty=cardiology&experience=mid-career"
    "&work=remote"
)
type Say = Callable[[str], None]


@dataclass(frozen=True)
class Target:
    """Something to measure: who does what."""

    name: str
    about: str
    activity: Activity
    visitor: str = ""  # "anonymous" or "signed in"; nobody known where it is empty
    uses_up_slots: bool = False
    mock: str = ""  # "open" or "submitted" where each has a mock in place of a session


TARGETS = (
    Target(MINIMAL, "Django’s minimal view, no middleware", does.reads_minimal),
    Target("home", "home, from the page cache", does.reads_home),
    Target("home-account", "home, signed in", does.reads_home, "signed in"),
    Target("careers", "salary guide, from the page cache", does.reads_guide(GUIDE)),
    Target("careers-account", "salary guide, signed in", does.reads_guide(GUIDE), "signed in"),
    Target("careers-map", "map and table of states, page cache", does.reads_guide(STATES)),
    Target("careers-state", "page of a state, page cache", does.reads_guide(f"{STATES}ohio/")),
    # A query keeps a page out of the cache.
    Target("careers-rendered", "map and table, rendered anew", does.reads_guide(f"{STATES}?q=")),
    Target("careers-compare", "four states side by side", does.reads_guide(COMPARED)),
    Target("careers-estimate", "estimate with every choice", does.reads_guide(ESTIMATED)),
    Target("question", "question page", does.reads_question, "anonymous"),
    Target("question-account", "question page, signed in", does.reads_question, "signed in"),
    Target("answer", "answer by htmx", does.answers_by_htmx, "anonymous", True),
    Target("answer-account", "answer, htmx, signed in", does.answers_by_htmx, "signed in", True),
    Target("answer-form", "answer by plain form", does.answers_by_form, "anonymous", True),
    Target("loop", "question, answer, feedback", does.learns, "anonymous", True),
    Target("loop-account", "the same, signed in", does.learns, "signed in", True),
    Target("loop-htmx", "the same, question by htmx", does.learns_by_htmx, "anonymous", True),
    Target("loop-form", "the same, no JavaScript", does.learns_by_form, "anonymous", True),
    Target("exam-save", "choice of a mock, signed in", exam.saves, "signed in", mock="open"),
    Target("exam-start", "mock of 100 discarded, next one", exam.starts, "signed in", mock="open"),
    Target(
        "exam-report", "report of 100, signed in", exam.reads_report, "signed in", mock="submitted"
    ),
)


@dataclass(frozen=True)
class Burst:
    """What one target did in one go, and what it cost."""

    units: int
    requests: int
    seconds: float
    cpu_seconds: float
    database_cpu_seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        return self.units / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Return the server's processor time for a unit, in milliseconds."""
        return 1000 * self.cpu_seconds / self.units

    @property
    def database_cpu_ms(self) -> float:
        return 1000 * self.database_cpu_seconds / self.units


@dataclass
class Measured:
    """All that is known of a target: its burst of each round, and what units cost."""

    target: Target
    bursts: list[Burst] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)


class Supply:
    """Sessions with fresh slots, prepared outside of what is timed."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self._rates: dict[str, float] = {}

    def for_burst(self, target: Target, connections: int, seconds: float) -> list[list[Learner]]:
        """Return the learners of each connection, enough for the time at the last rate."""
        if not target.visitor:
            return [[] for _ in range(connections)]
        if target.mock:
            mocks = self._inside.ask(
                "prepare_mocks", count=connections, submitted=target.mock == "submitted"
            )
            return [[exam.Sitter(**one)] for one in mocks]
        each = 1
        if target.uses_up_slots:
            expected = seconds * self._rates.get(target.name, 200.0) / connections
            each = 2 + int(1.5 * expected / SLOTS)
        learners = self.learners(each * connections, signed_in=target.visitor == "signed in")
        return [learners[place::connections] for place in range(connections)]

    def learners(self, count: int, *, signed_in: bool) -> list[Learner]:
        """Return so many new learners, each with a session of unanswered slots."""
        prepared = self._inside.ask("prepare", count=count, signed_in=signed_in)
        return [Learner(**one) for one in prepared]

    def note(self, target: Target, burst: Burst) -> None:
        """Remember how fast a target is, for its next burst."""
        self._rates[target.name] = burst.per_second


@dataclass
class Bench:
    """A running server with all that measuring it needs."""

    server: Server
    database: DatabaseServer
    supply: Supply

    def burst(
        self, target: Target, connections: int, seconds: float, *, is_counting: bool = False
    ) -> tuple[Burst, list[Cost]]:
        """Drive one target for some seconds; raises WrongResponse for a wrong one."""
        learners = self.supply.for_burst(target, connections, seconds)
        tally = Tally(self.server.port, 0.0, is_counting)
        driver = Driver(self.server.port, (target.activity(tally, own) for own in learners))
        cpu, database_cpu = self.server.cpu_seconds(), self.database.cpu_seconds()
        started = time.perf_counter()
        tally.until = started + seconds
        try:
            driver.run()
        finally:
            driver.close()
        burst = Burst(
            units=len(tally.latencies),
            requests=tally.requests,
            seconds=time.perf_counter() - started,
            cpu_seconds=self.server.cpu_seconds() - cpu,
            database_cpu_seconds=self.database.cpu_seconds() - database_cpu,
            latencies=tally.latencies,
        )
        self.supply.note(target, burst)
        return burst, tally.costs


def chosen(names: list[str]) -> list[Target]:
    """Return the targets of these names, all where there are none; always with the minimal."""
    return [one for one in TARGETS if not names or one.name in {MINIMAL, *names}]


def measure(
    site: Site, inside: Inside, targets: list[Target], *, rounds: int, seconds: float,
    connections: int, say: Say,
) -> list[Measured]:  # fmt: skip
    """Time the targets in turn, in another order each round; then count what they cost."""
    found = {target.name: Measured(target) for target in targets}
    supply = Supply(inside)
    with Server(site, started_alone=True) as server:
        bench = Bench(server, DatabaseServer(site), supply)
        say("Warming up …")
        for target in targets:
            bench.burst(target, connections, min(seconds, WARM_UP_SECONDS))
        for number in range(1, rounds + 1):
            say(f"Round {number} of {rounds} …")
            for target in random.sample(targets, len(targets)):
                burst, _ = bench.burst(target, connections, seconds)
                found[target.name].bursts.append(burst)
    say("Counting statements and bytes …")
    # One process, so that the first pass has warmed what the second one counts.
    with Server(site, serving="counting", workers=1) as server:
        bench = Bench(server, DatabaseServer(site), supply)
        for _ in ("warm-up", "count"):
            for target in targets:
                _, costs = bench.burst(target, 1, min(seconds, COUNTED_SECONDS), is_counting=True)
                found[target.name].costs = costs
    return list(found.values())


def profile(site: Site, inside: Inside, target: Target, *, seconds: float, rows: int) -> str:
    """Return where the server's time goes for a target: the top functions, both ways."""
    with Server(site, serving="profiling", workers=1) as server:
        bench = Bench(server, DatabaseServer(site), Supply(inside))
        minimal = TARGETS[0]  # has the profile written, and begun anew
        bench.burst(target, 1, seconds)
        bench.burst(minimal, 1, 0.01)
        burst, _ = bench.burst(target, 1, seconds)
        bench.burst(minimal, 1, 0.01)
    text = StringIO()
    text.write(f"{target.name}: {burst.units} units, one process\n")
    stats = pstats.Stats(str(site.folder / PROFILE), stream=text).strip_dirs()
    stats.sort_stats("tottime").print_stats(rows)
    stats.sort_stats("cumulative").print_stats(rows)
    return text.getvalue()
