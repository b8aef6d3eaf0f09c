"""Importing a later release: whole or not at all, the one before stays, twice is once."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from careers import changecheck, models
from careers.models import FigureChange, Wage
from careers.oews import latest, sheets
from careers.oews.release import ImportReport, import_release
from prepsite.content import revision
from prepsite.content.files import ContentError
from tests.careers.oewsfiles import (
    COLUMNS,
    NOW,
    OTHER,
    SHIPPED,
    all_rows,
    annual,
    make_row,
    prepare,
    put,
    put_states,
    workbook,
    zipped,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare()


def area(slug: str = "ohio") -> models.Area:
    return models.Area.objects.get(slug=slug)


def run(*paths: Path, **kwargs: Any) -> ImportReport:
    return import_release(paths, now=NOW, **kwargs)


def everything() -> list[Any]:
    """Return all that an import could have touched."""
    return [
        list(Wage.objects.order_by("pk").values()),
        Wage.history.count(),
        list(models.Source.objects.values()),
        FigureChange.objects.count(),
        revision.current().revision,
    ]


def refusal(*paths: Path, **kwargs: Any) -> str:
    """Return why files are refused, and see that nothing changed."""
    before = everything()
    with pytest.raises(ContentError) as caught:
        run(*paths, **kwargs)
    assert everything() == before
    return str(caught.value)


def with_row(**cells: Any) -> list[dict[str, Any]]:
    """Return the rows of all states, with these cells for Ohio."""
    return [
        row | cells if row["AREA_TITLE"] == "Ohio" and row["OCC_CODE"] == "29-2072" else row
        for row in all_rows()
    ]


def test_a_release_adds_its_rows_and_leaves_the_former_one(tmp_path: Path) -> None:
    former = list(Wage.objects.order_by("pk").values())
    path = put_states(tmp_path, all_rows("1.1", nation=True))
    report = run(path, published=dt.date(2027, 4, 7))
    assert (report.created, report.areas, report.missing) == (55, 55, [])
    assert list(Wage.objects.filter(release="2025-05-01").order_by("pk").values()) == former
    wage = Wage.objects.get(slug="ohio-2026-05")
    assert (wage.hourly_median, wage.annual_median) == (Decimal("27.05"), annual("27.05"))
    assert (wage.employment, wage.jobs_per_1000) == (2330, Decimal("1.101"))
    assert (str(wage.release), wage.dated, wage.source.slug) == (
        "2026-05-01",
        "April 7, 2027",
        "bls-oews",
    )
    assert (str(wage.checked_on), str(wage.review_by)) == ("2027-04-20", "2028-05-31")
    assert wage.history.get().history_change_reason == "Imported the release of May 2026"
    release = latest.read_release()
    assert release is not None
    assert (str(release.month), len(release.wages)) == ("2026-05-01", 55)


def test_the_log_the_source_and_the_revision_tell_of_it_once(tmp_path: Path) -> None:
    FigureChange.objects.all().delete()
    before = revision.current().revision
    path = put_states(tmp_path, all_rows("1.1", nation=True))
    run(path)
    entry = FigureChange.objects.get()
    assert (entry.kind, entry.at, entry.model, entry.slug) == ("release", NOW, "wage", "2026-05")
    assert entry.label == "Official wages by state, May 2026"
    assert (entry.after, entry.place) == ("55 areas", "/careers/states/")
    assert entry.note == ("National median, May 2026: $56,260 a year; May 2025: $51,140 a year.")
    assert entry.source == "BLS OEWS, May 2026"
    source = models.Source.objects.get(slug="bls-oews")
    assert source.release == "May 2026"
    assert source.history.latest().history_change_reason == "Imported the release of May 2026"
    assert revision.current().revision > before


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    path = put_states(tmp_path, all_rows("1.1", nation=True))
    run(path)
    before = everything()
    report = run(path)
    assert (report.created, report.replaced, report.unchanged) == (0, [], 55)
    assert everything() == before


def test_the_shipped_table_can_be_imported_again() -> None:
    before = everything()
    assert run(SHIPPED).unchanged == 55
    assert everything() == before


def test_a_dry_run_saves_nothing(tmp_path: Path) -> None:
    before = everything()
    report = run(put_states(tmp_path, all_rows(nation=True)), dry_run=True)
    assert (report.created, report.dry_run) == (55, True)
    assert everything() == before


def test_pages_wait_for_the_nation_and_the_log_with_them(tmp_path: Path) -> None:
    FigureChange.objects.all().delete()
    report = run(put_states(tmp_path, all_rows()))
    assert (report.created, report.has_nation, str(report.shown)) == (54, False, "2025-05-01")
    assert not FigureChange.objects.exists()
    national = put(tmp_path, "national_M2026_dl.xlsx", workbook([make_row(area("united-states"))]))
    report = run(national)
    assert (report.created, report.has_nation, str(report.shown)) == (1, True, "2026-05-01")
    assert FigureChange.objects.get().after == "55 areas"


def test_both_files_go_in_together(tmp_path: Path) -> None:
    states = put(
        tmp_path,
        "oesm26st.zip",
        zipped({"oesm26st/state_M2026_dl.xlsx": workbook(all_rows()), "oesm26st/~$x.xlsx": b""}),
    )
    national = put(tmp_path, "national_M2026_dl.xlsx", workbook([make_row(area("united-states"))]))
    assert run(states, national).created == 55
    message = refusal(states, states)
    assert "alabama" in message
    assert "stands in more than one of them" in message


def test_an_older_release_is_kept_but_not_shown(tmp_path: Path) -> None:
    FigureChange.objects.all().delete()
    path = put(tmp_path, "state_M2024_dl.xlsx", workbook(all_rows("0.9", nation=True)))
    report = run(path)
    assert (report.created, str(report.shown), report.compared_with) == (55, "2025-05-01", None)
    assert not FigureChange.objects.exists()
    assert models.Source.objects.get(slug="bls-oews").release == "May 2025"


def test_what_was_not_released_is_empty_and_said(tmp_path: Path) -> None:
    marks = {"TOT_EMP": "**", "EMP_PRSE": "**", "JOBS_1000": "**", "LOC_QUOTIENT": "**"}
    wages = {name: "*" for name in COLUMNS if name.startswith(("H_", "A_")) or name == "MEAN_PRSE"}
    report = run(put_states(tmp_path, with_row(**marks)))
    assert report.not_released == [
        "Ohio: employment; error of employment, %; jobs in 1,000 jobs; location quotient"
    ]
    wage = Wage.objects.get(slug="ohio-2026-05")
    assert (wage.employment, wage.annual_median) == (None, annual("24.59"))
    path = put_states(tmp_path, with_row(**marks, **wages))
    report = run(path, replace=True)
    assert report.not_released == ["Ohio: nothing"]
    wage.refresh_from_db()
    assert wage.annual_median is None
    assert "Ohio" not in [move.area for move in report.rises + report.falls]


def test_a_top_coded_wage_is_no_number_but_a_note(tmp_path: Path) -> None:
    report = run(put_states(tmp_path, with_row(H_PCT90="#", A_PCT90="#")))
    wage = Wage.objects.get(slug="ohio-2026-05")
    assert (wage.hourly_p90, wage.annual_p90) == (None, None)
    assert wage.notes == (
        "At or above the highest wage that BLS prints: hourly 90th percentile, "
        "annual 90th percentile."
    )
    assert report.notes == [f"Ohio: {wage.notes}"]
    assert "'#' is not a number" in refusal(put_states(tmp_path, with_row(TOT_EMP="#")))


def test_biggest_rises_and_falls(tmp_path: Path) -> None:
    rows = [
        make_row(area(slug), factor)
        for slug, factor in (("ohio", "1.2"), ("texas", "1.1"), ("vermont", "0.8"), ("guam", "2"))
    ]
    report = run(put_states(tmp_path, rows))
    # The survey of 2025: Guam 38,470, Ohio 50,990, Texas 48,860, Vermont 57,560.
    assert [(move.area, move.before, move.after) for move in report.rises] == [
        ("Guam", 38470, annual("49.18")),
        ("Ohio", 50990, annual("29.51")),
        ("Texas", 48860, annual("27.05")),
    ]
    assert [(move.area, move.before, move.after) for move in report.falls] == [
        ("Vermont", 57560, annual("19.67"))
    ]
    assert len(report.missing) == 51


def test_other_numbers_for_a_release_that_is_here_are_refused_or_replaced(tmp_path: Path) -> None:
    run(put_states(tmp_path, all_rows(nation=True)))
    FigureChange.objects.all().delete()
    path = put_states(tmp_path, with_row(TOT_EMP=2440, LOC_QUOTIENT=""))
    message = refusal(path)
    assert "May 2026 is here already with other numbers; --replace" in message
    assert (
        "Ohio: employment 2330, in the file 2440, location quotient 0.88, in the file not released"
    ) in message
    report = run(path, replace=True)
    assert (report.replaced, report.unchanged) == (["Ohio"], 53)
    wage = Wage.objects.get(slug="ohio-2026-05")
    assert (wage.employment, wage.location_quotient) == (2440, None)
    assert [record.employment for record in wage.history.all()] == [2440, 2330]
    entries = {(entry.label, entry.before, entry.after) for entry in FigureChange.objects.all()}
    assert entries == {
        ("Ohio, May 2026: employment", "2,330", "2,440"),
        ("Ohio, May 2026: location quotient", "0.88", "not released"),
    }


def test_corrections_that_no_page_shows_are_not_in_the_log(tmp_path: Path) -> None:
    run(put(tmp_path, "state_M2024_dl.xlsx", workbook(all_rows("0.9", nation=True))))
    run(put_states(tmp_path, all_rows()))
    FigureChange.objects.all().delete()
    older = put(tmp_path, "state_M2024_dl.xlsx", workbook(all_rows("0.8", nation=True)))
    assert len(run(older, replace=True).replaced) == 55
    # Pages wait for the nation of the newer one.
    assert run(put_states(tmp_path, with_row(TOT_EMP=2440)), replace=True).replaced == ["Ohio"]
    assert not FigureChange.objects.exists()
    # With the nation it is shown, and its rows are news in one entry, corrected or not.
    rows = [row | {"TOT_EMP": 2550} for row in all_rows(nation=True)]
    assert run(put_states(tmp_path, rows), replace=True).created == 1
    assert FigureChange.objects.get().kind == "release"
    assert changecheck.faults() == []


def test_an_area_that_comes_later_is_logged_by_itself(tmp_path: Path) -> None:
    rows = [row for row in all_rows(nation=True) if row["AREA_TITLE"] != "Guam"]
    report = run(put_states(tmp_path, rows))
    assert (report.created, report.missing) == (54, ["Guam"])
    FigureChange.objects.all().delete()
    assert run(put_states(tmp_path, all_rows(nation=True))).created == 1
    entry = FigureChange.objects.get()
    assert (entry.kind, entry.label) == ("added", "Guam, May 2026: annual median")
    assert (entry.after, entry.place) == ("$51,150", "/careers/states/guam/")


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"A_PCT90": 60000}, "column A_PCT90 (Ohio): the annual 90th percentile (60,000) is below"),
        ({"H_PCT10": 22.0}, "column H_PCT25 (Ohio): the hourly 25th percentile (20.91) is below"),
        ({"A_MEAN": 57000}, "column A_MEAN (Ohio): the annual mean (57,000) is not 2,080 times"),
        ({"TOT_EMP": "many"}, "column TOT_EMP: 'many' is not a number of zero or more"),
        ({"TOT_EMP": -5}, "column TOT_EMP: '-5' is not a number of zero or more"),
        ({"TOT_EMP": 0}, "column TOT_EMP (Ohio): 0 must be above zero."),
        ({"TOT_EMP": 5.5}, "column TOT_EMP (Ohio): 5.5 must be a whole number."),
        ({"TOT_EMP": True}, "column TOT_EMP: 'TRUE' is not a number"),
        ({"EMP_PRSE": dt.date(2026, 5, 1)}, "column EMP_PRSE: 'date 2026-05-01' is not a number"),
        ({"H_MEAN": "27,30"}, "column H_MEAN: '27,30' is not a number"),
        ({"H_MEAN": 27.305}, "column H_MEAN (Ohio): 27.305 has more decimals than BLS prints."),
        ({"LOC_QUOTIENT": 12345.5}, "column LOC_QUOTIENT (Ohio): 12345.5 is larger than any"),
        ({"AREA": "40"}, "column PRIM_STATE: the code 40 is Oklahoma (OK), but the row says 'OH'"),
        ({"AREA": "77"}, "column AREA: there is no area with the code '77'."),
        ({"AREA": "00"}, "column AREA: there is no area with the code '00'."),
        ({"AREA": ""}, "column AREA: there is no area with the code ''."),
        ({"AREA_TITLE": "Iowa"}, "column AREA_TITLE: the code 39 is Ohio, but the row says 'Iowa'"),
        ({"AREA_TYPE": "5"}, "column AREA_TYPE: '5' is no kind of area"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(
    tmp_path: Path, cells: dict[str, Any], complaint: str
) -> None:
    rows = with_row(**cells)
    # The names of the columns are row 1.
    number = 2 + next(
        place
        for place, row in enumerate(rows)
        if (row["PRIM_STATE"], row["OCC_CODE"]) == ("OH", "29-2072")
    )
    message = refusal(put_states(tmp_path, rows))
    assert f"state_M2026_dl.xlsx: row {number}, {complaint}" in message
    assert len(message.splitlines()) == 1


def test_all_wrong_cells_are_named_at_once_but_not_without_end(tmp_path: Path) -> None:
    rows = [make_row(row, TOT_EMP="x") for row in models.Area.objects.all()]
    message = refusal(put_states(tmp_path, rows))
    assert len(message.splitlines()) == 21
    assert message.endswith("... and 35 more.")


def test_an_area_stands_once(tmp_path: Path) -> None:
    rows = [make_row(area()), make_row(area("iowa")), make_row(area())]
    message = refusal(put_states(tmp_path, rows))
    assert "row 4, column AREA: Ohio stands in row 2 already." in message


def test_rows_of_parts_of_states_and_of_industries_are_passed_over(tmp_path: Path) -> None:
    rows = [
        make_row(area()),
        make_row(area(), AREA="0018140", AREA_TITLE="Columbus, OH", AREA_TYPE="4"),
        make_row(area(), OWN_CODE="5", I_GROUP="cross-industry, private"),
        make_row(area(), I_GROUP="sector", NAICS="62"),
    ]
    assert run(put_states(tmp_path, rows)).created == 1


def test_missing_columns_and_other_occupations_are_named(tmp_path: Path) -> None:
    columns = [name for name in COLUMNS if name not in ("A_PCT75", "OCC_CODE")]
    message = refusal(put_states(tmp_path, all_rows(), columns=columns))
    assert "these columns are missing: OCC_CODE, A_PCT75." in message
    message = refusal(put_states(tmp_path, all_rows(), columns=[*COLUMNS, "A_MEAN"]))
    assert "the column A_MEAN stands twice" in message
    message = refusal(put_states(tmp_path, [make_row(area(), **OTHER)]))
    assert "no row for 29-2072, medical records specialists, but for 1 other" in message
    assert "no row for 29-2072" in refusal(put_states(tmp_path, []))


def test_files_that_are_none(tmp_path: Path) -> None:
    book = workbook(all_rows())
    archive = zipped({"state_M2026_dl.xlsx": book})
    assert "there is no such file" in refusal(tmp_path / "none.xlsx")
    assert "there is no such file" in refusal(tmp_path)
    assert "the file is empty" in refusal(put(tmp_path, "empty.csv", b" \n"))
    assert "is damaged" in refusal(put(tmp_path, "text.xlsx", b"not a workbook"))
    assert "is damaged" in refusal(put(tmp_path, "cut.xlsx", book[:-200]))
    assert "is damaged" in refusal(put(tmp_path, "cut.zip", archive[: len(archive) // 2]))
    assert "old or locked Excel" in refusal(put(tmp_path, "old.xls", b"\xd0\xcf\x11\xe0" + b"x"))
    assert "row 2: is not UTF-8" in refusal(put(tmp_path, "latin.csv", b"fips\n\xe9\n"))
    assert "is binary" in refusal(put(tmp_path, "binary.csv", b"fips\0\n"))
    assert "holds no table" in refusal(put(tmp_path, "no.zip", zipped({"readme.txt": b"x"})))
    two = {"a.xlsx": book, "b.xlsx": book}
    assert "holds 2 tables (a.xlsx, b.xlsx)" in refusal(put(tmp_path, "two.zip", zipped(two)))
    nested = zipped({"a.xlsx": archive})
    assert "is no Excel workbook" in refusal(put(tmp_path, "nested.zip", nested))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = zipped({"state_M2026_dl.xlsx": b"0" * 1_000_001})
    assert len(bomb) < 10_000
    assert "is larger than 1 MB" in refusal(put(tmp_path, "bomb.zip", bomb))
    parts = {"[Content_Types].xml": b"", "xl/a.xml": b"0" * 600_000, "xl/b.xml": b"0" * 600_000}
    assert "is larger than 1 MB" in refusal(put(tmp_path, "bomb.xlsx", zipped(parts)))
    # One that understates its size is found while it is unpacked.
    lying = bytearray(bomb)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = lying.index(mark) + offset
        lying[place : place + 4] = (10).to_bytes(4, "little")
    assert "is damaged" in refusal(put(tmp_path, "lying.zip", bytes(lying)))
    many = {f"{number}.csv": b"" for number in range(sheets.MAX_MEMBERS + 1)}
    assert "more than 500 files" in refusal(put(tmp_path, "many.zip", zipped(many)))
    monkeypatch.setattr(sheets, "MAX_FILE_BYTES", 100)
    assert "too large" in refusal(put(tmp_path, "large.csv", b"x" * 101))


def test_a_locked_archive(tmp_path: Path) -> None:
    data = bytearray(zipped({"state_M2026_dl.xlsx": b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    assert "locked with a password" in refusal(put(tmp_path, "locked.zip", bytes(data)))


def test_a_release_has_to_be_said_once(tmp_path: Path) -> None:
    path = put(tmp_path, "wages.xlsx", workbook(all_rows()))
    assert "add --release 2026-05" in refusal(path)
    assert run(path, release=dt.date(2026, 5, 1)).created == 54
    named = put_states(tmp_path, all_rows())
    message = refusal(named, release=dt.date(2025, 5, 1))
    assert "it is said to be of May 2025 and May 2026" in message
    inside = put(tmp_path, "oesm25st.zip", zipped({"state_M2026_dl.xlsx": workbook(all_rows())}))
    assert "it is said to be of May 2025 and May 2026" in refusal(inside)
    assert "May 2028" in refusal(path, release=dt.date(2028, 5, 1))
    assert "day of publication" in refusal(named, published=dt.date(2025, 4, 1))


def test_the_log_agrees_with_the_history_after_imports(tmp_path: Path) -> None:
    run(put_states(tmp_path, all_rows(nation=True)))
    run(put_states(tmp_path, with_row(TOT_EMP=2440)), replace=True)
    assert FigureChange.objects.filter(kind="changed").count() == 1
    assert changecheck.faults() == []
