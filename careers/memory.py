"""What files and imports last said of rows, so that an edit by staff can be told from theirs.

Files and imports are remembered apart: a row that only an import made never leaves the files,
and a file that says what it said before does not undo a later import.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import DecimalField, Field, Model

from careers.models import Entry, LoadedRow

type Values = dict[str, str | None]


def of_imports(kind: str) -> str:
    """Return the kind under which stands what imports wrote of a kind's rows."""
    return f"{kind}, imported"


def remember(kind: str, values: Mapping[str, Values]) -> None:
    """Keep values of rows by their keys, in place of what was known of these rows."""
    LoadedRow.objects.bulk_create(
        [LoadedRow(kind=kind, slug=slug, values=row) for slug, row in values.items()],
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["values", "loaded_at"],
    )


def remember_import(
    kind: str, created: Iterable[Entry], changed: Collection[Entry], columns: Collection[str]
) -> None:
    """Keep what an import wrote: whole rows, and some columns of rows that were here.

    A row that staff made stays theirs, and so do the other columns of a row.
    """
    values = {row.slug: values_of(row) for row in created}
    known: dict[str, Values] = {}
    # What an import said comes after what files said.
    for name in (kind, of_imports(kind)):
        rows = LoadedRow.objects.filter(kind=name, slug__in=[row.slug for row in changed])
        known |= dict(rows.values_list("slug", "values"))
    for row in changed:
        if row.slug in known:
            now = values_of(row)
            values[row.slug] = known[row.slug] | {name: now[name] for name in columns}
    remember(of_imports(kind), values)


def differing(values: Values, before: Values) -> list[str]:
    """Return the columns that differ; one that a migration added since is not an edit."""
    return [name for name in values if name in before and values[name] != before[name]]


def values_of(row: Model) -> Values:
    """Return what staff or files can state about a row, as comparable text."""
    return {
        column.name: _text(getattr(row, column.attname), column)
        for column in row._meta.concrete_fields
        if column.editable and not column.primary_key
    }


def _text(value: Any, column: Field) -> str | None:
    if value is None:
        return None
    if isinstance(column, DecimalField):
        # 58000 in a file is 58000.00 in the database. Cents are what memories hold at least.
        return f"{value:.{max(2, column.decimal_places or 0)}f}"
    return str(value)
