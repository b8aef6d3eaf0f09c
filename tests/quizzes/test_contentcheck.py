"""Each check of the bank: failing on a bad item, silent on a good one."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from quizzes.contentcheck import Problem, check_bank

from prepsite.codes.validity import CodeBook, HcpcsSpan
from quizzes import contentcheck, contentload
from quizzes.contentfiles import read_bank
from quizzes.models import Choice, Question
from tests.factories import item_data
from tests.quizzes.bankfiles import AREA, TOPIC, frame, solved, write, write_bank

BOOK = CodeBook(
    {2026: {"E11.9": True, "E11": False, "I10": True}, 2027: {"E11.9": True, "E11": False}},
    {
        "J0585": HcpcsSpan(date(2010, 1, 1), None),
        "J9999": HcpcsSpan(date(2010, 1, 1), date(2025, 12, 31)),
        "-LT": HcpcsSpan(date(2010, 1, 1), None),
    },
)
YEARS = {"valid_from": "2026-01-01", "valid_to": "2027-12-31"}
CASE = "cases/cases-a"


def problems_of(
    root: Path, *items: dict[str, Any], topic: str = f"{AREA}/{TOPIC}"
) -> list[Problem]:
    write_bank(root, *items, topic=topic)
    return check_bank(read_bank(root), BOOK)


def with_codes(letter: str, *codes: str, **changes: Any) -> dict[str, Any]:
    """Return an item with these codes in one option; the rationale names the key's."""
    data = item_data(**YEARS | changes)
    data["options"][letter]["codes"] = list(codes)
    if letter == "B" and "rationale" not in changes:
        data["rationale"] = "Because of " + " and ".join(code.lstrip("-") for code in codes)
    if "error" in changes:
        data["options"][letter]["error"] = data.pop("error")
    return data


GOOD = [
    item_data(),
    solved(**YEARS),
    with_codes("B", "E11.9"),
    with_codes("B", "J0585", "-LT", "-25"),
    with_codes("B", "I10", valid_to="2026-12-31"),
    with_codes("B", "I10", valid_from="2028-01-01", valid_to="2028-12-31", code_year="2028"),
    with_codes("B", "99213", cpt_content="yes"),
    with_codes("A", "J9999", error="deleted_code"),
    with_codes("A", "E11", error="not_billable"),
    with_codes("A", "J9999", error="deleted_code", rationale="J9999 has ended."),
    item_data(**YEARS, rationale="E11.9 and J0585 exist; T12 is a vertebra; 1.5 is a number."),
    item_data(rationale="Code 99213 is named.", cpt_content="yes"),
]


@pytest.mark.parametrize("item", GOOD, ids=range(len(GOOD)))
def test_a_good_item_has_no_problem(tmp_path: Path, item: dict[str, Any]) -> None:
    assert problems_of(tmp_path, item) == []


def with_same_errors() -> dict[str, Any]:
    data = item_data()
    data["options"]["C"]["error"] = data["options"]["A"]["error"]
    return data


def unsolved(**solve: Any) -> dict[str, Any]:
    data = solved()
    data["blind_solves"][0] |= solve
    return data


def words(number: int) -> str:
    return " ".join(["word"] * number)


BAD = [
    (with_codes("B", "E11"), "codes", "error", "options.B.codes"),
    (with_codes("B", "Q99.9"), "codes", "error", "options.B.codes"),
    (with_codes("B", "J9999"), "codes", "error", "options.B.codes"),
    (with_codes("B", "-XU"), "codes", "error", "options.B.codes"),
    # Right in 2026 only, though the item claims 2027 too.
    (with_codes("B", "I10"), "codes", "error", "options.B.codes"),
    (with_codes("A", "Q99.9"), "codes", "error", "options.A.codes"),
    (item_data(**YEARS, rationale="See Q99.9 there."), "codes", "error", "rationale"),
    (item_data(**YEARS, stem="Which of J9999 or J0585?"), "codes", "error", "stem"),
    (with_codes("B", "99213"), "cpt-flag", "error", "cpt_content"),
    (item_data(rationale="Code 99213 is named."), "cpt-flag", "error", "cpt_content"),
    (item_data(cpt_content="yes"), "cpt-flag", "warning", "cpt_content"),
    (with_codes("B", "E11.9", rationale="No code here."), "key-named", "error", "rationale"),
    (with_same_errors(), "error-tags", "error", "options"),
    (item_data(note="A note outside the cases."), "case-note", "error", "note"),
    (unsolved(agreed="no"), "blind", "error", "blind_solves"),
    (unsolved(sheet="0" * 16), "blind", "error", "blind_solves"),
    (item_data(status="published"), "blind", "error", "blind_solves"),
    (
        item_data(references=[{"source": "unheard-of", "section": "1"}]),
        "references",
        "error",
        "references",
    ),
]


@pytest.mark.parametrize(("item", "check", "severity", "field"), BAD, ids=range(len(BAD)))
def test_a_bad_item_is_found_by_its_check(
    tmp_path: Path, item: dict[str, Any], check: str, severity: str, field: str
) -> None:
    problems = problems_of(tmp_path, item)
    found = {(p.check, p.severity, p.field) for p in problems}
    # A key's code stands in the rationale too, so a wrong one is found there as well.
    assert found - {("codes", "error", "rationale")} == {(check, severity, field)} - {
        ("codes", "error", "rationale")
    }
    assert (check, severity, field) in found
    assert {p.item for p in problems} == {item["key"]}
    assert {p.file for p in problems} == {f"{AREA}/{TOPIC}.yaml"}


