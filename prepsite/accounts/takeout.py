"""An export as files: one JSON document, or a zip of one CSV for each table."""

import csv
import io
import json
import zipfile
from datetime import datetime

from prepsite.accounts.registry import Tables

# A spreadsheet runs a cell that begins so as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_json(tables: Tables, now: datetime) -> bytes:
    """Return all tables as one indented JSON document in UTF-8."""
    document = {"exported_at": now.isoformat(), **tables}
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def as_csv_zip(tables: Tables, now: datetime) -> bytes:
    """Return a zip with a CSV for each table that has rows; Excel reads its UTF-8."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, rows in tables.items():
            if not rows:
                continue
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
            entry = zipfile.ZipInfo(f"{name}.csv", date_time=now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(entry, text.getvalue().encode("utf-8-sig"))
    return archive.getvalue()


def _cell(value: str | int | bool | None) -> str | int | bool | None:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
