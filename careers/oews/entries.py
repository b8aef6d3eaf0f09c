"""Estimates as entries of the kind ``wages``, checked by its schema."""

import datetime as dt
from collections.abc import Mapping

from pydantic import ValidationError

from careers.oews.layout import Layout
from careers.oews.table import Estimate, Table, report
from careers.schema import WageItem
from prepsite.content.files import ContentError

# Pydantic's kinds of errors, worded for people.
WORDS = {
    "greater_than": "must be above zero.",
    "greater_than_equal": "must be above zero.",
    "int_parsing": "must be a whole number.",
    "int_from_float": "must be a whole number.",
    "decimal_max_places": "has more decimals than BLS prints.",
    "decimal_max_digits": "is larger than any that BLS prints.",
    "decimal_whole_digits": "is larger than any that BLS prints.",
    "less_than_equal": "is larger than any that BLS prints.",
}


def slug_of(area: str, release: dt.date) -> str:
    """Return the key of an area's row in a release."""
    return f"{area}-{release:%Y-%m}"


def read_entries(
    name: str, table: Table, release: dt.date, shared: Mapping[str, str]
) -> list[WageItem]:
    """Return a table's rows as entries; ``shared`` is what all say of source and dates.

    Raises ContentError that names each fault by file, row and column.
    """
    items: list[WageItem] = []
    faults: list[str] = []
    for estimate in table.estimates:
        entry = {
            "slug": slug_of(estimate.area.slug, release),
            "area": estimate.area.slug,
            "release": release.isoformat(),
            "notes": estimate.notes,
            **estimate.numbers,
        }
        try:
            items.append(WageItem.model_validate({**shared, **entry}))
        except ValidationError as error:
            faults += [f"{name}: {line}" for line in _faults(error, estimate, table.layout)]
    if faults:
        raise ContentError(report(faults))
    return items


def _faults(error: ValidationError, estimate: Estimate, layout: Layout) -> list[str]:
    lines = []
    for fault in error.errors(include_url=False):
        message = WORDS.get(fault["type"], fault["msg"].removeprefix("Value error, "))
        column = str(fault["loc"][0]) if fault["loc"] else ""
        if not column:
            column, _, message = message.partition(": ")
        if column in layout.numbers:
            value = f"{estimate.numbers[column]} " if fault["loc"] else ""
            place = f"row {estimate.row}, column {layout.numbers[column].upper()}"
            lines.append(f"{place} ({estimate.area.name}): {value}{message}")
        else:
            # What all rows share was said by whoever called.
            lines.append(f"row {estimate.row}: {column}: {message}")
    return lines
