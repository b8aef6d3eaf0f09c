"""The place of service codes that ship with the site: our own wording, official dates."""

import csv
import re
from datetime import date
from pathlib import Path

from django.db import transaction

from prepsite.codes.models import PlaceOfService
from prepsite.content.files import ContentError

TABLE = Path(__file__).parent / "data" / "place_of_service.csv"
COLUMNS = ["code", "name", "description", "effective_from"]


def read_table(path: Path = TABLE) -> list[PlaceOfService]:
    """Return the table's rows, unsaved; ContentError names file, line and field."""
    rows: dict[str, PlaceOfService] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ContentError(f"{path}: the columns must be {', '.join(COLUMNS)}.")
        for row in reader:
            place = f"{path}, line {reader.line_num}"
            if row.pop(None, None) or None in row.values():
                raise ContentError(f"{place}: there must be one cell for each of the columns.")
            if not re.fullmatch(r"[0-9]{2}", row["code"]):
                raise ContentError(f"{place}, code: {row['code']!r} is not of two digits.")
            if row["code"] in rows:
                raise ContentError(f"{place}, code: {row['code']} stands twice.")
            if not (row["name"] and row["description"]):
                raise ContentError(f"{place}, name: it and the description must be filled.")
            try:
                begins = date.fromisoformat(row["effective_from"] or "0001-01-01")
            except ValueError as error:
                raise ContentError(f"{place}, effective_from: {error}") from error
            rows[row["code"]] = PlaceOfService(
                code=row["code"],
                name=row["name"],
                description=row["description"],
                effective_from=begins if row["effective_from"] else None,
            )
    return list(rows.values())


@transaction.atomic
def load() -> int:
    """Make the stored table equal to the file; return the number of rows."""
    rows = read_table()
    PlaceOfService.objects.exclude(code__in=[row.code for row in rows]).delete()
    PlaceOfService.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "description", "effective_from"],
    )
    return len(rows)
