"""PostgreSQL: pg_dump of one snapshot, put back with psql in one transaction."""

import os
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, cast

import psycopg
from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

from prepsite.backup.manifest import BackupError, Contents, TableState

KIND: Final = "postgresql"
MEMBER = "database.dump"
INSTALLED = Path("/usr/lib/postgresql")
# How long a restore waits for requests of a running site to end.
PATIENCE_SECONDS = 15

# Each value as text in one fixed form, whatever the server's or the role's settings are.
_PLAIN_FORM = """
SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'
"""
_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() ORDER BY 1
"""
# Two sums of parts of each row's SHA-256; OFFSET keeps the hash from being taken twice.
_STATE = """
SELECT count(*),
    coalesce(sum(('x' || substr(hashed, 1, 15))::bit(60)::bigint), 0),
    coalesce(sum(('x' || substr(hashed, 16, 15))::bit(60)::bigint), 0)
FROM (SELECT encode(sha256(convert_to(whole_row__::text, 'UTF8')), 'hex') AS hashed
    FROM {table} AS whole_row__ OFFSET 0) AS hashes
"""
_USERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def dump(connection: BaseDatabaseWrapper, target: Path) -> Contents:
    """Dump the database as it stands at one instant and return what the dump holds.

    Counts and digests are taken in the very snapshot that pg_dump reads, so they are
    exact while learners are answering. Raises BackupError where pg_dump fails.
    """
    raw = _raw(connection)
    folder, environment = client_programs(_server(raw)), _environment(connection)
    with raw.transaction(), raw.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_schema()")
        snapshot, schema = cursor.fetchone() or ("", "")
        found = _read(cursor)
        tables = [f"--table={_quoted(schema)}.{_quoted(name)}" for name in found.tables]
        _run(
            [
                *(str(folder / "pg_dump"), "--format=custom", "--no-owner", "--no-privileges"),
                *(f"--snapshot={snapshot}", *tables, f"--file={target}"),
                f"--dbname={_address(connection)}",
            ],
            environment,
        )
    listed = _run([str(folder / "pg_restore"), "--list", str(target)])
    if absent := found.tables.keys() - set(re.findall(r"TABLE DATA \S+ (\S+) ", listed)):
        raise BackupError(f"pg_dump left out {', '.join(sorted(absent))}.")
    return found


def contents(connection: BaseDatabaseWrapper) -> Contents:
    """Return what the live database holds."""
    with _raw(connection).transaction(), _raw(connection).cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _read(cursor)


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether there is nothing yet that a restore could replace."""
    return not _tables(_raw(connection))


def users(connection: BaseDatabaseWrapper) -> int:
    """Return how many other sessions are connected to the database.

    Asked over a connection of its own: a pool's idle ones would count as others.
    """
    try:
        with psycopg.connect(
            _address(connection), password=_environment(connection).get("PGPASSWORD")
        ) as own:
            row: Any = own.execute(_USERS).fetchone()
    except psycopg.Error as error:
        raise BackupError(f"The database cannot be reached: {error}") from error
    return int(row[0])


