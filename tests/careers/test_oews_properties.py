"""Tables of the wage survey, made at random and damaged at random: right or refused."""

import contextlib
import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from careers import models
from careers.files import read_files
from careers.models import FigureChange, Wage
from careers.oews.entries import read_entries
from careers.oews.layout import NOT_RELEASED, OFFICIAL
from careers.oews.release import import_release
from careers.oews.rules import HOURS_A_YEAR, PERCENTILES, ROUNDING, WAGES, contradictions
from careers.oews.sheets import open_sheet
from careers.oews.table import read_table
from careers.schema import AreaItem, WageItem
from prepsite.content import revision
from prepsite.content.files import ContentError
from tests.careers.oewsfiles import COLUMNS, NOW, SHIPPED, make_row, prepare, put, workbook, zipped

AREAS = [item for item in read_files()["areas"] if isinstance(item, AreaItem)]
MONTH = dt.date(2026, 5, 1)
SHARED = {"source": "bls-oews", "as_of": "2026-05"}
MARKS = ("*", "**", "-", "~", "")


def parsed(path: Path) -> list[WageItem]:
    """Return a file's entries, or raise ContentError."""
    sheet = open_sheet(path)
    table = read_table(sheet.name, sheet.rows, AREAS)
    return read_entries(sheet.name, table, table.release or MONTH, SHARED)


def numbers(item: WageItem | Wage) -> dict[str, Any]:
    return {name: getattr(item, name) for name in OFFICIAL.numbers}


@st.composite
def wage_cells(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """Return an area's cells as BLS would print them: ordered, rounded, some not released."""
    cents = sorted(draw(st.lists(st.integers(725, 11_400), min_size=5, max_size=5)))
    hourly = dict(zip(("PCT10", "PCT25", "MEDIAN", "PCT75", "PCT90"), cents, strict=True))
    hourly["MEAN"] = draw(st.integers(725, 11_400))
    cells: dict[str, Any] = {
        "TOT_EMP": draw(st.integers(3, 20_000)) * 10,
        "EMP_PRSE": draw(st.integers(0, 499)) / 10,
        "JOBS_1000": draw(st.integers(0, 9_999)) / 1000,
        "LOC_QUOTIENT": draw(st.integers(0, 999)) / 100,
        "MEAN_PRSE": draw(st.integers(0, 499)) / 10,
    }
    for name, value in hourly.items():
        wage = Decimal(value) / 100
        cells[f"H_{name}"] = float(wage)
        cells[f"A_{name}"] = int(round(wage * HOURS_A_YEAR, -1))
    for name in draw(st.sets(st.sampled_from(sorted(cells)))):
        cells[name] = draw(st.sampled_from(MARKS))
    return cells


def expected(cells: dict[str, Any]) -> dict[str, Decimal | None]:
    return {
        name: None if cells[column.upper()] in MARKS else Decimal(str(cells[column.upper()]))
        for name, column in OFFICIAL.numbers.items()
    }


@pytest.mark.once
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.dictionaries(st.integers(0, len(AREAS) - 1), wage_cells(), min_size=1, max_size=8),
    packed=st.booleans(),
)
def test_what_bls_prints_is_read_as_it_stands(
    rows: dict[int, dict[str, Any]], packed: bool
) -> None:
    content = workbook(make_row(models.Area(**AREAS[n].columns()), **c) for n, c in rows.items())
    with tempfile.TemporaryDirectory() as folder:
        if packed:
            path = put(Path(folder), "oesm26st.zip", zipped({"a/state_M2026_dl.xlsx": content}))
        else:
            path = put(Path(folder), "state_M2026_dl.xlsx", content)
        items = parsed(path)
    assert [item.area for item in items] == [AREAS[number].slug for number in rows]
    for item, cells in zip(items, rows.values(), strict=True):
        assert numbers(item) == expected(cells)


def shipped() -> list[list[str]]:
    return list(csv.reader(io.StringIO(SHIPPED.read_text(encoding="utf-8"))))


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


