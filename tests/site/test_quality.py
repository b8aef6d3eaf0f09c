"""The conventions of the repository, which hold because a test says so."""

import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.site.processes import ROOT, run

ROOMS = {"prepsite", "careers", "quizzes", "templates", "static", "tests"}
FILES = {"manage.py", "pyproject.toml", "README.md"}
MAX_LINES = 400


@pytest.mark.once
@pytest.mark.parametrize(
    "arguments",
    [
        ("-m", "ruff", "check", "."),
        ("-m", "ruff", "format", "--check", "."),
        ("-m", "mypy", "prepsite", "careers", "quizzes", "tests"),
        (str(Path(sys.executable).with_name("lint-imports")),),
    ],
    ids=["ruff check", "ruff format", "mypy", "lint-imports"],
)
def test_the_code_is_clean(arguments):
    result = run(*arguments)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.once
def test_the_top_level_holds_what_the_design_lists_and_nothing_else():
    ignored = {line.strip("/\n") for line in (ROOT / ".gitignore").open(encoding="utf-8")}
    found = {
        path.name
        for path in ROOT.iterdir()
        if not path.name.startswith((".", "LICENSE")) and path.suffix != ".lock"
    } - ignored
    assert found == ROOMS | FILES


@pytest.mark.once
def test_modules_stay_short():
    modules = [
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
    ]
    assert len(modules) > 50
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert {path: length for path, length in lengths.items() if length >= MAX_LINES} == {}
