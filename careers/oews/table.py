"""From the rows of a table of the survey to one entry for each area, or a list of faults."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from careers.oews.layout import (
    EXTRACT,
    NOT_RELEASED,
    OCCUPATION,
    OFFICIAL,
    TOP_CODED,
    Layout,
    number_in,
)
from careers.oews.rules import WAGES
from prepsite.content.files import ContentError

# Rows of a file with their numbers, as a spreadsheet counts them; the first names the columns.
type Rows = Iterable[tuple[int, Sequence[str]]]

MONTHS = {"may": 5, "november": 11}
# The only footnote that the extract may carry: "Estimate not released".
FOOTNOTE = "8"
AT_THE_TOP = "At or above the highest wage that BLS prints"
ALL_OWNERS, ALL_INDUSTRIES = "1235", "cross-industry"
STATE_LIKE, LOCAL = ("1", "2", "3"), ("4", "6")
MAX_FAULTS = 20


class AreaLike(Protocol):
    """An area as files or database hold it."""

    @property
    def slug(self) -> str: ...
    @property
    def fips(self) -> str: ...
    @property
    def postal(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Estimate:
    """What a row says of its area: numbers as text, and what is to be noted of them."""

    row: int
    area: AreaLike
    numbers: Mapping[str, str]
    notes: str = ""


@dataclass
class Table:
    """The estimates of a file; ``release`` is None where only the file's name can say it."""

    layout: Layout
    release: dt.date | None = None
    estimates: list[Estimate] = field(default_factory=list)


class RowFault(Exception):
    """A row cannot be used; the column may be unknown."""

    def __init__(self, message: str, column: str = "") -> None:
        super().__init__(message)
        self.column = column


def month_in(text: str) -> dt.date:
    """Return the first day of a survey's month, such as ``May 2025`` or ``2025-05``.

    Raises ValueError for what is neither, and for months without a survey.
    """
    if match := re.fullmatch(r"([A-Za-z]+) (\d{4})", text, re.ASCII):
        month = MONTHS.get(match[1].lower())
    elif match := re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII):
        month = int(match[2]) if int(match[2]) in MONTHS.values() else None
    else:
        month = None
    if match is None or month is None:
        raise ValueError(f"{text!r} is no release of the survey: write it as 2026-05.")
    year = int(next(part for part in match.groups() if len(part) == 4 and part.isdigit()))
    if year < 1997:
        raise ValueError(f"{text!r} is older than the survey.")
    return dt.date(year, month, 1)


def read_table(name: str, rows: Rows, areas: Iterable[AreaLike]) -> Table:
    """Return the estimates for medical records specialists in a file's rows.

    Raises ContentError that names each fault by file, row and column. ``areas`` are those
    known here; a row of an official file for another occupation or place is passed over.
    """
    numbered = iter(rows)
    header = next(numbered, None)
    if header is None:
        raise ContentError(f"{name}: the file is empty.")
    reader = _Reader(name, [_column(cell) for cell in header[1]], areas)
    reader.read(numbered)
    return reader.table


def _column(cell: str) -> str:
    return re.sub(r"\s+", "_", cell.strip().lower())


def report(faults: Sequence[str]) -> str:
    """Return the first faults, a line for each, and how many more there are."""
    more = len(faults) - MAX_FAULTS
    return "\n".join([*faults[:MAX_FAULTS], *([f"... and {more} more."] if more > 0 else [])])