HEAD = shipped()[0]
# After the five columns that name the row, before the footnotes.
NUMBER_PLACES = range(5, len(HEAD) - 1)
WAGE_PLACES = [place for place in NUMBER_PLACES if HEAD[place].startswith(("h_", "a_"))]
ORIGINAL = {item.slug: item for item in parsed(SHIPPED)}

DAMAGES = st.one_of(
    st.sampled_from(
        [*MARKS, "#", "0", "-1", "x", "NaN", "inf", "1e3", "٣٣", "1,23", "1.2.3", "$5"]
    ),
    st.text(max_size=8),
)


def check(table: list[list[str]], row: int, names: set[str]) -> str:
    """Read a table of which a row is damaged; return what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), "wages.csv", written(table))
        try:
            items = parsed(path)
        except ContentError as error:
            message = str(error)
        else:
            message = ""
    if message:
        assert "row " in message or "is binary" in message
        return "refused"
    found = {item.slug: item for item in items}
    slug = list(ORIGINAL)[row - 1]
    for other, item in ORIGINAL.items():
        if other != slug:
            assert found[other] == item
    for name, value in numbers(found[slug]).items():
        if name in names:
            assert value is None or value == getattr(ORIGINAL[slug], name)
        else:
            assert value == getattr(ORIGINAL[slug], name)
    return "read"


def column_of(place: int) -> str:
    known = {column: name for name, column in OFFICIAL.numbers.items()}
    return known[HEAD[place].removesuffix("_pct")]


@pytest.mark.once
@settings(max_examples=200)
@given(row=st.integers(1, 55), place=st.sampled_from(NUMBER_PLACES), damage=DAMAGES)
def test_a_cell_that_is_no_number_is_refused_or_not_released(
    row: int, place: int, damage: str
) -> None:
    table = shipped()
    if damage.strip().replace(".", "", 1).replace(",", "").isdecimal() and damage.isascii():
        # Another number: wages have a test of their own, the others cannot be told.
        damage = "*"
    table[row][place] = damage
    check(table, row, {column_of(place)})


@pytest.mark.once
@settings(max_examples=200)
@given(
    row=st.integers(1, 54),
    place=st.sampled_from(WAGE_PLACES),
    change=st.sampled_from(["digit lost", "digit more", "ten times", "neighbour", "other row"]),
    data=st.data(),
)
def test_a_wage_that_is_another_number_is_refused(
    row: int, place: int, change: str, data: st.DataObject
) -> None:
    table = shipped()
    cell = table[row][place]
    match change:
        case "digit lost":
            table[row][place] = cell[1:]
        case "digit more":
            table[row][place] = data.draw(st.sampled_from("123456789")) + cell
        case "ten times":
            table[row][place] = f"{Decimal(cell) * 10}"
        case "neighbour":
            table[row][place] = table[row][data.draw(st.sampled_from(WAGE_PLACES))]
        case _:
            table[row][place] = table[data.draw(st.integers(1, 54))][place]
    hours = HOURS_A_YEAR if HEAD[place].startswith("h_") else 1
    apart = abs(Decimal(table[row][place]) - Decimal(cell)) * hours
    outcome = check(table, row, set(WAGES)) if apart else "read"
    # Both forms of a wage are rounded, so what is less apart than both of them fits as well.
    assert outcome == "refused" or apart <= 2 * ROUNDING


@pytest.mark.once
@settings(max_examples=100)
@given(row=st.integers(1, 55), place=st.integers(0, 4), damage=st.text(max_size=12))
def test_a_damaged_name_of_a_row_never_moves_its_numbers(row: int, place: int, damage: str) -> None:
    table = shipped()
    # The kind of area is not read: code and names say what it is.
    if place == HEAD.index("area_type") or (row == 1 and place == HEAD.index("area")):
        place = 2
    table[row][place] = damage
    check(table, row, set())


@pytest.mark.once
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_workbook_is_refused_or_read_as_it_was(data: st.DataObject) -> None:
    sound = WORKBOOK
    place = data.draw(st.integers(0, len(sound) - 1))
    if data.draw(st.booleans()):
        content = sound[:place]
    else:
        content = sound[:place] + bytes([sound[place] ^ data.draw(st.integers(1, 255))])
        content += sound[place + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), "state_M2026_dl.xlsx", content)
        # Any other kind of error would be a traceback for whoever runs the command.
        with contextlib.suppress(ContentError):
            assert parsed(path) == WORKBOOK_ITEMS


def _workbook() -> tuple[bytes, list[WageItem]]:
    content = workbook(make_row(models.Area(**area.columns())) for area in AREAS[:6])
    with tempfile.TemporaryDirectory() as folder:
        return content, parsed(put(Path(folder), "state_M2026_dl.xlsx", content))


WORKBOOK, WORKBOOK_ITEMS = _workbook()


@pytest.mark.once
@given(
    wages=st.dictionaries(st.sampled_from(sorted(WAGES)), st.decimals("7.25", "300000", places=2))
)
def test_contradictions_are_those_of_order_and_of_2080_hours(wages: dict[str, Decimal]) -> None:
    found = {column for column, _ in contradictions(wages)}
    for rate in ("hourly", "annual"):
        values = [wages[name] for p in PERCENTILES if (name := f"{rate}_{p}") in wages]
        if values != sorted(values):
            assert any(column.startswith(rate) for column in found)
    apart = [
        name
        for name in ("mean", *PERCENTILES)
        if {f"hourly_{name}", f"annual_{name}"} <= wages.keys()
        and abs(wages[f"annual_{name}"] - 2080 * wages[f"hourly_{name}"]) > ROUNDING
    ]
    assert {f"annual_{name}" for name in apart} <= found
    if not found:
        assert not apart


class Importing(TestCase):
    """The same with the database."""

    @classmethod
    def setUpTestData(cls) -> None:
        prepare()

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(
        rows=st.dictionaries(st.integers(0, len(AREAS) - 1), wage_cells(), min_size=1, max_size=6),
        damaged=st.none() | st.sampled_from(COLUMNS),
        junk=st.sampled_from(["x", "-1", "1.2345", "99999999", "#", " "]),
    )
    def test_all_rows_are_stored_as_printed_or_nothing_changes(
        self, rows: dict[int, dict[str, Any]], damaged: str | None, junk: str
    ) -> None:
        areas = [models.Area.objects.get(slug=AREAS[number].slug) for number in rows]
        cells = [make_row(area, **row) for area, row in zip(areas, rows.values(), strict=True)]
        if damaged:
            cells[-1][damaged] = junk
        before = state()
        with tempfile.TemporaryDirectory() as folder:
            path = put(Path(folder), "state_M2026_dl.xlsx", workbook(cells))
            try:
                report = import_release([path], now=NOW)
            except ContentError:
                assert state() == before
                return
            assert state()[0][: len(before[0])] == before[0]
            stored = {wage.area_id: wage for wage in Wage.objects.filter(release=MONTH)}
            assert len(stored) == report.created
            for area, printed in zip(areas, cells, strict=True):
                if area.pk not in stored:
                    # Only a row whose name was damaged is not one of ours.
                    assert printed is cells[-1]
                    assert damaged in ("OCC_CODE", "I_GROUP", "OWN_CODE")
                    continue
                wanted = {
                    name: None
                    if str(cell := printed[column.upper()]).strip() in (*NOT_RELEASED, "#")
                    else Decimal(str(cell))
                    for name, column in OFFICIAL.numbers.items()
                }
                assert numbers(stored[area.pk]) == wanted
            once = state()
            assert import_release([path], now=NOW).created == 0
            assert state() == once


def state() -> tuple[list[Any], int, int, int]:
    return (
        list(Wage.objects.order_by("pk").values()),
        Wage.history.count(),
        FigureChange.objects.count(),
        revision.current().revision,
    )
