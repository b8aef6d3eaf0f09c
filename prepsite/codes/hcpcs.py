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
        rows = [_row(path, reader.line_num, row) for row in reader]
    codes = [row.code for row in rows]
    for code in codes:
        if codes.count(code) > 1:
            raise ContentError(f"{path}: {code} stands twice.")
    return rows


def _row(path: Path, line: int, row: dict[str, str]) -> HcpcsCode:
    place = f"{path}, line {line}"
    code = row["code"]
    if system_of(code) not in {CodeSystem.HCPCS, CodeSystem.MODIFIER}:
        raise ContentError(f"{place}, code: {code!r} is no HCPCS code or modifier.")
    for name in ("section", "description"):
        if not row[name]:
            raise ContentError(f"{place}, {name}: is empty.")
    try:
        effective_from = date.fromisoformat(row["effective_from"])
        effective_to = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
    except ValueError as error:
        raise ContentError(f"{place}, effective dates: {error}") from error
    return HcpcsCode(
        code=code.lstrip("-"),
        is_modifier=code.startswith("-"),
        section=row["section"],
        description=row["description"],
        effective_from=effective_from,
        effective_to=effective_to,
    )


def spans_from_table() -> dict[str, HcpcsSpan]:
    """Return each code's valid days, straight from the file."""
    return {
        f"-{row.code}" if row.is_modifier else row.code: HcpcsSpan(
            row.effective_from, row.effective_to
        )
        for row in read_table()
    }


@transaction.atomic
def load() -> int:
    """Make the stored table equal to the file; return the number of rows."""
    rows = read_table()
    HcpcsCode.objects.exclude(code__in=[row.code for row in rows]).delete()
    HcpcsCode.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["is_modifier", "section", "description", "effective_from", "effective_to"],
    )
    return len(rows)
