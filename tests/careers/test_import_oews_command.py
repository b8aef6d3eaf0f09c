"""The command that imports a later release: what it says, and how it refuses."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from careers import models
from careers.models import Wage
from tests.careers.oewsfiles import SHIPPED, all_rows, make_row, prepare, put, put_states, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare()


def area(slug: str) -> models.Area:
    return models.Area.objects.get(slug=slug)


def command(*args: Any) -> str:
    out = StringIO()
    call_command("import_oews", *map(str, args), stdout=out, no_color=True)
    return out.getvalue()


def test_the_command_says_what_happened(tmp_path: Path) -> None:
    path = put(tmp_path, "wages.csv", SHIPPED.read_bytes().replace(b"May 2025", b"May 2026"))
    said = command(path, "--dry-run")
    assert said.startswith("May 2026, not saved: 55 areas read, 55 added, 0 corrected")
    assert not Wage.objects.filter(release="2026-05-01").exists()
    said = command(path, "--release", "2026-05", "--published", "2026-10-01")
    assert "May 2026: 55 areas read, 55 added, 0 corrected, 0 unchanged\n" in said
    assert "Not released: Virgin Islands: nothing\n" in said
    assert "Not released: Vermont: employment; error of employment, %; jobs" in said
    assert said.endswith("Pages show May 2026\n")
    assert "rose" not in said
    assert "0 added, 0 corrected, 55 unchanged" in command(path)


def test_the_command_tells_of_moves_and_of_a_missing_nation(tmp_path: Path) -> None:
    rows = [make_row(area("ohio"), "1.2"), make_row(area("vermont"), "0.8")]
    path = put(tmp_path, "state_M2026_dl.xlsx", workbook(rows))
    said = command(path)
    assert "No row in this release: United States, Alabama, " in said
    assert "The nation is missing: " in said
    assert "rose most since May 2025:\n  Ohio: $50,990 to $61,380 (+20.4%)\n" in said
    assert "fell most since May 2025:\n  Vermont: $57,560 to $40,910 (-28.9%)\n" in said
    assert said.endswith("Pages show May 2025\n")


def test_a_fault_is_an_error_without_traceback(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such file"):
        command(tmp_path / "none.xlsx")
    for text in ("2026", "2026-13", "May", "1990-05", "2026-06", "²026-05"):
        with pytest.raises(CommandError, match=r"is no release|is older"):
            command(SHIPPED, "--release", text)
    with pytest.raises(CommandError, match="published"):
        command(SHIPPED, "--published", "soon")


def test_without_a_source_nothing_is_imported(tmp_path: Path) -> None:
    Wage.objects.all().delete()
    models.Source.objects.all().delete()
    with pytest.raises(CommandError, match="run load_careers first"):
        command(put_states(tmp_path, all_rows()))
