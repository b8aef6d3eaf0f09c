"""A backup holds everything of one instant, and a restore brings exactly that back."""

import json
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from prepsite.accounts.learners import key_of
from prepsite.accounts.models import Learner
from prepsite.backup import archive
from prepsite.backup.manifest import BackupError
from prepsite.content.models import PublicationState
from quizzes import practice
from quizzes.models import Answer, Question, SeenQuestion
from quizzes.rendering import content_of
from quizzes.sessions import get_session
from tests.factories import (
    make_answered,
    make_attempt,
    make_learner,
    make_question,
    make_questions,
    make_user,
)
from tests.quizzes.browsing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
type Rows = dict[str, list[str]]
STATE = "content_publicationstate"
OTHER_KIND = {"sqlite": "postgresql", "postgresql": "sqlite"}


def rows_of(database: BaseDatabaseWrapper) -> Rows:
    """Return every row of every table, in comparable form."""
    with database.cursor() as cursor:
        found = {}
        for table in database.introspection.table_names(cursor):
            name = database.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")  # noqa: S608
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A database of the same kind with nothing in it, as on a fresh machine."""
    other = connection.copy("scratch")
    if connection.vendor == "sqlite":
        other.settings_dict["NAME"] = str(tmp_path / "scratch.sqlite3")
        yield other
        other.close()
    else:
        other.settings_dict["NAME"] = "scratch"
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE scratch")
        yield other
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE scratch WITH (FORCE)")


@pytest.fixture
def filled() -> Learner:
    """Content, an account and answers, with texts and gaps that are easily spoilt."""
    question, other = (
        make_question(),
        make_question(stem="Wie heißt “das” –\n\t'quoted' \\N \U0001f600?"),
    )
    learner = make_learner(user=make_user())
    make_answered(learner, question, timezone.now())
    make_answered(make_learner(), other, timezone.now(), right=False)
    return learner


def back_up(folder: Path) -> Path:
    """Make a backup and return its file."""
    path = folder / "backup.zip"
    archive.make(connection, path, timezone.now())
    return path


def restore(path: Path, *arguments: str) -> str:
    """Run the command without a question and return what it printed."""
    out = StringIO()
    call_command("restore", str(path), "--yes", *arguments, stdout=out)
    return out.getvalue()


def load_into(database: BaseDatabaseWrapper, path: Path, folder: Path) -> None:
    """Put a backup into another database than the site's."""
    engine = archive.engine_of(database.vendor)
    with archive.unpacked(path, folder) as copy:
        engine.load(database, copy)


def rewrite(path: Path, change: Callable[[dict[str, Any]], None], member: str = "") -> None:
    """Change what a backup says about itself, and perhaps the name of what it holds."""
    with zipfile.ZipFile(path) as pack:
        label = json.loads(pack.read("manifest.json"))
        (name,) = set(pack.namelist()) - {"manifest.json"}
        body = pack.read(name)
    change(label)
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("manifest.json", json.dumps(label))
        pack.writestr(member or name, body)


def test_a_fresh_machine_gets_every_row_of_every_table(filled, scratch, tmp_path):
    before = rows_of(connection)
    load_into(scratch, back_up(tmp_path), tmp_path)
    assert rows_of(scratch) == before
    assert sum(map(len, before.values())) > 50


def test_what_was_changed_deleted_and_added_is_as_it_was(filled, scratch, tmp_path):
    path = back_up(tmp_path)
    load_into(scratch, path, tmp_path)
    before = rows_of(scratch)
    with scratch.cursor() as cursor:
        cursor.execute("UPDATE quizzes_questionversion SET stem = 'changed'")
        cursor.execute("DELETE FROM quizzes_seenquestion")
        cursor.execute("DELETE FROM django_content_type WHERE app_label = 'nothing'")
        cursor.execute("ALTER TABLE accounts_learner ADD COLUMN later integer DEFAULT 7")
        # What a newer program's migration would have made.
        cursor.execute("CREATE TABLE later (id bigint REFERENCES accounts_learner (id))")
        cursor.execute("INSERT INTO later SELECT id FROM accounts_learner")
    assert rows_of(scratch) != before
    load_into(scratch, path, tmp_path)
    assert rows_of(scratch) == before


def test_ids_go_on_after_the_restored_ones(filled, scratch, tmp_path):
    gone = make_learner().pk
    Learner.objects.filter(pk=gone).delete()
    load_into(scratch, back_up(tmp_path), tmp_path)
    with scratch.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_learner (time_zone, created_at) VALUES ('', CURRENT_TIMESTAMP)"
            " RETURNING id"
        )
        assert cursor.fetchone()[0] > gone


