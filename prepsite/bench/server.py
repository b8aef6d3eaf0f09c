"""A scratch site, and the production server on it in a process group of its own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from prepsite.bench.nursery import Nursery
from prepsite.bench.postgres import free_port, throwaway_server
from prepsite.server import WORKERS, server_command

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
_INSIDE = "import django; django.setup(); from prepsite.bench import inside; inside.serve()"
TICKS = os.sysconf("SC_CLK_TCK")
# What this machine has set must not reach the scratch site: it is measured as shipped.
_FOREIGN = {
    *("ALLOWED_HOSTS", "CACHE_URL", "DATABASE_URL", "DEBUG", "DJANGO_SETTINGS_MODULE"),
    *("EMAIL_HOST", "LOG_FORMAT", "LOG_LEVEL", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SITE_URL"),
    *("TIME_ZONE", "TRUST_PROXY", "VAR_DIR"),
}


class BenchError(Exception):
    """The benchmark cannot go on; the message says why."""


@dataclass(frozen=True)
class Site:
    """A prepared site of its own: its folder, its database and its environment."""

    folder: Path
    database_url: str
    environment: dict[str, str]
    nursery: Nursery

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


@contextmanager
def scratch_site(*, postgres: bool, database_url: str = "", codes: bool = True) -> Iterator[Site]:
    """Yield a site with migrations, content and static files; it is gone afterwards.

    ``postgres`` starts a throwaway server, unless ``database_url`` names one: then a
    database is made on it and dropped again. ``codes=False`` leaves out the code sets,
    which take the longest and which no measured page reads.
    """
    with (
        tempfile.TemporaryDirectory(prefix="prepsite-bench-") as name,
        _database(Path(name), postgres=postgres, database_url=database_url) as url,
    ):
        kept = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
        environment = kept | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "prepsite.settings",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "VAR_DIR": name,
        }
        _prepare(environment, codes=codes)
        with closing(Nursery(ROOT, environment)) as nursery:
            yield Site(Path(name), url, environment, nursery)


def _prepare(environment: dict[str, str], *, codes: bool) -> None:
    command = [sys.executable, "manage.py", "quickstart", "--prepare-only"]
    result = subprocess.run(  # noqa: S603  (our own command)
        command if codes else [*command, "--without-codes"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise BenchError(f"The scratch site could not be prepared.\n{result.stderr}")


@contextmanager
def _database(folder: Path, *, postgres: bool, database_url: str) -> Iterator[str]:
    if database_url:
        with _database_on(database_url) as url:
            yield url
    elif postgres:
        with throwaway_server(durable=True) as server, _database_on(server) as url:
            yield url
    else:
        yield f"sqlite:///{folder / 'site.sqlite3'}"


@contextmanager
def _database_on(server: str) -> Iterator[str]:
    """Yield the address of a new database on a PostgreSQL server; drop it afterwards."""
    name = f"prepsite_bench_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Inside:
    """A process inside the scratch site's settings that does what needs its database."""

    def __init__(self, site: Site) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-c", _INSIDE],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str, **arguments: Any) -> Any:
        """Return what a function of ``prepsite.bench.inside`` returns for these arguments."""
        assert self._process.stdin is not None  # noqa: S101  (for the type checker)
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(json.dumps([what, arguments]) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())
        except (OSError, ValueError) as error:
            raise BenchError(f"The process beside the server broke off at “{what}”.") from error

    def __enter__(self) -> "Inside":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


class Server:
    """The production server on a scratch site, in a process group of its own.

    What is timed is ``started_alone``, as in production; elsewhere it is forked from the
    site's nursery. ``serving`` names the application of ``prepsite.bench.wsgi``.
    """

    def __init__(
        self,
        site: Site,
        *,
        serving: str = "application",
        workers: int = WORKERS,
        started_alone: bool = False,
    ) -> None:
        self.site = site
        self.port = free_port()
        self._command = server_command(self.port, f"prepsite.bench.wsgi:{serving}", workers)
        self._started_alone = started_alone
        self._log = site.folder / "server.log"
        self._spawned: subprocess.Popen[bytes] | None = None
        self._group = 0

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGTERM)

    def start(self) -> None:
        """Start the server and wait until it answers; raises BenchError where it does not."""
        self._group = (
            self._spawn()
            if self._started_alone
            else self.site.nursery.start(self._command, self._log)
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self.processes() or time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
                raise BenchError(f"The server did not start.\n{self._log.read_text()}")
            time.sleep(0.01)

    def _spawn(self) -> int:
        with self._log.open("ab") as log:
            self._spawned = subprocess.Popen(  # noqa: S603  (our own server)
                self._command,
                cwd=ROOT,
                env=self.site.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self._spawned.pid

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as probe:
            probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            return probe.recv(100).startswith(b"HTTP/1.1 200")
        return False

    def stop(self, how: signal.Signals) -> None:
        """Send every process of the group a signal and wait until all of them are gone."""
        if not self._group:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._group, how)
        deadline = time.monotonic() + START_SECONDS
        while self.processes():
            if time.monotonic() > deadline:
                raise BenchError("The server does not stop.")
            time.sleep(0.005)
        if self._spawned:
            self._spawned.wait()
        self._group = 0

    def processes(self) -> list["Process"]:
        """Return the server's processes, without those that only wait to be buried."""
        if not self._group:
            return []
        return [one for one in _processes() if one.group == self._group and one.state != "Z"]

    def cpu_seconds(self) -> float:
        """Return the processor time that the server's processes have used so far."""
        return sum(process.cpu_seconds for process in self.processes())


@dataclass(frozen=True)
class Process:
    """A line of ``/proc/<pid>/stat``, as far as it is needed."""

    pid: int
    name: str
    state: str
    parent: int
    group: int
    cpu_seconds: float


def parse_stat(line: str) -> Process:
    """Return what a stat line says; the name may hold blanks and brackets of its own.

    The time is that of the process and of the children that it has waited for.
    """
    start, end = line.index("("), line.rindex(")")
    fields = line[end + 2 :].split()
    return Process(
        pid=int(line[:start]),
        name=line[start + 1 : end],
        state=fields[0],
        parent=int(fields[1]),
        group=int(fields[2]),
        cpu_seconds=sum(map(int, fields[11:15])) / TICKS,
    )


def _processes() -> Iterator[Process]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            yield parse_stat(path.read_text(errors="replace"))


class DatabaseServer:
    """The processes of a PostgreSQL server on this machine; none for SQLite or elsewhere."""

    def __init__(self, site: Site) -> None:
        self._pid = 0
        if site.is_sqlite:
            return
        with psycopg.connect(site.database_url) as connection:
            row = connection.execute("SELECT pg_backend_pid()").fetchone()
            backend = next((one for one in _processes() if row and one.pid == row[0]), None)
        if backend and backend.name.startswith("postgres"):
            self._pid = backend.parent

    @property
    def is_here(self) -> bool:
        return bool(self._pid)

    def cpu_seconds(self) -> float:
        """Return the processor time of the database server's processes so far."""
        family = [one for one in _processes() if self._pid and self._pid in (one.pid, one.parent)]
        return sum(process.cpu_seconds for process in family)
