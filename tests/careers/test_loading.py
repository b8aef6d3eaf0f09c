"""Loading: all or nothing, twice is once, and what staff edited stays."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from careers import models
from careers.loading import LoadReport, load
from careers.schema import KINDS
from prepsite.content import revision
from prepsite.content.files import ContentError
from prepsite.content.models import LoadedDigest
from tests.careers.factories import change, copy_files, make_source, make_state

pytestmark = pytest.mark.django_db


def edit_state(slug: str = "california", **values: object) -> models.StatePay:
    """Change a row as the admin does: by saving it."""
    row = models.StatePay.objects.get(slug=slug)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def rows_of_all_kinds() -> dict[str, list[Any]]:
    return {kind.name: list(kind.model._default_manager.values()) for kind in KINDS}


def test_a_first_load_fills_every_model() -> None:
    before = revision.current().revision
    report = load()
    assert report.changed
    assert report.created == sum(kind.model._default_manager.count() for kind in KINDS)
    assert all(kind.model._default_manager.exists() for kind in KINDS)
    assert revision.current().revision == before + 1


def test_amounts_are_numbers() -> None:
    load()
    row = models.CertificationPay.objects.get(slug="cpc-and-ccs")
    assert (row.low, row.high) == (Decimal(58000), Decimal(72000))
    assert (row.open_ended, row.unit) == (True, "usd_year")
    assert row.as_of.year == 2026
    assert row.source.slug == "career-guide-2026"


def test_prose_is_rendered_when_loaded() -> None:
    load()
    section = models.Section.objects.get(slug="states")
    assert '<a href="/careers/remote-work/#work-models">' in section.body_html


@pytest.mark.parametrize("take", ["newer", "files"])
def test_loading_twice_changes_nothing(take: str) -> None:
    load()
    rows, before = rows_of_all_kinds(), revision.current().revision
    report = load(take=take)  # type: ignore[arg-type]
    assert not report.changed
    assert report.kept == []
    assert rows_of_all_kinds() == rows
    assert revision.current().revision == before


def test_unchanged_files_are_skipped_by_their_digest(
    django_assert_num_queries: Callable[..., object],
) -> None:
    load()
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert load().skipped


def test_without_the_digest_the_rows_are_compared() -> None:
    load()
    LoadedDigest.objects.all().delete()
    report = load()
    assert (report.skipped, report.changed, report.unchanged) == (
        False,
        False,
        sum(kind.model._default_manager.count() for kind in KINDS),
    )


def test_a_change_in_a_file_is_taken(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    before = revision.current().revision
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    report = load(folder=folder)
    assert (report.created, report.updated, report.deleted) == (0, 1, 0)
    assert models.StatePay.objects.get(slug="california").amount == "$62,400"
    assert revision.current().revision == before + 1


def test_a_row_that_left_the_files_goes(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    change(folder / "drivers.yaml", "- slug: aging\n  text: A population that grows older\n", "")
    report = load(folder=folder)
    assert report.deleted == 1
    assert not models.OutlookDriver.objects.filter(slug="aging").exists()
    assert not load(take="files", folder=folder).changed


def test_rows_that_staff_made_are_left_alone(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    make_state(slug="oregon")
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    assert load(folder=folder, take="files").deleted == 0
    assert models.StatePay.objects.filter(slug="oregon").exists()


def test_an_edit_in_the_admin_survives_a_load_and_is_reported(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    edit_state(low=62999)
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    change(folder / "states.yaml", "low: 60800", "low: 60900")
    for _ in range(2):
        LoadedDigest.objects.all().delete()
        report = load(folder=folder)
        assert report.kept == ["states: california: low edited in the admin"]
    assert models.StatePay.objects.get(slug="california").low == 62999
    assert models.StatePay.objects.get(slug="new-jersey").low == 60900


def test_take_files_undoes_an_edit_even_if_no_file_changed() -> None:
    load()
    edit_state(low=62999)
    report = load(take="files")
    assert (report.updated, report.kept) == (1, [])
    assert models.StatePay.objects.get(slug="california").low == 62300


def test_an_edit_that_the_files_take_over_is_an_edit_no_more(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    edit_state(low=62400)
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    assert load(folder=folder).kept == []
    change(folder / "states.yaml", "low: 62400", "low: 62500")
    assert load(folder=folder).updated == 1


def test_a_row_deleted_in_the_admin_stays_deleted(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    models.StatePay.objects.get(slug="california").delete()
    change(folder / "states.yaml", "low: 60800", "low: 60900")
    assert load(folder=folder).kept == ["states: california: deleted in the admin"]
    assert not models.StatePay.objects.filter(slug="california").exists()
    assert load(folder=folder, take="files").created == 1


def test_what_needs_a_deleted_row_is_left_out(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    models.SpecialtyPay.objects.get(slug="risk-adjustment").delete()
    change(folder / "niche.yaml", "Nearly always remote.", "At home.")
    report = load(folder=folder)
    assert "specialties: risk-adjustment: deleted in the admin" in report.kept
    assert "niche: growth: left out, as its specialty 'risk-adjustment' was deleted" in report.kept
    assert load(folder=folder, take="files").created == 6


def test_a_row_made_in_the_admin_under_a_new_key_of_the_files_is_kept(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    change(folder / "states.yaml", "- slug: arkansas", "- slug: natural-state")
    load(folder=folder)
    make_state(slug="arkansas", low=1)
    report = load()
    assert report.kept == ["states: arkansas: made in the admin"]
    assert report.deleted == 1


def test_an_edited_row_that_left_the_files_is_kept(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    row = models.OutlookDriver.objects.get(slug="aging")
    row.text = "Edited"
    row.save()
    change(folder / "drivers.yaml", "- slug: aging\n  text: A population that grows older\n", "")
    report = load(folder=folder)
    assert report.kept == ["drivers: aging: text edited in the admin, no longer in the files"]
    assert load(folder=folder, take="files").deleted == 1


def test_a_source_in_use_is_not_deleted_with_its_file_entry(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    change(folder / "sources.yaml", "items:", "items:\n- slug: extra\n  name: Extra")
    load(folder=folder)
    make_state(source=models.Source.objects.get(slug="extra"))
    report = load()
    assert report.kept == ["sources: extra: no longer in the files, but Oregon needs it"]


@pytest.mark.parametrize("take", ["newer", "files"])
def test_a_wrong_file_changes_nothing(tmp_path: Path, take: str) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    rows, before = rows_of_all_kinds(), revision.current().revision
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    change(folder / "steps.yaml", "premium: same-role", "premium: unknown")
    with pytest.raises(ContentError, match=r"steps\.yaml: item 'pass-the-cpc': premium"):
        load(folder=folder, take=take)  # type: ignore[arg-type]
    assert rows_of_all_kinds() == rows
    assert revision.current().revision == before


def test_a_failure_in_the_middle_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    rows = rows_of_all_kinds()
    change(folder / "states.yaml", "low: 62300", "low: 62400")

    def fail() -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(revision, "bump", fail)
    with pytest.raises(RuntimeError):
        load(folder=folder)
    assert rows_of_all_kinds() == rows


def test_a_dry_run_reports_and_saves_nothing(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    assert load(dry_run=True, folder=folder).created > 100
    assert rows_of_all_kinds() == {kind.name: [] for kind in KINDS}
    assert not models.LoadedRow.objects.exists()
    load(folder=folder)
    before = revision.current().revision
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    report = load(dry_run=True, folder=folder)
    assert report == LoadReport(updated=1, unchanged=report.unchanged, dry_run=True)
    assert models.StatePay.objects.get(slug="california").low == 62300
    assert revision.current().revision == before
    assert load(folder=folder).updated == 1


def test_a_column_added_later_is_not_an_edit(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    remembered = models.LoadedRow.objects.get(kind="states", slug="california")
    del remembered.values["remark"]
    remembered.save()
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    assert load(folder=folder).updated == 1


def test_a_column_added_later_is_filled_in_rows_that_staff_edited(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    edit_state(low=62999, area=None)
    models.FigureChange.objects.all().delete()
    remembered = models.LoadedRow.objects.get(kind="states", slug="california")
    del remembered.values["area"]
    remembered.save()
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    report = load(folder=folder)
    assert report.kept == ["states: california: low edited in the admin"]
    row = models.StatePay.objects.select_related("area").get(slug="california")
    assert row.area is not None
    assert (row.low, row.area.slug) == (Decimal(62999), "california")
    assert row.history.latest().history_change_reason == "Loaded from files"
    assert not models.FigureChange.objects.exists()
    # From now on the column is staff's as the others are.
    edit_state(area=None)
    LoadedDigest.objects.all().delete()
    report = load(folder=folder)
    assert report.kept == ["states: california: low, area edited in the admin"]
    assert not report.changed


def test_a_text_that_names_a_figure_deleted_by_staff_is_reported(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    models.StatePay.objects.get(slug="california").delete()
    change(
        folder / "questions.yaml",
        "[[specialties:risk-adjustment]]",
        "[[specialties:risk-adjustment]], [[states:california]] and [[states:california]]",
    )
    gap = "names [[states:california]], which is not there"
    kept = load(folder=folder).kept
    assert [line.partition(": ")[0] for line in kept if gap in line] == ["questions"]
    assert load(folder=folder, take="files").kept == []


def test_the_number_of_statements_does_not_grow_with_the_rows(
    tmp_path: Path, django_assert_max_num_queries: Callable[..., object]
) -> None:
    folder = copy_files(tmp_path)
    make_source()
    # Up to seven statements for each file: read, is it the first, write, history, keys, remember.
    with django_assert_max_num_queries(7 * len(KINDS) + 10):  # type: ignore[attr-defined]
        load(folder=folder)
