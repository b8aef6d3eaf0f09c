"""What becomes of each row of a file: one decision for the preview and for the import."""

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.text import Truncator
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result, RowResult

from prepsite.content.exchange.formats import FileFault, Table, as_text

# As much of a new row as its editor needs to know it again.
LABEL_LENGTH = 160

type Cells = Mapping[str, Any]


class Conflict(StrEnum):
    """What to do with a row whose like is here already and differs."""

    KEEP = "keep"
    TAKE = "take"
    REFUSE = "refuse"


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT = "left"
    REFUSED = "refused"


class RowFault(Exception):
    """A row cannot be imported: ``problems`` are pairs of a column, or "", and a reason."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__("; ".join(": ".join(filter(None, problem)) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Change:
    """A column before and after."""

    column: str
    old: str
    new: str

    def words(self) -> list[tuple[str, str]]:
        """Return the text in pieces, each ``same``, ``old`` or ``new``."""
        old, new = (re.findall(r"\S+\s*|\s+", text) for text in (self.old, self.new))
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        pieces = []
        for name, a, b, c, d in matcher.get_opcodes():
            if name == "equal":
                pieces.append(("same", "".join(old[a:b])))
            else:
                pieces += [("old", "".join(old[a:b])), ("new", "".join(new[c:d]))]
        return [(kind, text) for kind, text in pieces if text]


@dataclass(frozen=True)
class RowReport:
    """What a preview promises about a row, or an import did with it."""

    number: int
    key: str
    verdict: Verdict
    problems: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()
    pk: int | None = None
    label: str = ""
    # What the number counts, and what was put in for what the file does not say.
    unit: str = "Row"
    remarks: tuple[tuple[str, str], ...] = ()


class Outcome(RowResult):
    """import-export's result of a row, with our report."""

    report: RowReport


TYPES = {
    Verdict.NEW: RowResult.IMPORT_TYPE_NEW,
    Verdict.CHANGED: RowResult.IMPORT_TYPE_UPDATE,
}


class Outcomes(Result):
    """The results of all rows."""

    @property
    def reports(self) -> list[RowReport]:
        return [row.report for row in self.rows]

    def counts(self) -> dict[str, int]:
        """Return how many rows met each verdict, in the order of ``Verdict``."""
        counted = Counter(report.verdict for report in self.reports)
        return {verdict.value: counted[verdict] for verdict in Verdict}

    def digest(self) -> str:
        """Return a digest of what was said about the rows; new ids are not in it."""
        said = [(r.number, r.key, r.verdict, r.problems, r.changes) for r in self.reports]
        return hashlib.sha256(repr(said).encode()).hexdigest()


