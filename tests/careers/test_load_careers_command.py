"""The management command load_careers."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from careers import loading, models
from prepsite.content.models import LoadedDigest
from tests.careers.factories import change, copy_files

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("load_careers", *args, stdout=out, no_color=True)
    return out.getvalue()


def test_it_loads_and_says_so() -> None:
    assert " created, 0 updated, 0 deleted" in run()
    assert run() == "careers: the files are unchanged\n"


def test_a_dry_run_saves_nothing() -> None:
    assert run("--dry-run").startswith("careers, not saved: ")
    assert not models.Source.objects.exists()


def test_kept_rows_are_listed_and_files_can_win() -> None:
    run()
    row = models.LadderLevel.objects.get(slug="director")
    row.title = "Director"
    row.save()
    LoadedDigest.objects.all().delete()
    assert "kept ladder: director: title edited in the admin\n" in run()
    assert "1 updated" in run("--take", "files")


def test_a_wrong_file_is_an_error_without_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_files(tmp_path)
    change(folder / "ai.yaml", "label: What to do", "lable: What to do")
    original = loading.load
    monkeypatch.setattr(loading, "load", lambda **options: original(**options, folder=folder))
    with pytest.raises(CommandError, match=r"ai\.yaml: item 'strategy': label: Field required"):
        run()
