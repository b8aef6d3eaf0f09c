"""Files of the wage survey as BLS publishes them, made for tests."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from careers import models
from careers.files import DATA, read_files
from careers.oews.release import SOURCE, import_release

SHIPPED = DATA / "oews" / "oews_29_2072_state.csv"
# Later than the survey of May 2026 is published.
NOW = dt.datetime(2027, 4, 20, 12, tzinfo=dt.UTC)
COLUMNS = [
    *("AREA", "AREA_TITLE", "AREA_TYPE", "PRIM_STATE", "NAICS", "NAICS_TITLE", "I_GROUP"),
    *("OWN_CODE", "OCC_CODE", "OCC_TITLE", "O_GROUP", "TOT_EMP", "EMP_PRSE", "JOBS_1000"),
    *("LOC_QUOTIENT", "PCT_TOTAL", "PCT_RPT", "H_MEAN", "A_MEAN", "MEAN_PRSE"),
    *("H_PCT10", "H_PCT25", "H_MEDIAN", "H_PCT75", "H_PCT90"),
    *("A_PCT10", "A_PCT25", "A_MEDIAN", "A_PCT75", "A_PCT90", "ANNUAL", "HOURLY"),
]
# An hourly wage for each statistic; the annual one follows from it.
HOURLY = {
    "MEAN": "27.30",
    "PCT10": "17.79",
    "PCT25": "20.91",
    "MEDIAN": "24.59",
    "PCT75": "31.17",
    "PCT90": "39.01",
}
OTHER = {"OCC_CODE": "29-2071", "OCC_TITLE": "Medical Registrars"}

type Row = dict[str, Any]


def annual(hourly: str | Decimal) -> int:
    """Return 2,080 hours of a wage, to the ten."""
    return int(round(Decimal(hourly) * 2080, -1))


def make_row(area: models.Area, factor: str = "1", **cells: Any) -> Row:
    """Return an area's row; ``factor`` scales its wages."""
    is_nation = area.kind == models.Area.Kind.NATION
    kinds = {models.Area.Kind.NATION: "1", models.Area.Kind.TERRITORY: "3"}
    row: Row = {
        "AREA": "99" if is_nation else area.fips,
        "AREA_TITLE": "U.S." if is_nation else area.name,
        "AREA_TYPE": kinds.get(models.Area.Kind(area.kind), "2"),
        "PRIM_STATE": area.postal,
        "NAICS": "000000",
        "NAICS_TITLE": "Cross-industry",
        "I_GROUP": "cross-industry",
        "OWN_CODE": "1235",
        "OCC_CODE": "29-2072",
        "OCC_TITLE": "Medical Records Specialists",
        "O_GROUP": "detailed",
        "TOT_EMP": 2330,
        "EMP_PRSE": 5.0,
        "JOBS_1000": "" if is_nation else 1.101,
        "LOC_QUOTIENT": "" if is_nation else 0.88,
        "PCT_TOTAL": "",
        "PCT_RPT": "",
        "MEAN_PRSE": 1.1,
        "ANNUAL": "",
        "HOURLY": "",
    }
    for name, wage in HOURLY.items():
        hourly = (Decimal(wage) * Decimal(factor)).quantize(Decimal("0.01"))
        row[f"H_{name}"], row[f"A_{name}"] = float(hourly), annual(hourly)
    return row | cells


def all_rows(factor: str = "1", *, nation: bool = False) -> list[Row]:
    """Return a row for each area, the nation's only if asked for, among rows of others."""
    rows = []
    for area in models.Area.objects.all():
        if nation or area.kind != models.Area.Kind.NATION:
            rows += [make_row(area, factor, **OTHER), make_row(area, factor)]
    return rows


def workbook(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = COLUMNS) -> bytes:
    """Return an Excel file with BLS's sheets."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    ) as book:
        sheet = book.add_worksheet("state_M2026_dl")
        names = list(columns)
        sheet.write_row(0, 0, names)
        for number, row in enumerate(rows, start=1):
            for place, name in enumerate(names):
                cell = row.get(name, "")
                # BLS keeps codes as text: 01, 000000.
                write = sheet.write_string if isinstance(cell, str) else sheet.write
                write(number, place, cell)
        described = book.add_worksheet("Field Descriptions")
        described.write_row(0, 0, ["Field", "Field Description"])
        described.write_row(1, 0, ["area", "U.S. (99), state FIPS code, ..."])
    return content.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content)
    return path


def put_states(folder: Path, rows: Iterable[Mapping[str, Any]], **kwargs: Any) -> Path:
    """Write the workbook of the states of May 2026."""
    return put(folder, "state_M2026_dl.xlsx", workbook(rows, **kwargs))


def prepare() -> None:
    """Save areas and source, as the files hold them, and the shipped release."""
    items = read_files()
    models.Source.objects.bulk_create(
        models.Source(**item.columns()) for item in items["sources"] if item.slug == SOURCE
    )
    models.Area.objects.bulk_create(
        models.Area(position=number, **item.columns())
        for number, item in enumerate(items["areas"], start=1)
    )
    import_release([SHIPPED], now=NOW, published=dt.date(2026, 5, 15))
