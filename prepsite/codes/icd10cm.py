"""ICD-10-CM as it is stored: a year's release replaces what was loaded of that year.

The release that ships with the site is the official XML that the package
simple-icd-10-cm bundles. The package itself is never imported: that takes seconds and
190 MB, and reads the same file.
"""

from collections.abc import Iterator
from importlib.metadata import files, version
from itertools import count
from pathlib import Path

from django.db import transaction

from prepsite.codes.models import CodeSet, IcdEntry, IcdNote
from prepsite.codes.tabular import Entry, read
from prepsite.codes.years import fiscal_year_days
from prepsite.content.files import ContentError

PACKAGE = "simple-icd-10-cm"
CODE_YEAR = 2026
EDITION = "April 2026 update"
BATCH = 2_000


def source_version() -> str:
    """Return what identifies the data, to tell whether they are loaded already."""
    return f"{PACKAGE} {version(PACKAGE)}, FY {CODE_YEAR} {EDITION}"


def packaged_file() -> Path:
    """Return where the package keeps the XML; ContentError where it keeps none."""
    for file in files(PACKAGE) or []:
        if file.match("data/*tabular*.xml"):
            return Path(str(file.locate()))
    raise ContentError(f"{PACKAGE} {version(PACKAGE)} holds no tabular XML.")


def read_entries() -> Iterator[Entry]:
    """Yield the packaged release in tabular order, parents before their children."""
    yield from read(packaged_file()).entries


def codes_from_package() -> dict[str, bool]:
    """Return every code with its billable flag, straight from the package."""
    return {
        entry.code: entry.is_billable
        for entry in read_entries()
        if entry.kind == IcdEntry.Kind.CODE
    }


def load() -> int:
    """Replace the stored code set of the packaged year; return the number of entries."""
    code_set = CodeSet(code_year=CODE_YEAR, edition=EDITION, source=source_version())
    return store(code_set, list(read_entries()))


@transaction.atomic
def store(code_set: CodeSet, entries: list[Entry]) -> int:
    """Save a year's release in place of what was loaded of it; return its entries' number.

    ``code_set`` is unsaved and says where the release comes from; its dates are those of
    its fiscal year.
    """
    CodeSet.objects.filter(code_year=code_set.code_year).delete()
    code_set.effective_from, code_set.effective_to = fiscal_year_days(code_set.code_year)
    code_set.save(force_insert=True)
    rows: list[IcdEntry] = []
    notes: list[IcdNote] = []
    for position, entry in zip(count(), entries):
        rows.append(
            IcdEntry(
                code_set=code_set,
                code=entry.code,
                parent_code=entry.parent_code,
                kind=entry.kind,
                title=entry.title,
                is_billable=entry.is_billable,
                position=position,
            )
        )
        notes.extend(
            IcdNote(code_set=code_set, code=entry.code, kind=kind, text=text, position=place)
            for place, (kind, text) in enumerate(entry.notes)
        )
    IcdEntry.objects.bulk_create(rows, batch_size=BATCH)
    IcdNote.objects.bulk_create(notes, batch_size=BATCH)
    return len(rows)


def stored_entries(code_set: CodeSet) -> list[Entry]:
    """Return a stored release as it was read. Two statements."""
    notes: dict[str, list[tuple[IcdNote.Kind, str]]] = {}
    for note in IcdNote.objects.filter(code_set=code_set).order_by("code", "position"):
        notes.setdefault(note.code, []).append((IcdNote.Kind(note.kind), note.text))
    return [
        Entry(
            row.code,
            row.parent_code,
            IcdEntry.Kind(row.kind),
            row.title,
            row.is_billable,
            notes.get(row.code, []),
        )
        for row in code_set.entries.order_by("position")
    ]
