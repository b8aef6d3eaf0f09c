"""Loading the bank: all or nothing, twice changes nothing, edits in the admin are kept."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from prepsite.content import revision
from prepsite.content.files import ContentError, read_yaml, to_yaml
from prepsite.content.models import LoadedDigest
from quizzes import contentload
from quizzes.contentfiles import CONTENT_DIR
from quizzes.items import save_item, spec_of
from quizzes.models import Area, Question, QuestionVersion, Source, Topic
from tests.factories import item_data
from tests.quizzes.bankfiles import AREA, TOPIC, frame, solved, sources, tree, write, write_bank

pytestmark = pytest.mark.django_db


def test_it_loads(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(key="one"), item_data(key="two"))
    report = contentload.load(tmp_path)
    assert report.created == ["one", "two"]
    assert list(Question.objects.values_list("key", "status", "topic__slug")) == [
        ("one", "published", TOPIC),
        ("two", "draft", TOPIC),
    ]
    assert Area.objects.get(slug=AREA).exam_count == 60
    assert Topic.objects.count() == 3
    assert Source.objects.get().title == "A title"


def test_a_second_load_is_skipped_and_changes_nothing(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(), item_data())
    contentload.load(tmp_path)
    number = revision.current().revision
    assert contentload.load(tmp_path).skipped
    forced = contentload.load(tmp_path, force=True)
    assert (forced.changed, forced.unchanged, forced.kept) == (False, 2, [])
    assert QuestionVersion.objects.count() == 2
    revision.forget()
    assert revision.current().revision == number


def test_a_change_makes_a_version_and_shows(tmp_path: Path) -> None:
    data = solved(key="one")
    write_bank(tmp_path, data, solved(key="two"))
    contentload.load(tmp_path)
    number = revision.current().revision
    write_bank(tmp_path, data | {"rationale": "Better put."}, solved(key="three"))
    report = contentload.load(tmp_path)
    assert (report.created, report.updated) == (["three"], ["one"])
    assert report.not_in_files == ["two"]
    assert revision.current().revision > number
    assert Question.objects.filter(key="two").exists()


def test_an_item_moves_with_its_file(tmp_path: Path) -> None:
    data = solved(key="one")
    write_bank(tmp_path, data).unlink()
    write_bank(tmp_path, data, topic=f"{AREA}/other-topic")
    contentload.load(tmp_path)
    (tmp_path / AREA / "other-topic.yaml").unlink()
    write_bank(tmp_path, data)
    assert contentload.load(tmp_path).updated == ["one"]
    assert Question.objects.get().topic.slug == TOPIC
    assert QuestionVersion.objects.count() == 1


def broken(**changes: Any) -> list[Any]:
    return [item_data(key="good"), item_data(key="bad") | changes]


def without(field: str) -> list[Any]:
    good, bad = broken()
    return [good, {name: value for name, value in bad.items() if name != field}]


def with_options(**changes: dict[str, str]) -> list[Any]:
    good, bad = broken()
    return [good, bad | {"options": bad["options"] | changes}]


ITEM = f"{AREA}/{TOPIC}.yaml"
TWO_KEYS = "- key: one\n  stem: a\n- key: two\n  stem: a\n  stem: b\n"


@pytest.mark.parametrize(
    ("file", "data", "names"),
    [
        (ITEM, "- key: [unclosed\n", [ITEM, "line 2"]),
        (ITEM, "key: 'x\n", [ITEM, "line"]),
        (ITEM, "just text", [ITEM, "must be a list"]),
        (ITEM, "- just text", [ITEM, "item ?"]),
        (ITEM, TWO_KEYS, [ITEM, "line 5", "'stem' stands twice"]),
        (ITEM, broken(key="good"), [ITEM, "item good", "key", "stands in"]),
        (ITEM, broken(answer="A"), [ITEM, "item bad", "options.A"]),
        (ITEM, with_options(B={"text": "b", "error": "e", "reason": "r"}), ["bad", "options.B"]),
        (ITEM, without("answer"), [ITEM, "item bad", "answer", "required"]),
        (ITEM, without("stem"), [ITEM, "item bad", "stem", "required"]),
        (ITEM, without("references"), [ITEM, "item bad", "references", "required"]),
        (ITEM, broken(payer_context="aetna"), [ITEM, "item bad", "payer_context"]),
        (ITEM, broken(difficulty="9"), [ITEM, "item bad", "difficulty"]),
        (ITEM, broken(key="x" * 101), [ITEM, "item xxx", "key"]),
        (
            ITEM,
            with_options(A={"text": "x" * 401, "error": "e", "reason": "r"}),
            ["options.A.text"],
        ),
        (
            ITEM,
            broken(references=[{"source": "unheard-of", "section": "1"}]),
            [ITEM, "item bad", "references", "unheard-of"],
        ),
        (ITEM, broken(status="published"), [ITEM, "item bad", "status", "blind solve"]),
        (f"{AREA}/no-such-topic.yaml", broken(), ["no-such-topic.yaml", "no topic no-such-topic"]),
        (f"cases/{TOPIC}.yaml", broken(), [f"no topic {TOPIC} in an area cases"]),
        ("blueprint.yaml", frame() | {"areas": []}, ["blueprint.yaml", "areas"]),
        ("sources.yaml", [{"slug": "only"}], ["sources.yaml", "title"]),
    ],
)
def test_one_fault_and_nothing_is_loaded(
    tmp_path: Path, file: str, data: Any, names: list[str]
) -> None:
    write_bank(tmp_path, item_data(key="innocent"))
    write(tmp_path / file, data)
    with pytest.raises(CommandError) as caught:
        call_command("load_content", content=tmp_path)
    for name in names:
        assert name in str(caught.value)
    assert str(caught.value).startswith("Nothing was loaded.")
    for model in (Question, Area, Topic, Source, LoadedDigest):
        assert not model._default_manager.exists()


LONG = "x" * 260


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "x" * 51),
        ("name", LONG),
        ("tab", LONG),
        ("topics", {"x" * 81: "A topic"}),
        ("topics", {TOPIC: LONG}),
    ],
)
def test_an_over_long_field_of_an_area_is_named(tmp_path: Path, field: str, value: Any) -> None:
    write_bank(tmp_path)
    data = frame()
    data["areas"][0][field] = value
    write(tmp_path / "blueprint.yaml", data)
    with pytest.raises(ContentError, match=rf"blueprint\.yaml: areas\.0\.{field}"):
        contentload.load(tmp_path)


@pytest.mark.parametrize("field", ["slug", "title", "publisher", "edition", "url"])
def test_an_over_long_field_of_a_source_is_named(tmp_path: Path, field: str) -> None:
    write_bank(tmp_path)
    write(tmp_path / "sources.yaml", [sources()[0] | {field: LONG}])
    with pytest.raises(ContentError, match=rf"sources\.yaml: 0\.{field}"):
        contentload.load(tmp_path)


def test_an_over_long_solver_is_named(tmp_path: Path) -> None:
    data = solved(key="one")
    data["blind_solves"][0]["solver"] = "x" * 61
    write_bank(tmp_path, data)
    with pytest.raises(ContentError, match=r"item one: blind_solves\.0\.solver"):
        contentload.load(tmp_path)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    write_bank(tmp_path, *broken(difficulty="9"), item_data(key="worse", order="random"))
    with pytest.raises(ContentError) as caught:
        contentload.load(tmp_path)
    assert "item bad: difficulty" in str(caught.value)
    assert "item worse: order" in str(caught.value)


@pytest.fixture
def edited(tmp_path: Path) -> dict[str, Any]:
    """An item that was loaded from a file and then edited in the admin."""
    data = solved(key="one")
    write_bank(tmp_path, data)
    contentload.load(tmp_path)
    question = Question.objects.get()
    edit = spec_of(question).model_copy(update={"rationale": "Edited in the admin."})
    save_item(edit, question.topic)
    return data


def rationale() -> str:
    current = Question.objects.get().current
    assert current
    return current.rationale


@pytest.mark.parametrize("file_changes", [False, True])
@pytest.mark.parametrize("take", ["report", "database"])
def test_an_edit_in_the_admin_is_kept_and_reported(
    tmp_path: Path, edited: dict[str, Any], take: Any, file_changes: bool
) -> None:
    if file_changes:
        write_bank(tmp_path, edited | {"rationale": "Changed in the file."})
    report = contentload.load(tmp_path, take=take, force=True)
    assert (report.kept, report.changed) == (["one"], False)
    assert rationale() == "Edited in the admin."


def test_a_decision_for_the_database_holds_until_either_side_changes(
    tmp_path: Path, edited: dict[str, Any]
) -> None:
    contentload.load(tmp_path, take="database")
    report = contentload.load(tmp_path, force=True)
    assert (report.kept, report.unchanged) == ([], 1)
    write_bank(tmp_path, edited | {"rationale": "Changed in the file."})
    assert contentload.load(tmp_path).kept == ["one"]
    assert contentload.load(tmp_path, take="files").updated == ["one"]
    assert rationale() == "Changed in the file."


def test_take_files_overwrites_it_with_a_new_version(
    tmp_path: Path, edited: dict[str, Any]
) -> None:
    report = contentload.load(tmp_path, take="files")
    assert (report.kept, report.updated) == ([], ["one"])
    assert rationale() == edited["rationale"]
    assert QuestionVersion.objects.count() == 3
    assert not contentload.load(tmp_path, force=True).kept


def test_an_edit_that_reached_the_file_is_no_conflict(
    tmp_path: Path, edited: dict[str, Any]
) -> None:
    write_bank(tmp_path, edited | {"rationale": "Edited in the admin."})
    report = contentload.load(tmp_path)
    assert (report.kept, report.unchanged) == ([], 1)
    write_bank(tmp_path, edited | {"rationale": "And then in the file."})
    assert contentload.load(tmp_path).updated == ["one"]


def test_a_dry_run_reports_and_saves_nothing(
    tmp_path: Path, edited: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write_bank(tmp_path, edited, solved(key="two"))
    number = revision.current().revision
    call_command("load_content", content=tmp_path, dry_run=True, take="files")
    out = capsys.readouterr().out
    assert "1 new, 1 updated" in out
    assert "dry run, nothing saved" in out
    assert rationale() == "Edited in the admin."
    assert revision.current().revision == number
    assert not contentload.load(tmp_path).skipped


def test_the_command_says_what_it_did(
    tmp_path: Path, edited: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write_bank(tmp_path, solved(key="two"))
    call_command("load_content", content=tmp_path)
    assert "only in the database: one" in capsys.readouterr().out
    write_bank(tmp_path, edited, solved(key="three"))
    call_command("load_content", content=tmp_path)
    assert "kept as edited in the admin: one" in capsys.readouterr().out
    call_command("load_content", content=tmp_path)
    assert "unchanged since the last load" in capsys.readouterr().out


def test_facts_keep_their_form_on_every_database(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(key="one", facts={"zz": "1", "a": "2", "mmm": "3"}))
    contentload.load(tmp_path)
    report = contentload.load(tmp_path, force=True)
    assert (report.kept, report.unchanged) == ([], 1)


def test_load_and_export_and_load_is_the_identity(tmp_path: Path) -> None:
    """On all shipped content, byte for byte for the files of items; history has each row once."""
    contentload.load()
    histories = [model.history.count() for model in (Question, Area, Topic, Source)]
    assert histories[0] == Question.objects.count()
    first, second = tmp_path / "first", tmp_path / "second"
    count = contentload.export(first)
    shipped, exported = tree(CONTENT_DIR), tree(first)
    assert exported.keys() == shipped.keys()
    assert count == sum(
        text.count("\n- key:") + text.startswith("- key:") for text in shipped.values()
    )
    for name, text in shipped.items():
        if "/" in name:
            assert exported[name] == text, name
    for name in ("blueprint.yaml", "sources.yaml"):
        original, copy = read_yaml(CONTENT_DIR / name), read_yaml(first / name)
        if name == "sources.yaml":
            original, copy = (
                sorted(rows, key=lambda row: row["slug"]) for rows in (original, copy)
            )
        assert copy == original
    report = contentload.load(first, force=True)
    assert (report.changed, report.kept, report.not_in_files) == (False, [], [])
    assert report.unchanged == count
    assert [model.history.count() for model in (Question, Area, Topic, Source)] == histories
    call_command("export_content", second, stdout=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    assert tree(second) == exported


def test_a_topic_that_stands_in_two_areas_is_named(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(key="one"))
    blueprint = read_yaml(tmp_path / "blueprint.yaml")
    blueprint["areas"].append(blueprint["areas"][0] | {"slug": "another-area"})
    (tmp_path / "blueprint.yaml").write_text(to_yaml(blueprint))
    with pytest.raises(ContentError, match=r"blueprint\.yaml: areas: the topic \S+ stands 2 times"):
        contentload.load(tmp_path)


def test_a_nul_character_is_refused_before_any_database_meets_it(tmp_path: Path) -> None:
    write_bank(tmp_path, *broken(rationale="A\0B"))
    with pytest.raises(ContentError, match="rationale: holds a NUL character"):
        contentload.load(tmp_path)