def test_the_commands_bring_the_sites_own_database_back(filled, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    out = StringIO()
    call_command("backup", str(tmp_path), stdout=out)
    (path,) = tmp_path.glob("*Z-*.zip")
    assert str(path) in out.getvalue()
    assert "checked" in out.getvalue()
    before, revision = rows_of(connection), PublicationState.objects.get().revision
    SeenQuestion.objects.all().delete()
    Question.objects.update(status="retired")
    PublicationState.objects.update(revision=revision + 5)
    cache.set("old", "page")
    changed = rows_of(connection)
    printed = restore(path)
    assert "every table has the rows and the digest of the backup" in printed
    after = rows_of(connection)
    # A revision that came a second time would bring old pages back.
    assert after.pop(STATE) != before.pop(STATE)
    assert PublicationState.objects.get().revision == revision + 6
    assert after == before
    assert cache.get("old") is None
    (safety,) = tmp_path.glob("before-restore-*.zip")
    restore(safety, "--no-safety")
    after = rows_of(connection)
    assert after.pop(STATE) != changed.pop(STATE)
    assert after == changed


def test_a_backup_while_learners_answer_is_of_one_instant(scratch, tmp_path):
    questions = make_questions(10)
    slots = []
    for _ in range(20):
        learner = make_learner()
        attempt = make_attempt(learner, questions, timezone.now())
        slots += [(learner, slot) for slot in get_session(key_of(learner), attempt.pk).slots]
    assert len(slots) == 200
    under_way = Event()

    def answer(part: list) -> None:
        for number, (learner, slot) in enumerate(part):
            content = content_of(slot.version_id)
            now = timezone.now()
            assert practice.answer(learner.pk, slot, content, content.choices[number % 4], now)
            if number == 5:
                under_way.set()

    def save() -> Path:
        under_way.wait()
        return back_up(tmp_path)

    *answered, path = at_once(lambda: answer(slots[::2]), lambda: answer(slots[1::2]), save)
    assert answered == [None, None]
    assert isinstance(path, Path), path
    load_into(scratch, path, tmp_path)
    engine = archive.engine_of(connection.vendor)
    assert engine.contents(scratch) == archive.read(path).contents
    with scratch.cursor() as cursor:
        counts = []
        for statement in (
            "SELECT count(*) FROM quizzes_answer WHERE answered_at IS NOT NULL",
            "SELECT sum(times_answered) FROM quizzes_seenquestion",
        ):
            cursor.execute(statement)
            counts.append(int(cursor.fetchone()[0]))
    assert counts[0] >= 6
    assert counts == [counts[0]] * 2
    assert Answer.objects.filter(answered_at__isnull=False).count() == 200


def cut(path: Path, share: float) -> None:
    os.truncate(path, int(path.stat().st_size * share))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def of_the_other_kind(path: Path) -> None:
    kind = OTHER_KIND[connection.vendor]
    rewrite(path, lambda label: label.update(database=kind), archive.engine_of(kind).MEMBER)


def of_a_newer_program(path: Path) -> None:
    rewrite(path, lambda label: label["contents"]["migrations"].append("quizzes.9999_later"))


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "cut to nothing": (lambda path: cut(path, 0), "not a backup"),
    "cut in half": (lambda path: cut(path, 0.5), "not a backup"),
    "a byte short": (lambda path: cut(path, 0.9999), "not a backup"),
    "a byte flipped": (flip, "damaged"),
    "garbage": (lambda path: path.write_bytes(os.urandom(5_000)), "not a backup"),
    "a text": (lambda path: path.write_text("-- SQL\n"), "not a backup"),
    "no label": (lambda path: rewrite(path, dict.clear), "not a backup"),
    "gone": (Path.unlink, "cannot be read"),
    "other kind": (of_the_other_kind, "the site uses"),
    "newer": (of_a_newer_program, "quizzes.9999_later is not known"),
}