def load(connection: BaseDatabaseWrapper, source: Path) -> None:
    """Replace every table by those of a dump, in one transaction.

    All tables of the schema are dropped first: pg_restore --clean knows only those of
    the dump, and stumbles over a newer table that refers to one of them. Raises
    BackupError, with nothing changed, where any statement fails.
    """
    raw = _raw(connection)
    folder, environment = client_programs(_server(raw)), _environment(connection)
    script = [str(folder / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)]
    client = [str(folder / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
    with tempfile.TemporaryFile() as complaints:
        reader = subprocess.Popen(  # noqa: S603  (no shell; what we found and were given)
            script, stdout=subprocess.PIPE, stderr=complaints, env=environment
        )
        writer = subprocess.Popen(  # noqa: S603
            [*client, f"--dbname={_address(connection)}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            env=environment,
        )
        statements, sink = cast(IO[bytes], reader.stdout), cast(IO[bytes], writer.stdin)
        try:
            sink.write(_clearing(raw))
            pass_on(statements, sink, _server(raw))
            # Without this word the end of input rolls everything back.
            if reader.wait() == 0:
                sink.write(b"\nCOMMIT;\n")
            sink.flush()
        except BrokenPipeError:
            reader.kill()
        with suppress(BrokenPipeError):
            sink.close()
        if writer.wait() or reader.wait():
            complaints.seek(0)
            raise BackupError(
                "The restore failed and changed nothing: "
                + complaints.read().decode(errors="replace").strip()[-2_000:]
            )
    connection.close()


def pass_on(script: IO[bytes], target: IO[bytes], server: int) -> None:
    """Pass the script on, but for a setting that newer tools know and older servers do not."""
    for line in script:
        if server < 17 and line == b"SET transaction_timeout = 0;\n":
            continue
        target.write(line)
        if line.startswith(b"COPY "):
            break
    shutil.copyfileobj(script, target, 1 << 20)


def _clearing(raw: psycopg.Connection[Any]) -> bytes:
    """Return the statements that begin the restore: a transaction, and no table left."""
    lines = ["BEGIN;", "SET client_min_messages = warning;"]
    lines.append(f"SET lock_timeout = '{PATIENCE_SECONDS}s';")
    row: Any = raw.execute("SELECT current_schema()").fetchone()
    if names := [f"{_quoted(row[0])}.{_quoted(name)}" for name in _tables(raw)]:
        lines.append(f"DROP TABLE {', '.join(names)} CASCADE;")
    return ("\n".join(lines) + "\n").encode()


def _raw(connection: BaseDatabaseWrapper) -> psycopg.Connection[Any]:
    try:
        connection.ensure_connection()
    except Error as error:
        raise BackupError(f"The database cannot be reached: {error}") from error
    raw: psycopg.Connection[Any] = connection.connection
    return raw


def _tables(raw: psycopg.Connection[Any]) -> list[str]:
    return [row[0] for row in raw.execute(_TABLES).fetchall()]


def _read(cursor: psycopg.Cursor[Any]) -> Contents:
    for statement in _PLAIN_FORM.split(";"):
        cursor.execute(statement.strip().encode())
    names = [row[0] for row in cursor.execute(_TABLES.encode()).fetchall()]
    if "django_migrations" not in names:
        raise BackupError("This is not a database of the site: it has no migrations.")
    tables = {}
    for name in names:
        # The name comes from the catalogue and is quoted.
        row: Any = cursor.execute(_STATE.format(table=_quoted(name)).encode()).fetchone()
        tables[name] = TableState(rows=row[0], digest=f"{int(row[1]):x}.{int(row[2]):x}")
    applied = cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return Contents(migrations=tuple(row[0] for row in applied.fetchall()), tables=tables)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _address(connection: BaseDatabaseWrapper) -> str:
    """Return where the database is, without the password: arguments are public."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"password"}
    given = connection.get_connection_params()
    return make_conninfo(**{name: str(given[name]) for name in given.keys() & known})


def _environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    password = connection.get_connection_params().get("password")
    return os.environ | ({"PGPASSWORD": str(password)} if password else {})


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    result = subprocess.run(  # noqa: S603  (no shell; what we found and were given)
        command, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        name = Path(command[0]).name
        raise BackupError(f"{name} failed: {result.stderr.strip()[-2_000:]}")
    return result.stdout


def _server(raw: psycopg.Connection[Any]) -> int:
    return raw.info.server_version // 10_000


def client_programs(server: int) -> Path:
    """Return the folder of PostgreSQL's client programs, of the server's version or newer.

    The server's own version comes first, then what PATH names, then the newest. Raises
    BackupError where there are none.
    """
    on_path = [Path(found).parent for found in [shutil.which("pg_dump")] if found]
    versions = {int(path.name): path / "bin" for path in INSTALLED.glob("[0-9]*")}
    same = [versions[server]] if server in versions else []
    newest = [versions[number] for number in sorted(versions, reverse=True)]
    for folder in [*same, *on_path, *newest]:
        if all((folder / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
            found = re.search(r"\) (\d+)", _run([str(folder / "pg_dump"), "--version"]))
            if found and int(found.group(1)) >= server:
                return folder
    raise BackupError(
        f"The server is PostgreSQL {server}, and no pg_dump of that version or newer was found."
        f" Install its client programs, on Debian: apt-get install postgresql-client-{server}."
    )
