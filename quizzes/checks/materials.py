"""What item checks read besides the items: code books, tabular lists, reference files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prepsite.codes import hcpcs, icd10cm
from prepsite.codes.models import CodeSet, IcdEntry
from prepsite.codes.notes import NoteBook, notebook_of, notebooks_from_database
from prepsite.codes.systems import codes_in
from prepsite.codes.validity import CodeBook, book_from_database
from quizzes.checks.reference import Reference
from quizzes.contentfiles import FiledItem
from quizzes.itemspec import ItemSpec


@dataclass(frozen=True)
class Materials:
    """The codes of all loaded years, their titles and notes, and the reference files if given."""

    book: CodeBook
    notebooks: Mapping[int, NoteBook] = field(default_factory=dict)
    reference: Reference | None = None

    def notebook(self, item: FiledItem) -> NoteBook:
        """Return the tabular list of the item's code year, an empty one if it is not loaded."""
        return self.notebooks.get(item.spec.code_year) or NoteBook()


def codes_of(spec: ItemSpec) -> set[str]:
    """Return every code that an item names, in its options or in prose."""
    named = {code for option in spec.options.values() for code in option.codes}
    return named | {code for _, text in spec.texts() for code, _ in codes_in(text)}


def from_database(specs: Iterable[ItemSpec], reference: Reference | None = None) -> Materials:
    """Return what the database knows of the codes that these items name. Six statements."""
    named = {code for spec in specs for code in codes_of(spec)}
    return Materials(book_from_database(named), notebooks_from_database(named), reference)


def from_files(reference: Reference | None = None) -> Materials:
    """Return everything straight from package and table, without a database."""
    entries = list(icd10cm.read_entries())
    codes = {entry.code: entry.is_billable for entry in entries if entry.kind == IcdEntry.Kind.CODE}
    year = icd10cm.CODE_YEAR
    book = CodeBook({year: codes}, hcpcs.spans_from_table())
    return Materials(book, {year: notebook_of(entries)}, reference)


def for_checks(
    specs: Iterable[ItemSpec], *, use_database: bool, reference: Reference | None = None
) -> Materials:
    """Return the loaded codes, or the files' where nothing is loaded."""
    if use_database and CodeSet.objects.exists():
        return from_database(specs, reference)
    return from_files(reference)
