"""CSV and JSON files, read into tables with errors for people."""

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from import_export.formats.base_formats import CSV, JSON
from tablib import Dataset  # type: ignore[import-untyped]

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
DELIMITERS = ",;\t"
NO_TEXT = "The file holds NUL characters, so it is no text file."
SPREADSHEET = "This is a spreadsheet file. Save it as “CSV UTF-8” and choose that one."
# A spreadsheet runs a cell that begins so; quotation marks in front of it show that we
# have been here before, so that taking one away is the exact reverse of adding one.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


class FileFault(Exception):
    """A file cannot be read at all; the message says why and what to do."""


class Table(Dataset):
    """Rows under the columns' names.

    ``numbers`` are the rows as a spreadsheet (CSV, the names are row 1) or a list (JSON)
    counts them, or the lines at which they begin (``unit``); ``faults`` says what keeps a
    row, by its place, from being read. ``is_sparse`` is a table of a format that has no
    place for all columns: what it does not say is None.
    """

    numbers: list[int]
    faults: dict[int, str]
    unit = "Row"
    is_sparse = False

    @classmethod
    def of(
        cls,
        columns: list[str],
        rows: Iterable[list[Any]],
        numbers: list[int],
        faults: dict[int, str],
    ) -> "Table":
        """Return a table; each row has as many cells as there are columns."""
        table = cls(*rows, headers=columns)
        table.numbers, table.faults = numbers, faults
        return table


def decode(content: bytes) -> str:
    """Return a file's text; raises FileFault for what is no UTF-8 text."""
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise FileFault("The file is empty.")
    _refuse_other_kinds(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileFault(
            f"The file is not in UTF-8: line {line} holds a character of another encoding. "
            "Save it as UTF-8 (“CSV UTF-8” in Excel)."
        ) from error
    if "\0" in text:
        raise FileFault(NO_TEXT)
    return text


def _refuse_other_kinds(head: bytes) -> None:
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise FileFault(SPREADSHEET)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileFault("The file is in UTF-16. Save it as UTF-8 (“CSV UTF-8” in Excel).")


def read_text_file(path: Path) -> bytes:
    """Return a file's content; raises FileFault, mostly before it is read as a whole."""
    try:
        if not path.is_file():
            raise FileFault("There is no such file.")
        if (size := path.stat().st_size) > MAX_BYTES:
            raise FileFault(
                f"The file has {size / 1_000_000:,.1f} MB, and {MAX_BYTES // 1_000_000} MB are "
                "read at most. Divide it."
            )
        with path.open("rb") as file:
            head = file.read(8_192)
            _refuse_other_kinds(head)
            if b"\0" in head:
                raise FileFault(NO_TEXT)
            return head + file.read(MAX_BYTES)
    except OSError as error:
        raise FileFault(f"The file cannot be read: {error.strerror}.") from error


def escape(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape(cell: str) -> str:
    """Return what ``escape`` was given; a cell that it never touched stays."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def _check_columns(columns: list[str]) -> None:
    if unnamed := [place for place, name in enumerate(columns, start=1) if not name]:
        raise FileFault(f"Column {unnamed[0]} has no name in the first row.")
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise FileFault(f"The column {twice[0]} stands twice.")


class CsvFile(CSV):
    """Comma, semicolon or tab between cells; UTF-8 with or without its mark."""

    suffixes = (".csv", ".txt", ".tsv")

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Table:
        """Return the table of a file's content; raises FileFault."""
        text = decode(in_stream)
        first_line = text.lstrip("\n\r").split("\n", 1)[0]
        delimiter = max(DELIMITERS, key=first_line.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns: list[str] = []
        rows: list[list[str]] = []
        numbers: list[int] = []
        faults: dict[int, str] = {}
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if not any(cell.strip() for cell in cells):
                    continue
                if not columns:
                    columns = [cell.strip() for cell in cells]
                    while columns and not columns[-1]:
                        columns.pop()
                    _check_columns(columns)
                    continue
                if len(rows) == MAX_ROWS:
                    raise FileFault(f"The file has more than {MAX_ROWS:,} rows. Divide it.")
                if any(cells[len(columns) :]):
                    faults[len(rows)] = (
                        f"has {len(cells)} cells, but the first row names {len(columns)} columns. "
                        "A text that holds a comma must stand in double quotes."
                    )
                cells += [""] * (len(columns) - len(cells))
                rows.append([unescape(cell) for cell in cells[: len(columns)]])
                numbers.append(number)
        except csv.Error as error:
            raise FileFault(
                f"Row {number + 1} cannot be read: {error}. Look for a double quote that is not "
                "closed; inside a text write it twice."
            ) from error
        return Table.of(columns, rows, numbers, faults)

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        """Return the file, with the mark by which Excel knows UTF-8."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(dataset.headers)
        for row in dataset:
            writer.writerow([escape(as_text(cell)) for cell in row])
        return f"\ufeff{out.getvalue()}"

    def get_content_type(self) -> str:
        return "text/csv; charset=utf-8"


def as_text(cell: Any) -> str:
    """Return what a cell of CSV holds for a value."""
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)


class JsonFile(JSON):
    """A list of objects, one for each row."""

    suffixes = (".json",)

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Table:
        """Return the table of a file's content; raises FileFault."""
        content = _entries(in_stream)
        columns: dict[str, None] = {}
        faults: dict[int, str] = {}
        for place, entry in enumerate(content):
            if isinstance(entry, dict):
                columns |= dict.fromkeys(entry)
            else:
                faults[place] = "is no object: write {…} with a name and a value for each column."
        rows = [
            [_cell(entry.get(name)) if isinstance(entry, dict) else "" for name in columns]
            for entry in content
        ]
        for place, row in enumerate(rows):
            if not _is_storable(row):
                faults[place] = "holds a broken character (\\u0000, or \\ud800 to \\udfff)."
        if not _is_storable(list(columns)):
            raise FileFault("The name of a column holds a broken character.")
        return Table.of(list(columns), rows, list(range(1, len(rows) + 1)), faults)

    def export_data(self, dataset: Dataset, **kwargs: Any) -> str:
        names = dataset.headers or []
        rows = [dict(zip(names, row, strict=True)) for row in dataset]
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _entries(content: bytes) -> list[Any]:
    """Return the list that a JSON file holds; raises FileFault."""
    try:
        entries = json.loads(decode(content))
    except RecursionError as error:
        raise FileFault("The file nests its values too deeply.") from error
    except json.JSONDecodeError as error:
        raise FileFault(
            f"This is no JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except ValueError as error:
        raise FileFault(f"This is no JSON: {error}.") from error
    if not isinstance(entries, list):
        raise FileFault("The file must be a list: [ {…}, {…} ], one object for each row.")
    if len(entries) > MAX_ROWS:
        raise FileFault(f"The file has more than {MAX_ROWS:,} rows. Divide it.")
    return entries


def _cell(value: Any) -> Any:
    """Return a value as a CSV cell would hold it; lists and objects stay."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)
        case _:
            return value


def _is_storable(value: Any) -> bool:
    """Tell whether databases take this: half a surrogate pair and NUL stand in JSON alone."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text


FORMATS: list[type[CsvFile] | type[JsonFile]] = [CsvFile, JsonFile]