class _Reader:
    def __init__(self, name: str, columns: Sequence[str], areas: Iterable[AreaLike]) -> None:
        self.name = name
        self.columns = columns
        self.layout = EXTRACT if EXTRACT.area in columns else OFFICIAL
        missing = [column for column in self.layout.required if column not in columns]
        if missing:
            written = ", ".join(column.upper() for column in missing)
            raise ContentError(f"{name}: these columns are missing: {written}.")
        if twice := sorted({column for column in columns if columns.count(column) > 1 and column}):
            raise ContentError(f"{name}: the column {twice[0].upper()} stands twice.")
        self.areas = {area.fips: area for area in areas}
        self.table = Table(self.layout)
        self.rows_of_area: dict[str, int] = {}
        self.faults: list[str] = []
        self.occupations: set[str] = set()

    def read(self, rows: Rows) -> None:
        for number, cells in rows:
            texts = [cell.strip() for cell in cells]
            if not any(texts):
                continue
            try:
                self._read_row(number, texts)
            except RowFault as fault:
                place = f", column {fault.column.upper()}" if fault.column else ""
                self.faults.append(f"{self.name}: row {number}{place}: {fault}")
        if self.faults:
            raise ContentError(report(self.faults))
        if not self.table.estimates:
            raise ContentError(
                f"{self.name}: there is no row for {OCCUPATION}, medical records specialists"
                + (
                    f", but for {len(self.occupations)} other occupations."
                    if self.occupations
                    else "."
                )
            )

    def _read_row(self, number: int, texts: list[str]) -> None:
        if len(texts) != len(self.columns):
            raise RowFault(f"has {len(texts)} cells, and there are {len(self.columns)} columns.")
        row = dict(zip(self.columns, texts, strict=True))
        if self.layout is OFFICIAL and not self._is_ours(row):
            return
        area = self._area(row)
        first = self.rows_of_area.setdefault(area.slug, number)
        if first != number:
            raise RowFault(f"{area.name} stands in row {first} already.", self.layout.area)
        if self.layout is EXTRACT:
            self._check_release(row["release"])
            _check_footnotes(row, self.layout)
        numbers, top_coded = {}, []
        for name, column in self.layout.numbers.items():
            if row[column] == TOP_CODED and name in WAGES:
                top_coded.append(WAGES[name])
                continue
            try:
                value = number_in(row[column])
            except ValueError as error:
                raise RowFault(str(error), column) from error
            if value is not None:
                numbers[name] = value
        notes = f"{AT_THE_TOP}: {', '.join(top_coded)}." if top_coded else ""
        self.table.estimates.append(Estimate(number, area, numbers, notes))

    def _is_ours(self, row: Mapping[str, str]) -> bool:
        """Tell whether a row of an official file is one of ours."""
        if row["occ_code"] != OCCUPATION:
            self.occupations.add(row["occ_code"])
            return False
        if row["i_group"].lower() != ALL_INDUSTRIES or row["own_code"] != ALL_OWNERS:
            return False
        if row["area_type"] not in (*STATE_LIKE, *LOCAL):
            raise RowFault(
                f"{row['area_type']!r} is no kind of area: 1 is the nation, 2 a state, "
                "3 a territory, 4 and 6 are parts of states.",
                "area_type",
            )
        return row["area_type"] in STATE_LIKE

    def _area(self, row: Mapping[str, str]) -> AreaLike:
        """Return the area that code, name and postal code agree on."""
        layout = self.layout
        code = row[layout.area].zfill(2)
        area = self.areas.get("00" if code == layout.nation else code)
        if area is None or (code == "00" and layout.nation != "00"):
            raise RowFault(f"there is no area with the code {row[layout.area]!r}.", layout.area)
        if row[layout.postal] != area.postal:
            raise RowFault(
                f"the code {code} is {area.name} ({area.postal}), "
                f"but the row says {row[layout.postal]!r}.",
                layout.postal,
            )
        if code != layout.nation and row[layout.title] != area.name:
            raise RowFault(
                f"the code {code} is {area.name}, but the row says {row[layout.title]!r}.",
                layout.title,
            )
        return area

    def _check_release(self, text: str) -> None:
        try:
            release = month_in(text)
        except ValueError as error:
            raise RowFault(str(error), "release") from error
        if self.table.release not in (None, release):
            raise RowFault(
                f"this row is of {text}, the rows above are of {self.table.release:%B %Y}.",
                "release",
            )
        self.table.release = release


def _check_footnotes(row: Mapping[str, str], layout: Layout) -> None:
    """Raise RowFault for a footnote that we do not know, or that stands at a number."""
    for note in filter(None, row["footnotes"].split(";")):
        column, _, code = note.partition(":")
        if column not in layout.numbers.values() or code != FOOTNOTE:
            raise RowFault(f"the footnote {note!r} is not known.", "footnotes")
        if row[column] not in NOT_RELEASED:
            raise RowFault("has the footnote for what is not released, but a number.", column)
