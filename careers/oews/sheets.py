"""The rows of a file: CSV, an Excel workbook, or a zip archive that holds either.

Nothing is trusted: sizes are limited before anything is unpacked, and a workbook's parts
are counted and checked while they are, whatever the archive says of them.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from typing import IO, Any

from careers.oews.layout import EXTRACT, OFFICIAL
from prepsite.content.files import ContentError

# BLS's workbook of all states has some 7 MB, and ten times that unpacked.
MAX_FILE_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 250_000_000
MAX_MEMBERS = 500
WORKBOOK_MARK = "[Content_Types].xml"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
OURS = re.compile(r"(state|national)_M\d{4}_dl\.xlsx", re.IGNORECASE)

type Numbered = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class Sheet:
    """A file's rows with their numbers; ``name`` leads people to it, ``names`` are its files."""

    name: str
    names: tuple[str, ...]
    rows: Numbered


def open_sheet(path: Path) -> Sheet:
    """Return the rows of a file; raises ContentError, also while they are read."""
    name = str(path)
    try:
        if not path.is_file():
            raise ContentError(f"{name}: there is no such file.")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ContentError(_too_large(name, MAX_FILE_BYTES))
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(f"{name}: {error.strerror}.") from error
    if not content.strip():
        raise ContentError(f"{name}: the file is empty.")
    if content.startswith(OLD_EXCEL):
        raise ContentError(f"{name}: is an old or locked Excel file; save it as .xlsx.")
    if path.suffix.lower() in (".xlsx", ".zip") or content.startswith(b"PK"):
        return _in_archive(name, (path.name,), content)
    return Sheet(name, (path.name,), _text_rows(name, content))


def _in_archive(name: str, names: tuple[str, ...], content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_size(name, archive)
            if WORKBOOK_MARK in archive.namelist():
                return Sheet(name, names, _workbook_rows(name, _repacked(name, archive)))
            if len(names) > 1:
                raise ContentError(f"{name}: is no Excel workbook.")
            member = _table_in(name, archive)
            inner = f"{name}: {member.filename}"
            with archive.open(member) as file:
                data = _read_all(inner, file, MAX_UNPACKED_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ContentError(f"{name}: is damaged, cut short, or not what its name says.") from error
    except RuntimeError as error:
        raise ContentError(f"{name}: is locked with a password.") from error
    member_names = (PurePosixPath(member.filename).name, *names)
    if data.startswith(b"PK"):
        return _in_archive(inner, member_names, data)
    return Sheet(inner, member_names, _text_rows(inner, data))


def _check_size(name: str, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise ContentError(f"{name}: holds more than {MAX_MEMBERS} files.")
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise ContentError(_too_large(name, MAX_UNPACKED_BYTES))


def _table_in(name: str, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the one table in an archive; BLS's own also holds a description of the columns."""
    tables = [
        member
        for member in archive.infolist()
        if member.filename.lower().endswith((".xlsx", ".csv"))
        and not PurePosixPath(member.filename).name.startswith((".", "~"))
    ]
    named = [member for member in tables if OURS.search(member.filename)]
    found = named or tables
    if len(found) == 1:
        return found[0]
    listed = ", ".join(sorted(member.filename for member in found)[:5])
    raise ContentError(
        f"{name}: holds no table (.xlsx or .csv)."
        if not found
        else f"{name}: holds {len(found)} tables ({listed}); unpack it and name the one."
    )


def _repacked(name: str, archive: zipfile.ZipFile) -> io.BytesIO:
    """Return a workbook as an archive of its parts as we unpacked them.

    So its reader can unpack nothing that was not counted here, and a damaged part is found.
    """
    plain = io.BytesIO()
    left = MAX_UNPACKED_BYTES
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as copy:
        for member in archive.infolist():
            with archive.open(member) as file:
                part = _read_all(name, file, left)
            left -= len(part)
            copy.writestr(member.filename, part)
    plain.seek(0)
    return plain


def _read_all(name: str, file: IO[bytes], limit: int) -> bytes:
    content = file.read(limit + 1)
    if len(content) > limit:
        raise ContentError(_too_large(name, MAX_UNPACKED_BYTES))
    return content


def _too_large(name: str, limit: int) -> str:
    return f"{name}: is larger than {limit // 1_000_000} MB, too large for a table of the states."


def _workbook_rows(name: str, file: IO[bytes]) -> Numbered:
    """Yield the rows of the sheet that names our columns, or of the first one."""
    # Only here: no process that serves pages reads a workbook.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(file)
        first: list[list[Any]] | None = None
        for title in workbook.sheet_names:
            rows: list[list[Any]] = workbook.get_sheet_by_name(title).to_python(
                skip_empty_area=False
            )
            header = {str(cell).strip().lower() for cell in (rows[0] if rows else [])}
            if header & {OFFICIAL.area, EXTRACT.area}:
                first = rows
                break
            first = rows if first is None else first
    except CalamineError as error:
        raise ContentError(f"{name}: is no Excel workbook that can be read.") from error
    for number, row in enumerate(first or [], start=1):
        yield number, [_cell_text(cell) for cell in row]


def _cell_text(value: object) -> str:
    """Return a cell as BLS prints it: 27.3, 56790; what is no number or text stays apart."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case date() | datetime() | time() | timedelta():
            return f"date {value}"
        case _:
            return str(value)


def _text_rows(name: str, content: bytes) -> Numbered:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ContentError(f"{name}: row {line}: is not UTF-8 text.") from error
    if "\0" in text:
        raise ContentError(f"{name}: is binary, not text.")
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:
        raise ContentError(f"{name}: row {rows.line_num}: {error}.") from error