class TableResource[Wanted, Stored: Model](Resource):
    """A table of one kind: its columns, and how a row is read, compared and written.

    Subclasses say what ``prepare``, ``read``, ``cells_of`` and ``write`` do.
    """

    class Meta:
        # ``prepare`` finds what is here, for all rows at once.
        instance_loader_class = BaseInstanceLoader

    key = "slug"
    # All columns in the order of the export.
    columns: tuple[str, ...] = ()
    # A file may do without these.
    optional: tuple[str, ...] = ()
    # In the export, and passed over in an import.
    shown_only: tuple[str, ...] = ()
    # These can be lists or objects in JSON; ``json_only`` are left out of CSV.
    structured: tuple[str, ...] = ()
    json_only: tuple[str, ...] = ()
    # Whether rows can stand in each other's way. If not, a preview tries each by itself
    # and never keeps other writers waiting for long.
    rows_interact = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self.by = kwargs.get("by")
        self.conflict = Conflict(kwargs.get("conflict", Conflict.KEEP))
        self.reason = kwargs.get("reason", "")
        self.table: Table
        # Whether this is the import itself: what it compares with must not change meanwhile.
        self.writing = False
        self.rows_of_key: dict[str, list[int]] = {}
        self.stored: dict[str, Stored] = {}

    # --- what subclasses say ------------------------------------------------------

    def export_rows(self) -> QuerySet[Any]:
        """Return all rows with what ``cells_of`` reads of them."""
        raise NotImplementedError

    def prepare(self, keys: set[str]) -> dict[str, Stored]:
        """Return what is here under these keys, and read what all rows will need."""
        raise NotImplementedError

    def read(self, cells: Cells, stored: Stored | None) -> Wanted:
        """Return what a row asks for; raises RowFault."""
        raise NotImplementedError

    def complete(
        self, cells: Cells, stored: Stored | None
    ) -> tuple[Cells, tuple[tuple[str, str], ...]]:
        """Return a row of a sparse table with its gaps filled, and remarks on them.

        Raises RowFault.
        """
        raise NotImplementedError

    def cells_of(self, stored: Stored) -> dict[str, Any]:
        """Return a row as an export holds it."""
        raise NotImplementedError

    def cells_wanted(self, wanted: Wanted) -> dict[str, Any]:
        """Return what a row asks for as an export would hold it."""
        raise NotImplementedError

    def label_of(self, wanted: Wanted) -> str:
        """Return the words by which an editor knows a new row."""
        raise NotImplementedError

    def write(self, wanted: Wanted, stored: Stored | None) -> Stored:
        """Save a row; raises RowFault where a rule is against it."""
        raise NotImplementedError

    # --- import-export's part -----------------------------------------------------

    @classmethod
    def get_result_class(cls) -> type[Outcomes]:
        return Outcomes

    @property
    def required(self) -> list[str]:
        """The columns that a file must have."""
        spare = {*self.optional, *self.shown_only}
        return [name for name in self.columns if name not in spare]

    def get_export_headers(self, selected_fields: Any = None, **kwargs: Any) -> list[str]:
        return list(self.columns)

    def export(self, queryset: Any = None, **kwargs: Any) -> Table:
        """Return the table of these rows, or of all."""
        rows = self.export_rows()
        if queryset is not None:
            rows = rows.filter(pk__in=queryset.order_by().values("pk"))
        names = list(self.columns)
        if kwargs.get("structured"):
            names += self.json_only
        cells = [self.cells_of(row) for row in self.iter_queryset(rows)]
        return Table.of(names, [[row[name] for name in names] for row in cells], [], {})

    def check_columns(self, found: list[str]) -> None:
        """Raise FileFault that names the columns that are missing and those not known."""
        known = {*self.columns, *self.json_only}
        missing = [name for name in self.required if name not in found]
        unknown = [name for name in found if name not in known]
        complaints = []
        if missing:
            complaints.append(f"Missing columns: {', '.join(missing)}.")
        if unknown:
            complaints.append(f"Unknown columns: {', '.join(unknown)}.")
        if complaints:
            raise FileFault(" ".join(complaints))

    def import_data(self, dataset: Table, dry_run: bool = False, **kwargs: Any) -> Outcomes:
        """Decide about every row and, without ``dry_run``, write in one transaction.

        Raises FileFault where the columns or all rows are missing.
        """
        self.check_columns(dataset.headers or [])
        if not len(dataset):
            raise FileFault("The file has columns, but no rows.")
        self.table = dataset
        self.writing = not dry_run
        if dry_run and not self.rows_interact:
            return self.import_data_inner(dataset, True, True, False, False, **kwargs)
        return super().import_data(
            dataset, dry_run=dry_run, raise_errors=True, use_transactions=True, **kwargs
        )

    def before_import(self, dataset: Table, **kwargs: Any) -> None:
        place = (dataset.headers or []).index(self.key)
        for index, (number, row) in enumerate(zip(dataset.numbers, dataset, strict=True)):
            if isinstance(row[place], str) and index not in dataset.faults:
                self.rows_of_key.setdefault(row[place].strip(), []).append(number)
        self.stored = self.prepare(set(self.rows_of_key))

    def _check_import_id_fields(self, headers: Any) -> None:
        """Ask nothing more: ``check_columns`` did."""

    def import_row(
        self, row: Cells, instance_loader: Any, dry_run: bool = False, **kwargs: Any
    ) -> Outcome:
        place = kwargs["row_number"] - 1
        alone = dry_run and not kwargs["using_transactions"]
        number = self.table.numbers[place]
        key = row[self.key].strip() if isinstance(row[self.key], str) else ""
        outcome = Outcome()
        remarks: tuple[tuple[str, str], ...] = ()
        try:
            if fault := self.table.faults.get(place):
                raise RowFault(("", fault))
            if self.table.is_sparse:
                row, remarks = self.complete(row, self.stored.get(key))
            report = self._decide(number, key, row, outcome, alone=alone)
        except RowFault as fault:
            report = RowReport(number, key, Verdict.REFUSED, fault.problems)
        report = replace(report, unit=self.table.unit, remarks=remarks)
        outcome.report = report
        outcome.import_type = TYPES.get(report.verdict, RowResult.IMPORT_TYPE_SKIP)
        return outcome

    def _decide(
        self, number: int, key: str, row: Cells, outcome: Outcome, *, alone: bool
    ) -> RowReport:
        self._check_row(number, key, row)
        stored = self.stored.get(key)
        before = self.cells_of(stored) if stored is not None else {}
        if stored is not None and all(before.get(name) == value for name, value in row.items()):
            return RowReport(number, key, Verdict.UNCHANGED, pk=stored.pk)
        wanted = self.read(row, stored)
        changes: tuple[Change, ...] = ()
        if stored is not None:
            after = self.cells_wanted(wanted)
            changes = tuple(
                Change(name, as_text(before[name]), as_text(after[name]))
                for name in after
                if before[name] != after[name]
            )
            if not changes:
                return RowReport(number, key, Verdict.UNCHANGED, pk=stored.pk)
            if self.conflict is Conflict.KEEP:
                return RowReport(number, key, Verdict.LEFT, changes=changes, pk=stored.pk)
            if self.conflict is Conflict.REFUSE:
                names = ", ".join(change.column for change in changes)
                raise RowFault((self.key, f"is here already and differs in {names}."))
        instance = self._try_to_write(wanted, stored, alone=alone)
        outcome.instance = instance
        outcome.add_instance_info(instance)
        if stored is not None:
            return RowReport(number, key, Verdict.CHANGED, changes=changes, pk=instance.pk)
        label = Truncator(self.label_of(wanted)).chars(LABEL_LENGTH)
        return RowReport(number, key, Verdict.NEW, pk=instance.pk, label=label)

    def _check_row(self, number: int, key: str, row: Cells) -> None:
        """Raise RowFault for a key that is missing or repeated, and for a list in a text."""
        odd = [
            (name, "must be a text, a number or yes or no.")
            for name, value in row.items()
            if not isinstance(value, str) and name not in self.structured
        ]
        if odd:
            raise RowFault(*odd)
        if not key:
            raise RowFault((self.key, "is empty."))
        rows = self.rows_of_key[key]
        if len(rows) > 1:
            others = ", ".join(str(other) for other in rows if other != number)
            unit = self.table.unit.lower()
            raise RowFault((self.key, f"{key} stands in {unit} {others} as well."))

    def _try_to_write(self, wanted: Wanted, stored: Stored | None, *, alone: bool) -> Stored:
        try:
            with transaction.atomic():
                instance = self.write(wanted, stored)
                if alone:
                    transaction.set_rollback(True)
        except (DataError, IntegrityError) as error:
            raise RowFault(("", "The database does not take this row.")) from error
        return instance
