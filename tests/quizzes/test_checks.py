"""Each check of the bank: it finds its bad examples and is silent on its good ones."""

from pathlib import Path
from typing import Any

import pytest

from quizzes.checks import CHECKS, COMPARING, Problem
from quizzes.checks.report import check_bank
from quizzes.contentfiles import read_bank
from tests.factories import item_data
from tests.quizzes.bankfiles import AREA, TOPIC, frame, solved, write, write_bank
from tests.quizzes.checkcases import (
    MATERIALS,
    YEAR_2026,
    YEARS,
    key,
    many,
    rekeyed,
)
from tests.quizzes.checkexamples import BAD, GOOD, Items


def words(number: int) -> str:
    return " ".join(["word"] * number)


# Their examples are no items under one topic, and stand in tests of their own.
APART = {"schema", "blueprint"}


def problems_of(root: Path, items: Items, topic: str = f"{AREA}/{TOPIC}") -> list[Problem]:
    write_bank(root, *(items if isinstance(items, list) else [items]), topic=topic)
    return check_bank(read_bank(root), MATERIALS)


@pytest.mark.parametrize(
    ("check", "field", "items"), BAD, ids=[f"{n}-{check}" for n, (check, *_) in enumerate(BAD)]
)
def test_a_check_finds_what_is_wrong(tmp_path: Path, check: str, field: str, items: Items) -> None:
    problems = [p for p in problems_of(tmp_path, items) if p.check == check]
    assert field in {problem.field for problem in problems}
    (known,) = [one for one in CHECKS if one.id == check]
    assert {problem.severity for problem in problems} == {known.severity}
    keys = {item["key"] for item in (items if isinstance(items, list) else [items])}
    for problem in problems:
        assert problem.message
        assert problem.file.split("/")[0] in (AREA, "")
        assert problem.item in keys | ({""} if check in COMPARING else set())


@pytest.mark.parametrize(
    ("check", "items"), GOOD, ids=[f"{n}-{check}" for n, (check, _) in enumerate(GOOD)]
)
def test_a_check_is_silent_on_what_is_right(tmp_path: Path, check: str, items: Items) -> None:
    assert [p for p in problems_of(tmp_path, items) if p.check == check] == []


def test_every_check_has_a_bad_and_a_good_example() -> None:
    """A check without them would go unnoticed when it stops finding anything."""
    ids = {check.id for check in CHECKS}
    assert {check for check, *_ in BAD} | APART == ids
    assert {check for check, _ in GOOD} | APART == ids


def test_the_checks_cover_the_plan() -> None:
    """Number 11's licensed list of CPT and number 30's text comparison are nobody's to ship."""
    assert {number for check in CHECKS for number in check.covers} == set(range(1, 31))
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))
    assert all(check.description.endswith(".") for check in CHECKS)


@pytest.mark.parametrize(
    "item",
    [
        item_data(**YEARS),
        solved(**YEARS),
        key("E11.9", **YEARS),
        key("99213"),
        item_data(**YEAR_2026, rationale="Code 99213 is named.", cpt_content="yes"),
    ],
)
def test_a_good_item_has_no_problem_at_all(tmp_path: Path, item: dict[str, Any]) -> None:
    assert problems_of(tmp_path, item) == []


@pytest.mark.parametrize(("number", "wrong"), [(0, 1), (119, 1), (120, 0), (250, 0), (251, 1)])
def test_a_case_has_a_note_of_the_right_length(tmp_path: Path, number: int, wrong: int) -> None:
    problems = problems_of(tmp_path, item_data(note=words(number)), topic="cases/cases-a")
    assert [p.check for p in problems if p.check == "case-note"] == ["case-note"] * wrong


def test_a_blueprint_that_is_no_whole_exam_is_found(tmp_path: Path) -> None:
    assert problems_of(tmp_path, []) == []
    data = frame()
    data["areas"][0]["exam_count"] = "59"
    write(tmp_path / "blueprint.yaml", data)
    problems = check_bank(read_bank(tmp_path), MATERIALS)
    assert [(p.check, p.file) for p in problems] == [("blueprint", "blueprint.yaml")]
    assert "99" in problems[0].message


def test_a_code_year_that_nobody_can_know_yet_is_found(tmp_path: Path) -> None:
    newest = max(MATERIALS.book.icd10cm)
    for years, wrong in ((1, False), (2, True)):
        item = key("E11.9", valid_to=f"{newest + years}-12-31")
        problems = problems_of(tmp_path, item)
        assert bool([p for p in problems if "not loaded" in p.message]) == wrong


def test_retired_items_rest(tmp_path: Path) -> None:
    items = [item | {"status": "retired"} for item in many(5, rule="one-rule")]
    assert problems_of(tmp_path, [*items, key("Q99.9", status="retired")]) == []


def test_the_key_is_fairly_placed_whatever_is_the_answer(tmp_path: Path) -> None:
    """The table's items all have B for their key: another letter is read as well."""
    data = rekeyed(key("99213"), "D")
    data["options"]["D"] |= {"codes": ["N40.0"], "text": "N40.0"}
    data |= {"stem": "A woman is seen. Which code?", "rationale": "It is N40.0."}
    assert ("sex", "options.D.codes") in {(p.check, p.field) for p in problems_of(tmp_path, data)}
