"""ICD-10-CM FY 2026 from the package simple-icd-10-cm, which bundles the official XML.

Importing the package takes seconds and some 190 MB, so only this module does it, inside
its functions, and only commands call them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from itertools import count
from types import ModuleType

from django.db import transaction

from prepsite.codes.models import CodeSet, IcdEntry, IcdNote

CODE_YEAR = 2026
EDITION = "April 2026 update"
EFFECTIVE_FROM = date(2025, 10, 1)
EFFECTIVE_TO = date(2026, 9, 30)
BATCH = 2_000


@dataclass(frozen=True)
class Entry:
    """A chapter, block or code with the notes printed under it."""

    code: str
    parent_code: str
    kind: IcdEntry.Kind
    title: str
    is_billable: bool
    notes: list[tuple[IcdNote.Kind, str]] = field(default_factory=list)


def source_version() -> str:
    """Return what identifies the data, to tell whether they are loaded already."""
    return f"simple-icd-10-cm {version('simple-icd-10-cm')}, FY {CODE_YEAR} {EDITION}"


def clean_title(title: str) -> str:
    """Return a title without the second wording of its 7th character.

    The package joins 518 titles to a second one with a slash and a TAB; a slash
    without a TAB ("T/NK-cell") belongs to the title.
    """
    return " ".join(title.partition("/\t")[0].split())


def read_entries() -> Iterator[Entry]:
    """Yield all entries in tabular order, parents before their children."""
    import simple_icd_10_cm as package

    for chapter in [str(number) for number in range(1, 23)]:
        yield _entry(package, chapter, chapter, "", IcdEntry.Kind.CHAPTER, block=False)
        for block in package.get_children(chapter):
            # A block of one category bears the category's name: give it its range.
            name = block if "-" in block else f"{block}-{block}"
            yield _entry(package, block, name, chapter, IcdEntry.Kind.BLOCK, block=True)
            if package.is_block(block):
                for category in package.get_children(block, prioritize_blocks=True):
                    yield from _codes_from(package, category, name)


def _codes_from(package: ModuleType, code: str, parent: str) -> Iterator[Entry]:
    yield _entry(package, code, code, parent, IcdEntry.Kind.CODE, block=False)
    for child in package.get_children(code):
        yield from _codes_from(package, child, code)


def _entry(
    package: ModuleType, name: str, code: str, parent: str, kind: IcdEntry.Kind, *, block: bool
) -> Entry:
    return Entry(
        code=code,
        parent_code=parent,
        kind=kind,
        title=clean_title(package.get_description(name, prioritize_blocks=block)),
        # Twelve blocks without codes look like leaves: only codes can be billable.
        is_billable=kind == IcdEntry.Kind.CODE and package.is_leaf(name),
        notes=list(_notes(package, name, block=block)),
    )


def _notes(package: ModuleType, name: str, *, block: bool) -> Iterator[tuple[IcdNote.Kind, str]]:
    kinds = IcdNote.Kind
    lists = [
        (kinds.INCLUDES, package.get_includes),
        (kinds.INCLUSION_TERM, package.get_inclusion_term),
        (kinds.EXCLUDES1, package.get_excludes1),
        (kinds.EXCLUDES2, package.get_excludes2),
    ]
    for kind, getter in lists:
        for text in getter(name, prioritize_blocks=block):
            yield kind, text
    texts = [
        (kinds.CODE_FIRST, package.get_code_first),
        (kinds.CODE_ALSO, package.get_code_also),
        (kinds.USE_ADDITIONAL, package.get_use_additional_code),
        (kinds.NOTE, package.get_notes),
        (kinds.SEVENTH_CHARACTER, package.get_seven_chr_note),
    ]
    for kind, getter in texts:
        if text := getter(name, prioritize_blocks=block):
            yield kind, text
    for character, meaning in package.get_seven_chr_def(name, prioritize_blocks=block).items():
        yield kinds.SEVENTH_CHARACTER, f"{character}: {meaning}"


def codes_from_package() -> dict[str, bool]:
    """Return every code with its billable flag, straight from the package."""
    return {
        entry.code: entry.is_billable
        for entry in read_entries()
        if entry.kind == IcdEntry.Kind.CODE
    }


@transaction.atomic
def load() -> int:
    """Replace the stored code set of this year with the package's; return its entries."""
    CodeSet.objects.filter(code_year=CODE_YEAR).delete()
    code_set = CodeSet.objects.create(
        code_year=CODE_YEAR,
        edition=EDITION,
        effective_from=EFFECTIVE_FROM,
        effective_to=EFFECTIVE_TO,
        source=source_version(),
    )
    entries: list[IcdEntry] = []
    notes: list[IcdNote] = []
    for position, entry in zip(count(), read_entries()):
        entries.append(
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
    IcdEntry.objects.bulk_create(entries, batch_size=BATCH)
    IcdNote.objects.bulk_create(notes, batch_size=BATCH)
    return len(entries)
