"""The backup file: a zip of the database and its manifest, readable by its owner only.

Anybody can take it apart by hand: it holds ``manifest.json`` and either a SQLite file or
what ``pg_dump -Fc`` wrote.
"""

import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

from django.db.backends.base.base import BaseDatabaseWrapper
from pydantic import ValidationError

from prepsite.backup import postgresql, sqlite
from prepsite.backup.manifest import BackupError, Manifest, site_version, unknown_migrations

MANIFEST = "manifest.json"
# Names of our own making, which --keep may delete.
STAMP = "%Y%m%dT%H%M%SZ"
OURS = "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z-{kind}.zip"


def engine_of(kind: str) -> ModuleType:
    """Return the module that dumps and loads this kind of database."""
    return {"sqlite": sqlite, "postgresql": postgresql}[kind]


def name_at(now: datetime, kind: str) -> str:
    """Return the name of a backup made at ``now`` (UTC)."""
    return f"{now.strftime(STAMP)}-{kind}.zip"


def make(connection: BaseDatabaseWrapper, target: Path, now: datetime) -> Manifest:
    """Write a backup and read it again before it gets its name; return its manifest.

    ``target`` either stays absent or is whole, on the disk, and its owner's alone.
    Raises BackupError for a name that is taken and for whatever goes wrong.
    """
    if target.exists():
        raise BackupError(f"{target} is there already. Choose another name.")
    engine = engine_of(connection.vendor)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # A folder of its own is closed to others while the copy is being made.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            copy, draft = Path(folder) / engine.MEMBER, Path(folder) / "draft.zip"
            manifest = Manifest(
                made_at=now,
                site_version=site_version(),
                database=engine.KIND,
                contents=engine.dump(connection, copy),
            )
            _pack(draft, copy, manifest)
            if read(draft) != manifest:
                raise BackupError("The backup says something else when read again.")
            draft.rename(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error}.") from error
    _sync(target.parent)
    return manifest


def _pack(draft: Path, copy: Path, manifest: Manifest) -> None:
    # A dump of PostgreSQL is compressed already.
    method = zipfile.ZIP_DEFLATED if manifest.database == "sqlite" else zipfile.ZIP_STORED
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", method, compresslevel=3) as pack:
            pack.writestr(MANIFEST, manifest.model_dump_json(indent=1))
            pack.write(copy, copy.name)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Let the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> Manifest:
    """Return the manifest of a backup; raises BackupError for any file that is not a whole one."""
    try:
        with zipfile.ZipFile(path) as pack:
            manifest = Manifest.model_validate_json(pack.read(MANIFEST))
            names = {MANIFEST, engine_of(manifest.database).MEMBER}
            if set(pack.namelist()) != names or pack.testzip() is not None:
                raise BackupError(f"{path} is damaged.")
            return manifest
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValidationError) as error:
        raise BackupError(f"{path} is damaged, or not a backup of this site.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error}.") from error


def refuse_unfit(manifest: Manifest, connection: BaseDatabaseWrapper) -> None:
    """Raise BackupError for a backup that this program cannot put into this database."""
    if manifest.database != connection.vendor:
        raise BackupError(
            f"This is a backup of {manifest.database}, and the site uses {connection.vendor}."
            " Set DATABASE_URL to a database of that kind."
        )
    if unknown := unknown_migrations(manifest.contents.migrations):
        raise BackupError(
            f"The backup was made by a newer program: {', '.join(unknown[:5])} is not known"
            " here. Install the version that made it first"
            f" ({manifest.site_version} or later)."
        )


@contextmanager
def unpacked(path: Path, folder: Path) -> Iterator[Path]:
    """Yield the database inside a backup as a file that is gone afterwards."""
    member = engine_of(read(path).database).MEMBER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as name:
            copy = Path(name) / member
            with zipfile.ZipFile(path) as pack, pack.open(member) as source, copy.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            yield copy
    except OSError as error:
        raise BackupError(f"The backup cannot be unpacked in {folder}: {error}.") from error


def delete_older(folder: Path, kind: str, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` backups of our own naming; return the deleted ones."""
    found = sorted(folder.glob(OURS.format(kind=kind)))
    old = found[: max(0, len(found) - keep)]
    for path in old:
        path.unlink()
    return old
