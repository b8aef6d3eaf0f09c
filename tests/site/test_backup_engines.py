"""What only one of the two databases can meet when it is backed up or restored."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

from prepsite.backup import postgresql, sqlite
from prepsite.backup.manifest import BackupError

pytestmark = pytest.mark.once
HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1])
print(held.execute("SELECT count(*) FROM child").fetchone()[0], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> BaseDatabaseWrapper:
    """A small database with a write-ahead log, as the site's own."""
    path = tmp_path / "site.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            """
            PRAGMA journal_mode=WAL;
            CREATE TABLE django_migrations (id integer, app text, name text);
            CREATE TABLE parent (id integer PRIMARY KEY, name text);
            CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent (id));
            INSERT INTO parent VALUES (1, 'one'), (2, 'two');
            INSERT INTO child VALUES (1, 1), (2, 2);
            """
        )
    return DatabaseWrapper({"NAME": str(path)}, "scratch")


def run_sql(database: BaseDatabaseWrapper, statement: str) -> None:
    with closing(sqlite3.connect(database.settings_dict["NAME"])) as file:
        file.execute(statement)
        file.commit()


def test_rows_that_name_a_row_that_is_gone_make_no_backup(database, tmp_path):
    run_sql(database, "DELETE FROM parent WHERE id = 2")
    with pytest.raises(BackupError, match="1 rows of child"):
        sqlite.dump(database, tmp_path / "copy")


def test_a_damaged_page_makes_no_backup(database, tmp_path):
    run_sql(database, "PRAGMA journal_mode=DELETE")
    path = Path(database.settings_dict["NAME"])
    data = bytearray(path.read_bytes())
    data[-4096:] = bytes([0x55]) * 4096
    path.write_bytes(data)
    with pytest.raises(BackupError, match=r"damaged|not a sound|cannot be copied"):
        sqlite.dump(database, tmp_path / "copy")


def test_a_file_that_another_process_holds_open_is_not_replaced(database, tmp_path):
    sqlite.dump(database, tmp_path / "copy")
    run_sql(database, "INSERT INTO child VALUES (3, 1)")
    before = sqlite.contents(database)
    command = [sys.executable, "-c", HOLD, str(database.settings_dict["NAME"])]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "3\n"
        with pytest.raises(BackupError, match="Stop the site first"):
            sqlite.load(database, tmp_path / "copy")
        assert sqlite.contents(database) == before
        other.communicate("")
    sqlite.load(database, tmp_path / "copy")
    assert sqlite.contents(database).tables["child"].rows == 2


def test_a_ruined_file_is_set_aside_and_replaced(database, tmp_path):
    expected = sqlite.dump(database, tmp_path / "copy")
    live = Path(database.settings_dict["NAME"])
    live.write_bytes(b"not a database" * 1_000)
    sqlite.load(database, tmp_path / "copy")
    assert sqlite.contents(database) == expected
    (aside,) = tmp_path.glob("site.sqlite3.damaged-*")
    assert aside.read_bytes().startswith(b"not a database")


def test_a_mistyped_name_makes_no_empty_database(tmp_path):
    nowhere = DatabaseWrapper({"NAME": str(tmp_path / "nowhere.sqlite3")}, "scratch")
    with pytest.raises(BackupError, match="cannot be copied"):
        sqlite.dump(nowhere, tmp_path / "copy")
    assert not (tmp_path / "nowhere.sqlite3").exists()


def test_without_fitting_client_programs_the_message_says_what_to_install():
    with pytest.raises(BackupError, match="apt-get install postgresql-client-99"):
        postgresql.client_programs(99)


@pytest.mark.parametrize(("server", "lines"), [(15, 5), (17, 6)])
def test_an_older_server_is_not_given_a_setting_that_it_does_not_know(server, lines):
    setting = b"SET transaction_timeout = 0;\n"
    script = b"SET lock_timeout = 0;\n" + setting + b"COPY t FROM stdin;\n" + setting + b"\\.\n\n"
    passed = BytesIO()
    postgresql.pass_on(BytesIO(script), passed, server)
    # Below the first COPY the same words are somebody's data.
    assert passed.getvalue().count(b"\n") == lines
    assert passed.getvalue().endswith(b"COPY t FROM stdin;\n" + setting + b"\\.\n\n")
