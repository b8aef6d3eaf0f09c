"""Blind solving: a sheet that gives nothing away, and records that no hand writes."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from quizzes import blind
from quizzes.contentfiles import CONTENT_DIR, read_bank
from quizzes.itemspec import ItemSpec
from tests.factories import item_data
from tests.quizzes.bankfiles import AREA, TOPIC, solved, tree, write_bank

type Block = tuple[str, str, dict[str, str]]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """Six items that nobody has solved yet, one of them with a note."""
    root = tmp_path / "bank"
    items = [item_data() for _ in range(5)]
    write_bank(root, *items, item_data(note="The note of a case."))
    return root


@pytest.fixture
def sheet(bank: Path, tmp_path: Path) -> Path:
    path = tmp_path / "out" / "sheet.md"
    call_command("blind_sheet", AREA, output=path, content=bank)
    return path


def specs_in(root: Path) -> dict[str, ItemSpec]:
    return {item.spec.key: item.spec for item in read_bank(root).items}


def blocks_of(sheet: Path) -> list[Block]:
    """Return each item of a sheet: its id, its text, and its options by their letters."""
    blocks = re.split(r"^## ", sheet.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        (block.split("\n")[0], block, dict(re.findall(r"^([A-D])\. (.*)$", block, re.MULTILINE)))
        for block in blocks
    ]


def answers_to(sheet: Path, root: Path, *, right: bool = True) -> list[dict[str, Any]]:
    """Return what a reader answers who always finds the key, or never."""
    keys = {spec.options[spec.answer].text for spec in specs_in(root).values()}
    return [
        {
            "id": opaque,
            "answer": next(letter for letter, text in options.items() if (text in keys) is right),
            "confidence": "high",
            "reason": "It follows.",
        }
        for opaque, _, options in blocks_of(sheet)
    ]


def record(sheet: Path, root: Path, answers: Any, solver: str = "reader-1") -> None:
    path = sheet.with_name("answers.json")
    path.write_text(answers if isinstance(answers, str) else json.dumps(answers), encoding="utf-8")
    call_command("blind_record", path, sheet=sheet, solver=solver, content=root)


def test_the_sheet_shows_what_a_reader_needs(bank: Path, sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    for spec in specs_in(bank).values():
        assert spec.stem in text
        assert spec.note in text
        assert all(option.text in text for option in spec.options.values())


def test_the_sheet_shows_nothing_else(bank: Path, sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    for spec in specs_in(bank).values():
        hidden = [spec.key, spec.rule, spec.rationale, spec.sheet_digest()]
        for option in spec.options.values():
            hidden += [option.error, option.reason]
        for words in filter(None, hidden):
            assert words not in text


def test_options_stand_in_another_order_and_ids_say_nothing(tmp_path: Path) -> None:
    bank = tmp_path / "bank"
    write_bank(bank, *(item_data() for _ in range(30)))
    items = read_bank(bank).items
    one, two = blind.make_sheet(items, 1), blind.make_sheet(items, 2)
    assert one.text != two.text
    assert set(one.map) & set(two.map) == set()
    # Every letter of the sheet is the key's place sometimes.
    places = {
        place
        for entry in one.map.values()
        for place, letter in entry["shown"].items()
        if letter == "B"
    }
    assert places == set("ABCD")
    assert [entry["key"] for entry in one.map.values()] != [item.spec.key for item in items]


def test_the_map_lies_beside_the_sheet_and_not_in_it(sheet: Path) -> None:
    mapping = json.loads(blind.map_path(sheet).read_text(encoding="utf-8"))
    assert blind.map_path(sheet) != sheet
    assert {opaque for opaque, _, _ in blocks_of(sheet)} == set(mapping)
    for opaque, _, options in blocks_of(sheet):
        assert sorted(mapping[opaque]["shown"].values()) == list("ABCD")
        assert set(options) == set("ABCD")


@pytest.mark.parametrize(
    "path", ["sheet.md", "var/sheet.md", "quizzes/../sheet.md", "quizzes/content/x.yaml"]
)
def test_a_sheet_inside_the_repository_is_refused(bank: Path, path: str) -> None:
    output = settings.BASE_DIR / path
    with pytest.raises(CommandError, match="outside the repository"):
        call_command("blind_sheet", AREA, output=output, content=bank)
    assert not (settings.BASE_DIR / "sheet.md").exists()


def test_a_link_into_the_repository_is_refused(bank: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(settings.BASE_DIR / "tests")
    with pytest.raises(CommandError, match="outside the repository"):
        call_command("blind_sheet", AREA, output=tmp_path / "link" / "sheet.md", content=bank)


def test_an_area_without_items_is_refused(bank: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No items in: nowhere"):
        call_command("blind_sheet", AREA, "nowhere", output=tmp_path / "x.md", content=bank)


def test_solved_items_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    root, output = tmp_path / "bank", tmp_path / "sheet.md"
    write_bank(root, solved(key="done"), item_data(key="open"))
    call_command("blind_sheet", TOPIC, output=output, content=root)
    assert [entry["key"] for entry in blind.read_map(output).values()] == ["open"]
    call_command("blind_sheet", TOPIC, output=output, content=root, all=True)
    assert len(blind.read_map(output)) == 2
    call_command("blind_sheet", TOPIC, output=output, content=root, all=True, key=["done"])
    assert [entry["key"] for entry in blind.read_map(output).values()] == ["done"]
    with pytest.raises(CommandError, match="solved blind already"):
        call_command("blind_sheet", TOPIC, output=output, content=root, key=["done"])


def test_a_reader_who_agrees(bank: Path, sheet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    record(sheet, bank, answers_to(sheet, bank))
    assert capsys.readouterr().out == "6 of 6 agree with the key.\n"
    for spec in specs_in(bank).values():
        (solve,) = spec.blind_solves
        assert (solve.picked, solve.agreed, solve.solver) == ("B", True, "reader-1")
        assert solve.sheet == spec.sheet_digest()
        assert spec.is_solved_blind()


def test_a_reader_who_disagrees(
    bank: Path, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = answers_to(sheet, bank)
    wrong = answers_to(sheet, bank, right=False)[0]
    record(sheet, bank, [wrong, *answers[1:]])
    out = capsys.readouterr().out
    assert "5 of 6 agree" in out
    key = blind.read_map(sheet)[wrong["id"]]["key"]
    assert re.search(rf"^{key}: key B, reader [ACD] \(high\): It follows\.$", out, re.MULTILINE)
    solve = specs_in(bank)[key].blind_solves[0]
    assert not solve.agreed
    assert solve.picked == blind.read_map(sheet)[wrong["id"]]["shown"][wrong["answer"]]
    assert not specs_in(bank)[key].is_solved_blind()


def test_recording_changes_nothing_but_the_records(bank: Path, sheet: Path) -> None:
    before = specs_in(bank)
    record(sheet, bank, answers_to(sheet, bank))
    for key, spec in specs_in(bank).items():
        assert spec.model_copy(update={"blind_solves": ()}) == before[key]


def test_two_readers_stand_side_by_side_and_one_never_twice(bank: Path, sheet: Path) -> None:
    answers = answers_to(sheet, bank)
    record(sheet, bank, answers)
    once = tree(bank)
    with pytest.raises(CommandError, match="reader-1 has solved"):
        record(sheet, bank, answers)
    assert tree(bank) == once
    record(sheet, bank, answers, solver="reader-2")
    for spec in specs_in(bank).values():
        assert [solve.solver for solve in spec.blind_solves] == ["reader-1", "reader-2"]


def changed_item(root: Path, key: str) -> None:
    items = [
        spec.to_file() | ({"stem": "Now it asks something else."} if spec.key == key else {})
        for spec in specs_in(root).values()
    ]
    write_bank(root, *items)


def test_an_item_that_changed_since_is_refused_and_nothing_is_written(
    bank: Path, sheet: Path
) -> None:
    # Another topic comes first in the order of files: it must not be written either.
    write_bank(bank, item_data(key="first"), topic=f"{AREA}/a-first").unlink()
    answers = answers_to(sheet, bank)
    last = list(specs_in(bank))[-1]
    changed_item(bank, last)
    before = tree(bank)
    with pytest.raises(CommandError, match=f"{last} has changed"):
        record(sheet, bank, answers)
    assert tree(bank) == before


def test_a_refusal_in_one_file_leaves_all_files_alone(tmp_path: Path) -> None:
    root, sheet = tmp_path / "bank", tmp_path / "sheet.md"
    write_bank(root, item_data())
    write_bank(root, item_data(key="later"), topic=f"{AREA}/other-topic")
    call_command("blind_sheet", AREA, output=sheet, content=root)
    answers = answers_to(sheet, root)
    write_bank(root, item_data(key="later"), topic=f"{AREA}/other-topic")
    before = tree(root)
    with pytest.raises(CommandError, match="later has changed"):
        record(sheet, root, answers)
    assert tree(root) == before


def test_an_item_that_is_gone_is_refused(bank: Path, sheet: Path) -> None:
    answers = answers_to(sheet, bank)
    write_bank(bank, *[spec.to_file() for spec in specs_in(bank).values()][1:])
    before = tree(bank)
    with pytest.raises(CommandError, match="has changed"):
        record(sheet, bank, answers)
    assert tree(bank) == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda answers: answers[1:], "no answer for"),
        (lambda _: [], "no answer for"),
        (lambda answers: [*answers, answers[0] | {"id": "deadbeef"}], "not on the sheet: deadbeef"),
        (lambda answers: [*answers, answers[0] | {"answer": "A"}], "answered twice"),
        (lambda answers: [answers[0] | {"answer": "E"}, *answers[1:]], "0.answer"),
        (lambda answers: [answers[0] | {"confidence": "sure"}, *answers[1:]], "0.confidence"),
        (lambda answers: [answers[0] | {"reason": " "}, *answers[1:]], "0.reason"),
        (lambda _: [{"id": "x"}], "0.answer"),
        (lambda _: {"A": "B"}, "valid array"),
        (lambda _: "not json", "json"),
    ],
)
def test_answers_that_do_not_fit_the_sheet_are_refused(
    bank: Path, sheet: Path, change: Any, message: str
) -> None:
    before = tree(bank)
    with pytest.raises(CommandError, match=r"(?i)" + re.escape(message)):
        record(sheet, bank, change(answers_to(sheet, bank)))
    assert tree(bank) == before


def test_without_its_map_or_answers_nothing_is_recorded(bank: Path, sheet: Path) -> None:
    with pytest.raises(CommandError, match="missing"):
        call_command(
            "blind_record", sheet.with_name("none.json"), sheet=sheet, solver="r", content=bank
        )
    answers = answers_to(sheet, bank)
    blind.map_path(sheet).unlink()
    with pytest.raises(CommandError, match="make the sheet anew"):
        record(sheet, bank, answers)


@pytest.mark.once
def test_shipped_records_are_of_this_sheet_and_say_what_they_picked() -> None:
    """A record typed by hand would hardly carry the right digest and verdict."""
    today = date.today()  # noqa: DTZ011
    for item in read_bank(CONTENT_DIR).items:
        for solve in item.spec.blind_solves:
            if solve.sheet == item.spec.sheet_digest():
                assert solve.agreed == (solve.picked == item.spec.answer), item.spec.key
            assert solve.solved_on <= today