def test_files_that_cannot_be_restored_are_refused_and_change_nothing(filled, tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    whole, before = back_up(tmp_path), rows_of(connection)
    for name, (spoil, complaint) in DAMAGE.items():
        path = tmp_path / f"{name}.zip"
        shutil.copy(whole, path)
        spoil(path)
        with pytest.raises(CommandError, match=complaint):
            restore(path)
        assert rows_of(connection) == before, name
    assert not list(tmp_path.glob("before-restore-*")), "a safety backup for nothing"
    assert not settings.VAR_DIR.exists()


def test_a_whole_file_around_a_broken_database_changes_nothing(filled, tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    path = back_up(tmp_path)
    with zipfile.ZipFile(path) as pack:
        label, member = pack.read("manifest.json"), archive.engine_of(connection.vendor).MEMBER
        body = pack.read(member)
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("manifest.json", label)
        pack.writestr(member, body[: len(body) * 2 // 3])
    before = rows_of(connection)
    with pytest.raises(CommandError, match=r"not a sound|is damaged|changed nothing"):
        restore(path)
    assert rows_of(connection) == before


def test_a_difference_to_the_label_is_told_and_fails(filled, tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    path = back_up(tmp_path)

    def miscount(label: dict[str, Any]) -> None:
        label["contents"]["tables"]["quizzes_answer"]["rows"] += 1
        label["contents"]["tables"]["accounts_user"]["digest"] = "0"

    rewrite(path, miscount)
    with pytest.raises(CommandError) as caught:
        restore(path)
    assert "quizzes_answer has 2 rows instead of 3." in str(caught.value)
    assert "accounts_user has other rows." in str(caught.value)


def test_a_digest_tells_rows_from_others_and_not_their_order(filled):
    engine = archive.engine_of(connection.vendor)
    before = engine.contents(connection).tables["accounts_learner"]
    learner = Learner.objects.order_by("pk")[0]
    learner.time_zone = "Asia/Tokyo"
    learner.save()
    other = engine.contents(connection).tables["accounts_learner"]
    assert other.rows == before.rows
    assert other.digest != before.digest
    learner.time_zone = ""
    learner.save()
    assert engine.contents(connection).tables["accounts_learner"] == before


def test_only_a_clear_yes_replaces_anything(filled, tmp_path, settings, monkeypatch):
    settings.VAR_DIR = tmp_path / "var"
    path, out = back_up(tmp_path), StringIO()
    SeenQuestion.objects.all().delete()
    for answer in ("no", "", "y"):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("restore", str(path), stdout=out)
    assert str(connection.settings_dict["NAME"]) in out.getvalue()
    assert not SeenQuestion.objects.exists()


def test_an_older_backup_asks_for_its_migrations(filled, tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    path = back_up(tmp_path)
    rewrite(path, lambda label: label["contents"]["migrations"].remove("quizzes.0001_initial"))
    assert "Now run: manage.py migrate" in restore(path)


def test_a_backup_is_its_owners_alone_and_never_overwrites(filled, tmp_path):
    path = back_up(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    first = path.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(path))
    assert path.read_bytes() == first


def test_keep_deletes_older_backups_of_its_own_naming_only(filled, tmp_path):
    kind = connection.vendor
    old = [tmp_path / f"2026010{day}T000000Z-{kind}.zip" for day in range(1, 5)]
    others = [
        tmp_path / name
        for name in (
            f"20260101T000000Z-{OTHER_KIND[kind]}.zip",
            f"before-restore-20260101T000000Z-{kind}.zip",
            "mine.zip",
        )
    ]
    for path in [*old, *others]:
        path.touch()
    call_command("backup", str(tmp_path), "--keep", "3", stdout=StringIO())
    assert [path.exists() for path in old] == [False, False, True, True]
    assert all(path.exists() for path in others)
    assert len(list(tmp_path.iterdir())) == 3 + len(others)


def test_a_backup_that_fails_deletes_no_older_one_and_leaves_nothing(filled, tmp_path, monkeypatch):
    old = tmp_path / f"20260101T000000Z-{connection.vendor}.zip"
    old.touch()

    def fail(database: BaseDatabaseWrapper, target: Path) -> None:
        target.write_text("half")
        raise BackupError("The disk is full.")

    monkeypatch.setattr(archive.engine_of(connection.vendor), "dump", fail)
    with pytest.raises(CommandError, match="disk is full"):
        call_command("backup", str(tmp_path), "--keep", "1")
    assert list(tmp_path.iterdir()) == [old]


@pytest.mark.parametrize("arguments", [["--keep", "0"], ["new.zip", "--keep", "2"]])
def test_a_keep_that_makes_no_sense_is_refused(tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError):
        call_command("backup", *arguments)
    assert list(tmp_path.iterdir()) == []
