"""The rows of a file: CSV as text."""

import csv
from collections.abc import Iterator
from pathlib import Path

from prepsite.content.files import ContentError

# The extract has 8 kB, BLS's own table of all states some 2 MB.
MAX_TEXT_BYTES = 50_000_000


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with their numbers; raises ContentError for what is none."""
    try:
        if path.stat().st_size > MAX_TEXT_BYTES:
            raise ContentError(f"{path}: is larger than {MAX_TEXT_BYTES // 1_000_000} MB.")
        text = path.read_text(encoding="utf-8-sig", newline="")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path}: is not UTF-8 text.") from error
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}.") from error
    if "\0" in text:
        raise ContentError(f"{path}: is binary, not text.")
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        raise ContentError(f"{path}: row {rows.line_num}: {error}.") from error