@pytest.mark.parametrize(("number", "wrong"), [(0, 1), (119, 1), (120, 0), (250, 0), (251, 1)])
def test_a_case_has_a_note_of_the_right_length(tmp_path: Path, number: int, wrong: int) -> None:
    problems = problems_of(tmp_path, item_data(note=words(number)), topic=CASE)
    assert [p.check for p in problems] == ["case-note"] * wrong


@pytest.mark.parametrize("stem", ["Which one?", "which  ONE", "Which, one!"])
def test_the_same_stem_twice_is_found(tmp_path: Path, stem: str) -> None:
    problems = problems_of(
        tmp_path, item_data(key="one", stem="Which one?"), item_data(key="two", stem=stem)
    )
    assert [(p.check, p.item) for p in problems] == [("duplicates", "two")]
    assert "one" in problems[0].message


def test_a_blueprint_that_is_no_whole_exam_is_found(tmp_path: Path) -> None:
    write_bank(tmp_path)
    data = frame()
    data["areas"][0]["exam_count"] = "59"
    write(tmp_path / "blueprint.yaml", data)
    problems = check_bank(read_bank(tmp_path), BOOK)
    assert [(p.check, p.file) for p in problems] == [("blueprint", "blueprint.yaml")]
    assert "99" in problems[0].message


def test_a_fifth_item_of_a_rule_is_found(tmp_path: Path) -> None:
    items = [item_data(key=f"item-{n}", stem=f"Question {n}?", rule="one-rule") for n in range(5)]
    assert not problems_of(tmp_path, *items[:4])
    problems = problems_of(tmp_path, *items)
    assert [p.check for p in problems] == ["rules"] * 5
    assert "one-rule is tested by 5 items" in problems[0].message


def test_a_code_year_that_nobody_can_know_yet_is_found(tmp_path: Path) -> None:
    newest = max(BOOK.icd10cm)
    key = next(code for code, billable in BOOK.icd10cm[newest].items() if billable)
    options = item_data()["options"]
    answer = item_data()["answer"]
    options[answer] = {"text": key, "codes": [key]}
    for years, wrong in ((1, False), (2, True)):
        data = item_data(
            options=options,
            rationale=f"The code is {key}.",
            valid_to=f"{newest + years}-12-31",
        )
        problems = problems_of(tmp_path, data)
        assert bool([p for p in problems if "not loaded" in p.message]) == wrong


def test_every_check_is_tested_here() -> None:
    """A check without a bad example above would go unnoticed when it stops finding anything."""
    source = Path(contentcheck.__file__).read_text(encoding="utf-8")
    checks = set(re.findall(r'problem\(\s*(?:item, )?"([a-z-]+)"', source, re.IGNORECASE))
    assert {"codes", "blind", "blueprint"} <= checks
    tested = {check for _, check, _, _ in BAD} | {
        "case-note",
        "duplicates",
        "blueprint",
        "schema",
        "rules",
    }
    assert checks <= tested


@pytest.fixture
def _small_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the whole tabular list takes seconds."""
    monkeypatch.setattr(contentcheck, "book_from_files", lambda: BOOK)


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_book")
def test_the_command_is_content_with_a_good_bank(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_bank(tmp_path, solved(), item_data())
    call_command("check_content", content=tmp_path)
    assert "1 published items, 0 errors, 0 warnings" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_book")
def test_the_command_fails_on_an_error_and_not_on_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_bank(tmp_path, item_data(cpt_content="yes"))
    call_command("check_content", content=tmp_path)
    assert "warning [cpt-flag]" in capsys.readouterr().out
    write_bank(tmp_path, item_data(key="bad", status="published"))
    with pytest.raises(CommandError) as caught:
        call_command("check_content", content=tmp_path)
    assert caught.value.returncode == 1
    assert f"error [blind] {AREA}/{TOPIC}.yaml bad blind_solves" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_book")
def test_the_json_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_bank(tmp_path, solved(), solved(difficulty="3"), item_data(key="odd", cpt_content="yes"))
    call_command("check_content", content=tmp_path, json=True)
    assert json.loads(capsys.readouterr().out) == {
        "items": {
            "published": 2,
            "by_area": {AREA: 2},
            "by_topic": {TOPIC: 2},
            "by_difficulty": {"2": 1, "3": 1},
            "by_key_letter": {"B": 2},
        },
        "problems": [
            {
                "check": "cpt-flag",
                "severity": "warning",
                "file": f"{AREA}/{TOPIC}.yaml",
                "item": "odd",
                "field": "cpt_content",
                "message": "says yes but names no code",
            }
        ],
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_book")
def test_a_bank_against_its_schema_is_reported_by_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_bank(tmp_path, item_data(key="one", difficulty="9"))
    with pytest.raises(CommandError):
        call_command("check_content", content=tmp_path, json=True)
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["check"] == "schema"
    assert (problem["file"], problem["item"]) == (f"{AREA}/{TOPIC}.yaml", "one")
    assert problem["field"] == "difficulty"


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_book")
def test_a_published_item_that_is_wrong_in_the_database_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_bank(tmp_path, solved(key="one"))
    contentload.load(tmp_path)
    call_command("check_content", content=tmp_path)
    Choice.objects.filter(letter="A").update(codes="E11")
    assert Question.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("check_content", content=tmp_path)
    assert "database one options.A.codes" in capsys.readouterr().out


@pytest.mark.once
def test_the_shipped_bank_has_no_errors_and_needs_no_database(tmp_path: Path) -> None:
    """As a new clone runs it, on the files alone and with the real code sets."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check_content", "--json"],
        env=environment | {"VAR_DIR": str(tmp_path)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    errors = [p for p in report["problems"] if p["severity"] == "error"]
    assert errors == []
    assert done.returncode == 0, done.stderr
