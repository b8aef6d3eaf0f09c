"""The HCPCS table that ships with the site: our own wording, official dates."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from prepsite.codes.models import HcpcsCode
from prepsite.codes.systems import CodeSystem, system_of
from prepsite.codes.validity import HcpcsSpan
from prepsite.content.files import ContentError

TABLE = Path(__file__).parent / "data" / "hcpcs.csv"
COLUMNS = ["code", "section", "description", "effective_from", "effective_to"]


def read_table(path: Path = TABLE) -> list[HcpcsCode]:
    """Return the table's rows, unsaved; ContentError names file, line and field."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ContentError(f"{path}: the columns must be {', '.join(COLUMNS)}.")
        rows: dict[str, HcpcsCode] = {}
        for row in reader:
            place = f"{path}, line {reader.line_num}"
            if row.pop(None, None) or None in row.values():
                raise ContentError(f"{place}: there must be one cell for each of the columns.")
            code = _row(place, row)
            if code.code in rows:
                raise ContentError(f"{place}, code: {code.code} stands twice.")
            rows[code.code] = code
    return list(rows.values())


def _row(place: str, row: dict[str, str]) -> HcpcsCode:
    code = row["code"]
    if system_of(code) not in {CodeSystem.HCPCS, CodeSystem.MODIFIER}:
        raise ContentError(f"{place}, code: {code!r} is no HCPCS code or modifier.")
    for name in ("section", "description", "effective_from"):
        if not row[name]:
            raise ContentError(f"{place}, {name}: is empty.")
    effective_from = _date(place, "effective_from", row)
    effective_to = _date(place, "effective_to", row) if row["effective_to"] else None
    if effective_to and effective_to < effective_from:
        raise ContentError(f"{place}, effective_to: is before effective_from.")
    return HcpcsCode(
        source=HcpcsCode.Source.SHIPPED,
        code=code.lstrip("-"),
        is_modifier=code.startswith("-"),
        section=row["section"],
        description=row["description"],
        effective_from=effective_from,
        effective_to=effective_to,
    )


def _date(place: str, name: str, row: dict[str, str]) -> date:
    try:
        return date.fromisoformat(row[name])
    except ValueError as error:
        raise ContentError(f"{place}, {name}: {error}") from error


def spans_from_table() -> dict[str, HcpcsSpan]:
    """Return each code's valid days, straight from the file."""
    return {row.written: HcpcsSpan(row.effective_from, row.effective_to) for row in read_table()}


@transaction.atomic
def load() -> int:
    """Make the shipped rows equal to the file, official ones stay; return their number."""
    rows = read_table()
    shipped = HcpcsCode.objects.filter(source=HcpcsCode.Source.SHIPPED)
    shipped.exclude(code__in=[row.code for row in rows]).delete()
    HcpcsCode.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code", "source"],
        update_fields=["is_modifier", "section", "description", "effective_from", "effective_to"],
    )
    return len(rows)
