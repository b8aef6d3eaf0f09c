"""Figures out as tables and in again, through the schema of the content files."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careers import models
from careers.exchange import EntryResource, kind_of
from careers.loading import load
from careers.models import Entry
from careers.schema import KINDS, Kind
from prepsite.content.exchange.formats import FORMATS, CsvFile, FileFault, JsonFile
from prepsite.content.exchange.resource import Outcomes
from prepsite.content.models import LoadedDigest
from tests.careers.factories import make_page, make_section, make_source, make_state, staff_client

pytestmark = pytest.mark.django_db

STATE = {
    "slug": "oregon",
    "source": "bls",
    "as_of": "2026-05",
    "low": "51000",
    "unit": "usd_year",
    "state": "Oregon",
    "end": "highest",
    "rank": "7",
}


def exported(kind: Kind, file_format: Any = CsvFile) -> bytes:
    content: str = file_format().export_data(EntryResource(kind).export())
    return content.encode()


def imported(model: type[Entry], rows: Any, **choices: Any) -> Outcomes:
    """Import a list of rows, or a CSV file."""
    is_file = isinstance(rows, bytes)
    file_format = CsvFile() if is_file else JsonFile()
    table = file_format.create_dataset(rows if is_file else json.dumps(rows).encode())
    dry_run = choices.pop("dry_run", False)
    return EntryResource(kind_of(model), **choices).import_data(table, dry_run=dry_run)


def problems(outcomes: Outcomes) -> list[tuple[str, str]]:
    return [problem for report in outcomes.reports for problem in report.problems]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_exported_comes_back_unchanged(kind: Kind, file_format: Any) -> None:
    """Also into an empty table."""
    load()
    rows = list(kind.model._default_manager.values())
    content = exported(kind, file_format)
    table = file_format().create_dataset(content)
    outcomes = EntryResource(kind, conflict="take").import_data(table)
    assert outcomes.counts()["unchanged"] == len(rows)
    assert list(kind.model._default_manager.values()) == rows
    if any(kind.name in other.references.values() for other in KINDS):
        return
    kind.model._default_manager.all().delete()
    outcomes = EntryResource(kind).import_data(table)
    assert outcomes.counts()["new"] == len(rows)
    assert exported(kind, file_format) == content


def test_a_new_figure_has_its_history_and_stays_when_the_files_are_loaded() -> None:
    load()
    outcomes = imported(models.StatePay, [STATE], reason="Imported from figures.json")
    assert outcomes.counts()["new"] == 1
    row = models.StatePay.objects.get(slug="oregon")
    assert (row.amount_in_words, row.dated, row.source.slug) == (
        "$51,000 a year",
        "May 2026",
        "bls",
    )
    last = models.StatePay.objects.exclude(pk=row.pk).order_by("position").last()
    assert last is not None
    assert row.position > last.position
    assert row.history.get().history_change_reason == "Imported from figures.json"
    LoadedDigest.objects.all().delete()
    assert not load().changed
    assert models.StatePay.objects.filter(slug="oregon").exists()


def test_columns_that_a_file_leaves_out_stay_as_they_are() -> None:
    row = make_state(slug="oregon", remark="Rain.", high=60000, review_by="2027-01-01")
    cells = STATE | {"source": row.source.slug, "as_of": "2026", "low": "52000", "rank": "1"}
    outcomes = imported(models.StatePay, [cells], conflict="take")
    assert [(c.column, c.old, c.new) for c in outcomes.reports[0].changes] == [
        ("low", "50000", "52000")
    ]
    row.refresh_from_db()
    assert (int(row.low), row.high, row.remark, str(row.review_by)) == (
        52000,
        Decimal(60000),
        "Rain.",
        "2027-01-01",
    )
    assert [record.history_type for record in row.history.all()] == ["~", "+"]


@pytest.mark.parametrize(
    ("conflict", "verdict", "low"),
    [("keep", "left", 50000), ("refuse", "refused", 50000), ("take", "changed", 51000)],
)
def test_what_is_here_already_and_differs(conflict: str, verdict: str, low: int) -> None:
    row = make_state(slug="oregon")
    cells = STATE | {"source": row.source.slug}
    (report,) = imported(models.StatePay, [cells], conflict=conflict).reports
    assert report.verdict == verdict
    row.refresh_from_db()
    assert row.low == low


def test_an_imported_change_counts_as_an_edit_of_staff() -> None:
    load()
    table = CsvFile().create_dataset(exported(kind_of(models.StatePay)))
    (stated,) = [
        dict(zip(table.headers, row, strict=True))
        for row in table
        if row[table.headers.index("slug")] == "california"
    ]
    imported(models.StatePay, [stated | {"low": "62999"}], conflict="take")
    LoadedDigest.objects.all().delete()
    assert load().kept == ["states: california: low edited in the admin"]
    assert models.StatePay.objects.get(slug="california").low == 62999


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"source": "nobody"}, ("source", "there is no 'nobody' among the sources.")),
        ({"quoted_in": "bls"}, ("quoted_in", "a source is quoted in another work, not in itself")),
        ({"as_of": "May 2026"}, ("as_of", "write a date as 2026, 2026-05 or 2026-05-15")),
        ({"as_of": "2026-13"}, ("as_of", "")),
        ({"review_by": "soon"}, ("review_by", "write a date as 2027-04-30.")),
        ({"low": "much"}, ("low", "write a number such as 48780 or 23.45.")),
        ({"low": ""}, ("low", "is empty.")),
        ({"low": "-1"}, ("low", "be greater than or equal to 0")),
        ({"low": "NaN"}, ("low", "")),
        ({"high": "5"}, ("high", "high must be above low")),
        ({"unit": "shells"}, ("unit", "be 'usd'")),
        ({"end": "middle"}, ("end", "be 'highest' or 'lowest'")),
        ({"rank": "first"}, ("rank", "write a whole number.")),
        ({"state": ""}, ("state", "is empty.")),
        ({"position": "-5"}, ("position", "write a whole number.")),
        ({"position": "9" * 5_000}, ("position", "write a whole number.")),
        ({"approximate": "perhaps"}, ("approximate", "write yes or no.")),
        ({"slug": "Not Plain"}, ("slug", "write lower-case letters")),
    ],
)
def test_what_is_wrong_with_a_row(changes: dict[str, str], problem: tuple[str, str]) -> None:
    make_source(slug="bls")
    outcomes = imported(models.StatePay, [STATE | changes])
    assert [report.verdict for report in outcomes.reports] == ["refused"]
    said = dict(problems(outcomes))
    assert problem[1] in said[problem[0]]
    assert not models.StatePay.objects.exists()


def test_spans_of_years_are_checked_at_their_columns() -> None:
    row = {"slug": "x", "title": "Late", "years_from": "5", "years_to": "2"}
    assert problems(imported(models.AdviceStage, [row])) == [
        ("years_from", "last must come after first")
    ]
    row |= {"years_from": ""}
    assert problems(imported(models.AdviceStage, [row])) == [("years_from", "is empty.")]
    row |= {"years_from": "1"}
    assert imported(models.AdviceStage, [row]).counts()["new"] == 1
    assert models.AdviceStage.objects.get().years == "1–2"


def test_prose_holds_no_figure_and_a_block_stands_once() -> None:
    make_section(title="First", block="ladder")
    page = make_page(slug="ladder").slug
    row = {"slug": "new", "page": page, "title": "New", "body": "It pays $5."}
    assert problems(imported(models.Section, [row]))[0][0] == "body"
    rows = [
        {"slug": slug, "page": page, "title": slug, "block": "ladder"} for slug in ("one", "two")
    ]
    assert (
        problems(imported(models.Section, rows))
        == [("block", "The section First shows it already.")] * 2
    )
    for row in rows:
        row["block"] = "ai"
    for dry_run in (True, False):
        outcomes = imported(models.Section, rows, dry_run=dry_run)
        assert problems(outcomes) == [("block", "The section one shows it already.")]
    assert models.Section.objects.filter(block="ai").get().slug == "one"


def test_wrong_columns_are_named() -> None:
    with pytest.raises(FileFault, match=r"Missing columns: source, .*rank\. Unknown columns: pay"):
        imported(models.StatePay, b"slug,pay\nx,1\n")


def test_a_figure_goes_in_by_the_pages_of_the_admin() -> None:
    make_source(slug="bls")
    client = staff_client()
    base = "/admin/careers/statepay/"
    assert f"{base}import/" in client.get(base).content.decode()
    file = SimpleUploadedFile("states.json", json.dumps([STATE]).encode())
    response = client.post(f"{base}import/", {"import_file": file, "conflict": "keep"})
    name = response.context["confirm_form"].initial["import_file_name"]
    assert not models.StatePay.objects.exists()
    page = client.post(f"{base}process_import/", {"import_file_name": name}, follow=True)
    assert "states.json</strong> is imported" in page.content.decode()
    record = models.StatePay.objects.get().history.get()
    assert record.history_user is not None
    assert record.history_change_reason == "Imported from states.json"
