"""export_items and import_items: all or nothing, and never more than learners have."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from prepsite.content import revision
from quizzes.items import spec_of
from quizzes.models import Question, QuestionVersion, Status
from tests.factories import make_question, make_source, make_topic, set_cpt_switch
from tests.quizzes.test_gift import FOREIGN

pytestmark = pytest.mark.django_db


def run(name: str, *args: Any) -> str:
    out = io.StringIO()
    call_command(name, *map(str, args), stdout=out)
    return out.getvalue()


def keys_in(path: Path) -> list[str]:
    return [item["key"] for item in json.loads(path.read_text())]


def test_what_is_written_is_what_learners_have(tmp_path: Path) -> None:
    make_question(key="public")
    make_question(key="cpt", cpt_content="yes")
    make_question(key="waiting", status="draft", blind_solves=[])
    path = tmp_path / "items.json"
    assert run("export_items", "json", "--output", path) == f"2 items: {path}\n"
    assert keys_in(path) == ["cpt", "public"]
    set_cpt_switch(show=False)
    said = run("export_items", "json", "--output", path)
    assert said.startswith("1 items with CPT content are withdrawn and left out.")
    assert keys_in(path) == ["public"]
    run("export_items", "json", "--output", path, "--status", "draft")
    assert keys_in(path) == ["waiting"]
    run("export_items", "json", "--output", path, "--status", "any")
    assert keys_in(path) == ["public", "waiting"]


def test_areas_and_topics_narrow_an_export(tmp_path: Path) -> None:
    make_question(make_topic("one", "first"), key="one")
    make_question(make_topic("two", "first"), key="two")
    make_question(make_topic("three", "second"), key="three")
    path = tmp_path / "items.json"
    run("export_items", "json", "--output", path, "--area", "first")
    assert keys_in(path) == ["one", "two"]
    run("export_items", "json", "--output", path, "--topic", "three")
    assert keys_in(path) == ["three"]
    with pytest.raises(CommandError, match="No such topic: four"):
        run("export_items", "json", "--output", path, "--topic", "four")
    with pytest.raises(CommandError, match="Nothing was written"):
        run("export_items", "json", "--output", path, "--topic", "two", "--area", "second")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("csv", b"\xef\xbb\xbfkey,area"),
        ("json", b"[\n"),
        ("gift", b"$CATEGORY: an-area/a-topic\n\n// [id:"),
        ("moodle", b"<?xml"),
        ("anki", b"PK"),
    ],
)
def test_every_format_is_written(tmp_path: Path, name: str, start: bytes) -> None:
    make_question()
    path = tmp_path / "items"
    assert "dry run" in run("export_items", name, "--output", path, "--dry-run")
    assert not path.exists()
    run("export_items", name, "--output", path)
    assert path.read_bytes().startswith(start)
    with pytest.raises(CommandError, match="No such file or directory"):
        run("export_items", name, "--output", tmp_path / "no folder" / "items")


def test_a_package_is_a_whole_zip_file(tmp_path: Path) -> None:
    make_question()
    run("export_items", "anki", "--output", tmp_path / "items.apkg")
    with zipfile.ZipFile(tmp_path / "items.apkg") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["collection.anki2", "media"]


@pytest.mark.parametrize("name", ["csv", "json", "gift"])
def test_out_and_in_again_changes_nothing(tmp_path: Path, name: str) -> None:
    make_question()
    make_question(note="A note.")
    path = tmp_path / f"items.{name}"
    run("export_items", name, "--output", path)
    assert "0 new, 0 changed, 2 unchanged" in run(
        "import_items", path, "--on-conflict", "take", "--dry-run"
    )
    assert QuestionVersion.objects.count() == 2


def test_a_foreign_file_needs_a_topic_and_a_reference(tmp_path: Path) -> None:
    make_topic()
    make_source()
    path = tmp_path / "questions.txt"
    path.write_text(FOREIGN)
    with pytest.raises(CommandError, match=r"Line 3 \(insulin-units\): topic is not in the file"):
        run("import_items", path)
    choices = ["--topic", "a-topic", "--reference", "a-source | Section 1"]
    before = revision.current().revision
    said = run("import_items", path, *choices, "--dry-run")
    assert "1 new" in said
    assert "dry run, nothing saved" in said
    assert not Question.objects.exists()
    assert revision.current().revision == before
    said = run("import_items", path, *choices)
    assert "Line 3 (insulin-units): Still to be written before review: a_error" in said
    assert Question.objects.get().status == Status.DRAFT
    with pytest.raises(CommandError, match="No such topic: nowhere"):
        run("import_items", path, "--topic", "nowhere")
    with pytest.raises(CommandError, match="There is no source 'nobody'"):
        run("import_items", path, "--reference", "nobody | 1")


def test_one_wrong_question_keeps_all_out(tmp_path: Path) -> None:
    make_topic()
    make_source()
    path = tmp_path / "questions.gift"
    path.write_text(f"{FOREIGN}\n\nSure?{{TRUE}}\n")
    choices = ["--topic", "a-topic", "--reference", "a-source | Section 1"]
    for dry_run in ([], ["--dry-run"]):
        with pytest.raises(CommandError) as refused:
            run("import_items", path, *choices, *dry_run)
        lines = str(refused.value).splitlines()
        assert lines[0] == "Nothing was imported."
        assert lines[1].startswith("Line 12: is a true-or-false question.")
        assert not Question.objects.exists()


def test_what_happens_to_an_item_that_differs(tmp_path: Path) -> None:
    question = make_question(rationale="As it was.", status="draft", blind_solves=[])
    path = tmp_path / "items.gift"
    run("export_items", "gift", "--output", path, "--status", "any")
    path.write_text(path.read_text().replace("As it was.", "As it is."))
    assert "1 left" in run("import_items", path)
    with pytest.raises(CommandError, match="is here already and differs in rationale"):
        run("import_items", path, "--on-conflict", "refuse")
    assert question.versions.count() == 1
    assert "1 changed" in run("import_items", path, "--on-conflict", "take")
    question.refresh_from_db()
    assert spec_of(question).rationale == "As it is."


def test_a_table_without_topics_takes_the_one_that_is_named(tmp_path: Path) -> None:
    question = make_question(status="draft", blind_solves=[])
    path = tmp_path / "items.json"
    run("export_items", "json", "--output", path, "--status", "any")
    (item,) = json.loads(path.read_text())
    del item["topic"], item["blind_solves"]
    path.write_text(json.dumps([item | {"key": "moved"}]))
    with pytest.raises(CommandError, match="Missing columns: topic"):
        run("import_items", path)
    make_topic("other")
    run("import_items", path, "--topic", "other")
    assert Question.objects.get(key="moved").topic.slug == "other"
    assert Question.objects.get(key=question.key).topic.slug == "a-topic"


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("items.csv", b"", "The file is empty"),
        ("items.csv", b"key,stem\n" + b"\0" * 10, "NUL characters"),
        ("items.gift", b"\xff\xfea\0", "UTF-16"),
        ("items.gift", b"\xfe\xff\0a", "UTF-16"),
        ("items.json", b"PK\x03\x04", "spreadsheet"),
        ("items.xlsx", b"PK\x03\x04", "spreadsheet"),
        ("items.xml", b"<quiz/>", "ends in .csv, .json or .gift"),
        ("items.json", b"[{]", "line 1, column 3"),
        ("items.csv", b"key\nx", "Missing columns"),
        ("nothing.csv", None, "There is no such file"),
        (".", None, "There is no such file"),
    ],
)
def test_a_wrong_file_is_refused(
    tmp_path: Path, name: str, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=complaint):
        run("import_items", path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    with path.open("wb") as file:
        # A hole: it has a size and takes no place, and reading it would take long.
        file.truncate(100_000_000_000)
    with pytest.raises(CommandError, match=r"has 100,000.0 MB, and 5 MB are read at most"):
        run("import_items", path)
