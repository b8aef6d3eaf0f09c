"""An imported release that the content files ship too, sooner or later."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from careers import models
from careers.loading import load
from careers.models import Wage
from careers.oews.layout import OFFICIAL
from careers.oews.release import ImportReport, import_release
from tests.careers.factories import change, copy_files
from tests.careers.oewsfiles import (
    NOW,
    SHIPPED,
    all_rows,
    prepare,
    put,
    put_states,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare()


def run(*paths: Path, **kwargs: Any) -> ImportReport:
    return import_release(paths, now=NOW, **kwargs)


def csv_of(folder: Path, month: str, **head: str) -> None:
    """Ship the stored release in the files, with this head."""
    columns = SHIPPED.read_text(encoding="utf-8").splitlines()[0].split(",")
    known = {column: name for name, column in OFFICIAL.numbers.items()}
    lines = [",".join(columns)]
    kinds = {"nation": "national", "territory": "territory"}
    for wage in Wage.objects.filter(release=month).select_related("area"):
        place = wage.area
        cells = {
            "release": f"{wage.release:%B %Y}",
            "area_type": kinds.get(place.kind, "state"),
            "fips": place.fips,
            "postal": place.postal,
            "area": "National" if place.kind == "nation" else place.name,
        }
        for column in columns:
            if name := known.get(column.removesuffix("_pct")):
                value = getattr(wage, name)
                cells[column] = "" if value is None else str(value)
        lines.append(",".join(cells.get(column, "") for column in columns))
    (folder / "oews" / "later.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = "".join(f"{name}: '{value}'\n" for name, value in head.items())
    (folder / "oews" / "later.yaml").write_text(f"source: bls-oews\n{said}", encoding="utf-8")


def test_files_that_ship_an_imported_release_later(tmp_path: Path) -> None:
    Wage.objects.all().delete()
    folder = copy_files(tmp_path / "files")
    load(folder=folder, take="files")
    run(put_states(tmp_path, all_rows("1.1", nation=True)), published=dt.date(2027, 4, 7))
    # Other files change: neither the release nor the source's edition goes back.
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    report = load(folder=folder)
    assert (report.updated, report.deleted, report.kept) == (1, 0, [])
    assert models.Source.objects.get(slug="bls-oews").release == "May 2026"
    rows = list(Wage.objects.order_by("pk").values())
    head = {"as_of": "2027-04-07", "checked_on": "2027-04-20", "review_by": "2028-05-31"}
    csv_of(folder, "2026-05-01", **head)
    report = load(folder=folder)
    assert (report.changed, report.kept) == (False, [])
    assert list(Wage.objects.order_by("pk").values()) == rows
    # Now they are the files' own, and what staff edit is kept.
    csv_of(folder, "2026-05-01", **head | {"review_by": "2028-06-30"})
    wage = Wage.objects.get(slug="ohio-2026-05")
    wage.notes = "Seen."
    wage.save()
    report = load(folder=folder)
    assert report.updated == 54
    assert report.kept == ["wages: ohio-2026-05: notes edited in the admin"]


def test_an_imported_release_gives_way_to_files_that_say_more(tmp_path: Path) -> None:
    Wage.objects.all().delete()
    folder = copy_files(tmp_path / "files")
    load(folder=folder, take="files")
    run(put_states(tmp_path, all_rows("1.1", nation=True)))
    csv_of(folder, "2026-05-01", as_of="2027-04-07")
    report = load(folder=folder)
    assert (report.updated, report.kept) == (55, [])
    assert Wage.objects.get(slug="ohio-2026-05").dated == "April 7, 2027"


def test_a_correction_by_import_is_not_undone_by_the_former_file(tmp_path: Path) -> None:
    Wage.objects.all().delete()
    folder = copy_files(tmp_path / "files")
    load(folder=folder, take="files")
    text = SHIPPED.read_text(encoding="utf-8").replace(",2330,5.0,", ",2440,5.0,", 1)
    run(put(tmp_path, "wages.csv", text.encode()), replace=True)
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    report = load(folder=folder)
    assert (report.updated, report.kept) == (1, [])
    assert Wage.objects.get(slug="alabama-2025-05").employment == 2440


def test_staffs_own_words_for_the_source_stay(tmp_path: Path) -> None:
    models.Source.objects.update(release="newest")
    run(put_states(tmp_path, all_rows(nation=True)))
    assert models.Source.objects.get().release == "newest"
