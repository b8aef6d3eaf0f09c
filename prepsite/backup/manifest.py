"""What a backup says about itself, so that a restore can prove that nothing is missing."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from pydantic import BaseModel, ConfigDict


class BackupError(Exception):
    """A backup cannot be made or used; the message says why and what to do."""


class TableState(BaseModel):
    """The number of a table's rows, and a digest of them that no order of rows changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rows: int
    digest: str


class Contents(BaseModel):
    """All that a database held at one instant: its migrations and every table's state."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    migrations: tuple[str, ...]
    tables: dict[str, TableState]

    @property
    def rows(self) -> int:
        """The number of rows in all tables."""
        return sum(state.rows for state in self.tables.values())


class Manifest(BaseModel):
    """The label of a backup file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    made_at: datetime
    site_version: str
    database: Literal["sqlite", "postgresql"]
    contents: Contents


def site_version() -> str:
    """Return the version of the program, from its project file."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    version: str = project["project"]["version"]
    return version


def differences(expected: Contents, found: Contents) -> list[str]:
    """Return a sentence for each table that is not as expected."""
    sentences = []
    for name in sorted(expected.tables.keys() | found.tables.keys()):
        wanted, there = expected.tables.get(name), found.tables.get(name)
        if wanted == there:
            continue
        if there is None:
            sentences.append(f"{name} is missing.")
        elif wanted is None:
            sentences.append(f"{name} is there and should not be.")
        elif wanted.rows != there.rows:
            sentences.append(f"{name} has {there.rows} rows instead of {wanted.rows}.")
        else:
            sentences.append(f"{name} has other rows.")
    return sentences


def unknown_migrations(applied: Iterable[str]) -> list[str]:
    """Return those of the applied migrations that this program does not have."""
    return sorted(set(applied) - _known_migrations())


def missing_migrations(applied: Iterable[str]) -> list[str]:
    """Return those of this program's migrations that are not among the applied ones."""
    return sorted(_known_migrations() - set(applied))


def _known_migrations() -> set[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations or {}}
