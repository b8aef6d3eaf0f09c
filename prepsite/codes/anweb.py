"""CMS's quarterly HCPCS file (ANWEB): fixed width, cp1252, a record for each line of text.

Code [0:5] (modifiers right-aligned), record type [10] (3 code, 4 its continuation, 7
modifier, 8 its continuation), long description [11:91], add date [268:276], effective date
of the last action [276:284], last valid day [284:292]; dates as YYYYMMDD.

Dental codes (D) and CPT's own codes and modifiers are other owners' texts: they are left out.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction

from prepsite.codes.models import HcpcsCode
from prepsite.codes.sources import read_text
from prepsite.codes.systems import CPT_MODIFIERS, CodeSystem, system_of
from prepsite.content.files import ContentError

CODE, CODE_MORE, MODIFIER, MODIFIER_MORE = "3", "4", "7", "8"
QUARTERS = {"JAN": 1, "APR": 4, "JUL": 7, "OCT": 10}
_RELEASE = re.compile(r"HCPC(?P<year>20\d\d)_?(?P<month>JAN|APR|JUL|OCT)", re.IGNORECASE)
# What the letters stand for, in our words.
SECTIONS = {
    "A": "Ambulance, supplies, miscellaneous",
    "B": "Enteral and parenteral therapy",
    "C": "Outpatient PPS",
    "E": "Durable medical equipment",
    "G": "Procedures and professional services (temporary)",
    "H": "Behavioral health for state Medicaid",
    "J": "Drugs",
    "K": "Temporary codes (K)",
    "L": "Orthotics and prosthetics",
    "M": "Medical services",
    "P": "Laboratory",
    "Q": "Temporary codes (Q)",
    "R": "Diagnostic radiology",
    "S": "Temporary codes for payers other than Medicare",
    "T": "State Medicaid codes",
    "U": "Laboratory tests for COVID-19",
    "V": "Vision and hearing services",
}


@dataclass(frozen=True)
class Release:
    """A quarter's codes, unsaved, and how many other owners' codes were left out."""

    starts: date
    rows: list[HcpcsCode]
    left_out: int


def find(path: Path) -> Path:
    """Return the file that a path names, or the one that stands in a folder.

    Files of corrections and of transactions are none. Raises ContentError where a folder
    holds no such file or several.
    """
    if not path.is_dir():
        return path
    pattern = re.compile(r"HCPC.*ANWEB.*\.txt", re.IGNORECASE)
    other = re.compile(r"corr|trans", re.IGNORECASE)
    found = sorted(
        file
        for file in path.iterdir()
        if pattern.fullmatch(file.name) and not other.search(file.name)
    )
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "none"
        raise ContentError(f"{path}: must hold one file HCPC…ANWEB….txt; found: {names}.")
    return found[0]


def starts_of(path: Path) -> date:
    """Return the first day of the quarter that a file's name tells (HCPC2026_OCT_ANWEB)."""
    match = _RELEASE.match(path.name)
    if match is None:
        raise ContentError(f"{path}: the name tells no quarter; say it with --release.")
    return date(int(match["year"]), QUARTERS[match["month"].upper()], 1)


def read(path: Path, starts: date | None = None) -> Release:
    """Return a quarter's release; ContentError names line and column of what is wrong."""
    starts = starts or starts_of(path)
    rows: dict[str, HcpcsCode] = {}
    skipped: set[str] = set()
    for number, line in enumerate(read_text(path, "cp1252").splitlines(), start=1):
        if not line.strip(" \x1a"):
            continue
        place = f"{path}, line {number}"
        code, kind = line[:5].strip(), line[10:11]
        if kind not in {CODE, CODE_MORE, MODIFIER, MODIFIER_MORE}:
            raise ContentError(f"{place}, column 11: {kind!r} is no record type.")
        if _is_anothers(code, kind):
            skipped.add(code)
        elif kind in {CODE_MORE, MODIFIER_MORE}:
            if code not in rows:
                raise ContentError(f"{place}, column 1: {code!r} continues nothing.")
            rows[code].description += f" {' '.join(line[11:91].split())}"
        else:
            if code in rows:
                raise ContentError(f"{place}, column 1: {code} stands twice.")
            rows[code] = _row(place, line, code, starts, is_modifier=kind == MODIFIER)
    if not rows:
        raise ContentError(f"{path}: holds no HCPCS codes.")
    return Release(starts, list(rows.values()), len(skipped))


def _is_anothers(code: str, kind: str) -> bool:
    """Tell whether a code belongs to the ADA (D codes) or the AMA (CPT)."""
    if kind in {MODIFIER, MODIFIER_MORE}:
        return code in CPT_MODIFIERS or code.isdigit()
    return code.startswith("D") or system_of(code) is CodeSystem.CPT


def _row(place: str, line: str, code: str, starts: date, *, is_modifier: bool) -> HcpcsCode:
    wanted = CodeSystem.MODIFIER if is_modifier else CodeSystem.HCPCS
    if system_of(f"-{code}" if is_modifier else code) is not wanted:
        raise ContentError(f"{place}, column 1: {code!r} is no {wanted} code.")
    description = " ".join(line[11:91].split())
    if not description:
        raise ContentError(f"{place}, column 12: {code} has no description.")
    begins = _date(place, line, 268) or _date(place, line, 276)
    if begins is None:
        raise ContentError(f"{place}, column 269: {code} has no date.")
    ends = _date(place, line, 284)
    if ends and ends < begins:
        raise ContentError(f"{place}, column 285: {code} ends before it begins.")
    return HcpcsCode(
        source=HcpcsCode.Source.OFFICIAL,
        code=code,
        is_modifier=is_modifier,
        section="Modifier" if is_modifier else SECTIONS[code[0]],
        description=description,
        effective_from=begins,
        effective_to=ends,
        release=starts,
    )


def _date(place: str, line: str, start: int) -> date | None:
    text = line[start : start + 8].strip()
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError as error:
        raise ContentError(f"{place}, column {start + 1}: {text!r} is no date.") from error


@transaction.atomic
def load(release: Release, *, force: bool = False) -> int:
    """Save a quarter's rows beside the shipped ones; return their number.

    A code that left the file ends on the day before the quarter, and is kept: an earlier
    exam may ask for it. Raises ContentError for a quarter before the loaded one and for a
    file with half its codes or fewer, unless forced.
    """
    official = HcpcsCode.objects.filter(source=HcpcsCode.Source.OFFICIAL)
    newest = official.order_by("-release").values_list("release", flat=True).first()
    if newest and not force:
        if release.starts < newest:
            raise ContentError(f"The quarter from {newest} is loaded; --force takes an older one.")
        if 2 * len(release.rows) <= official.filter(release=newest).count():
            raise ContentError("The file holds half the loaded codes or fewer; --force takes it.")
    HcpcsCode.objects.bulk_create(
        release.rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["code", "source"],
        update_fields=_changing_fields(),
    )
    gone = official.filter(release__lt=release.starts, effective_to=None)
    gone.update(effective_to=release.starts - timedelta(days=1))
    return len(release.rows)


def _changing_fields() -> list[str]:
    fixed = {"id", "code", "source"}
    return [field.name for field in HcpcsCode._meta.concrete_fields if field.name not in fixed]
