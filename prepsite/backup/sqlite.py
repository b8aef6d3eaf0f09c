"""SQLite: copied while the site is writing, put back into the file it came from."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from prepsite.backup.manifest import BackupError, Contents, TableState

KIND: Final = "sqlite"
MEMBER = "database.sqlite3"
# How long a restore waits for somebody else to let go of the file.
PATIENCE_SECONDS = 2.0
_encode = json.JSONEncoder(default=lambda value: {"bytes": value.hex()}).encode


def dump(connection: BaseDatabaseWrapper, target: Path) -> Contents:
    """Copy the database as it stands at one instant and return what the copy holds.

    The copy is taken in one step of SQLite's online backup: with a write-ahead log the
    site goes on writing meanwhile. Raises BackupError where the copy is not sound.
    """
    try:
        with closing(_open(_file_of(connection))) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"{_file_of(connection)} cannot be copied: {error}.") from error
    return check(target)


def check(path: Path) -> Contents:
    """Return what a database file holds; raises BackupError unless it is sound."""
    try:
        with closing(_open(path)) as database:
            verdict = [row[0] for row in database.execute("PRAGMA integrity_check")]
            if verdict != ["ok"]:
                raise BackupError(f"The database is damaged: {'; '.join(verdict[:3])}.")
            if broken := database.execute("PRAGMA foreign_key_check").fetchall():
                raise BackupError(f"{len(broken)} rows of {broken[0][0]} name rows that are gone.")
            return _read(database)
    except sqlite3.Error as error:
        raise BackupError(f"{path.name} is not a sound SQLite database: {error}.") from error


def contents(connection: BaseDatabaseWrapper) -> Contents:
    """Return what the live database holds."""
    return check(_file_of(connection))


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether there is nothing yet that a restore could replace."""
    live = _file_of(connection)
    return not live.exists() or live.stat().st_size == 0


def users(connection: BaseDatabaseWrapper) -> int:
    """Return how many others use the database: a restore finds out by itself here."""
    return 0


def load(connection: BaseDatabaseWrapper, source: Path) -> None:
    """Replace all of the live database by a sound copy, in one transaction.

    Raises BackupError, with nothing changed, for an unsound copy and while another process
    has the file open. A live file that is no database any more is set aside under another
    name.
    """
    check(source)
    connection.close()
    live = _file_of(connection)
    if not _is_database(live):
        _set_aside(live)
    live.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(live, timeout=PATIENCE_SECONDS)) as target:
        try:
            # Leaving the write-ahead log takes the file for oneself alone: it fails as
            # long as any other process has it open, even one that does nothing.
            target.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise BackupError(
                f"{live} is in use ({error}). Stop the site first, then restore again."
            ) from error
        with closing(_open(source)) as copy:
            copy.backup(target)


def _file_of(connection: BaseDatabaseWrapper) -> Path:
    return Path(connection.settings_dict["NAME"])


def _open(path: Path) -> sqlite3.Connection:
    # Never made by opening: a mistyped name must not turn into an empty database.
    return sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True)


def _is_database(path: Path) -> bool:
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        with closing(_open(path)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        return "locked" in str(error)
    return True


def _set_aside(path: Path) -> None:
    """Rename a ruined file, with its log, which would be replayed into the new one."""
    for name in ("", "-wal", "-shm", "-journal"):
        part = path.with_name(path.name + name)
        if part.exists():
            part.rename(part.with_name(f"{part.name}.damaged-{timezone.now():%Y%m%dT%H%M%S}"))


def _read(database: sqlite3.Connection) -> Contents:
    names = [
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
            " ESCAPE '\\' ORDER BY name"
        )
    ]
    if "django_migrations" not in names:
        raise BackupError("This is not a database of the site: it has no migrations.")
    applied = database.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return Contents(
        migrations=tuple(name for (name,) in applied),
        tables={name: _state(database, name) for name in names},
    )


def _state(database: sqlite3.Connection, table: str) -> TableState:
    rows = total = 0
    name = table.replace('"', '""')
    for row in database.execute(f'SELECT * FROM "{name}"'):  # noqa: S608  (a name, quoted)
        rows += 1
        total += int.from_bytes(hashlib.sha256(_encode(row).encode()).digest())
    return TableState(rows=rows, digest=f"{total % 2**256:064x}")
