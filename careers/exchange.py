"""Figures and texts as rows of a table, through the schema of the content files."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as Invalid
from django.db.models import Max, QuerySet
from pydantic import ValidationError

from careers import mentions
from careers.loading import POSITION_STEP
from careers.models import Entry
from careers.schema import KINDS, Amount, Item, Kind, Span
from prepsite.content.exchange.resource import Cells, RowFault, TableResource

AMOUNT = tuple(Amount.model_fields)
MAX_POSITION = 2_147_483_647
# What the ends of a span are called in a file and in a table.
ENDS = {"first": "from", "last": "to"}
LENGTH_OF_DATE = {"year": 4, "month": 7, "day": 10}

# Pydantic's kinds of errors that it words for programmers.
WORDS = {
    "missing": "is empty.",
    "string_too_short": "is empty.",
    "decimal_parsing": "write a number such as 48780 or 23.45.",
    "int_parsing": "write a whole number.",
    "int_parsing_size": "write a whole number.",
    "bool_parsing": "write yes or no.",
    "date_from_datetime_parsing": "write a date as 2027-04-30.",
    "date_parsing": "write a date as 2027-04-30.",
    "string_pattern_mismatch": "write lower-case letters, numbers and single hyphens.",
}


def kind_of(model: type[Entry]) -> Kind:
    """Return the kind of content that fills a model."""
    return next(kind for kind in KINDS if kind.model is model)


class EntryResource(TableResource[Entry, Entry]):
    """The rows of one table of the guide; what they refer to is named by its key."""

    def __init__(self, kind: Kind, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        fields = {
            column: field.is_required()
            for name, field in kind.schema.model_fields.items()
            for column in _columns_of(kind.schema, name)
        }
        needless = {"high", "open_ended", "approximate", "years_to", "period_to"}
        self.columns = (*fields, "position")
        self.optional = (
            *(name for name, required in fields.items() if name in needless or not required),
            "position",
        )
        self.next_position = 0

    @cached_property
    def ids(self) -> dict[str, dict[str, int]]:
        """The ids of the rows that this table refers to, by field and key."""
        models = {kind.name: kind.model for kind in KINDS}
        found = {
            target: dict(models[target]._default_manager.values_list("slug", "pk"))
            for target in set(self.kind.references.values())
        }
        return {name: found[target] for name, target in self.kind.references.items()}

    @cached_property
    def slugs(self) -> dict[str, dict[int | None, str]]:
        """The reverse: the key of each id, and none for no row."""
        return {
            name: {None: "", **{pk: slug for slug, pk in ids.items()}}
            for name, ids in self.ids.items()
        }

    def export_rows(self) -> QuerySet[Entry]:
        rows: QuerySet[Entry] = self.kind.model._default_manager.order_by("position", "slug")
        return rows

    def prepare(self, keys: set[str]) -> dict[str, Entry]:
        rows = self.export_rows()
        self.next_position = rows.aggregate(last=Max("position"))["last"] or 0
        if self.writing:
            rows = rows.select_for_update()
        return {row.slug: row for row in rows.filter(slug__in=keys)}

    def cells_of(self, stored: Entry) -> dict[str, Any]:
        cells = {}
        without_amount = "low" in self.columns and stored.low is None  # type: ignore[attr-defined]
        for name in self.columns:
            if name in self.ids:
                cells[name] = self.slugs[name][getattr(stored, f"{name}_id")]
            elif name in AMOUNT and without_amount:
                cells[name] = ""
            else:
                cells[name] = _text(getattr(stored, name))
        if "as_of" in cells:
            precision = stored.as_of_precision  # type: ignore[attr-defined]
            cells["as_of"] = cells["as_of"][: LENGTH_OF_DATE[precision]]
        return cells

    def cells_wanted(self, wanted: Entry) -> dict[str, Any]:
        return self.cells_of(wanted)

    def read(self, cells: Cells, stored: Entry | None) -> Entry:
        """Return the row that a file describes, unsaved; a column left out changes nothing."""
        stated = {name: str(value).strip() for name, value in cells.items()}
        whole = (self.cells_of(stored) if stored else {}) | stated
        problems: list[tuple[str, str]] = []
        try:
            columns = self.kind.schema.model_validate(self._entry(whole)).columns()
        except ValidationError as error:
            problems = [_problem(fault) for fault in error.errors(include_url=False)]
            columns = {}
        for name, ids in self.ids.items():
            slug = columns.pop(name, whole.get(name))
            if slug and slug not in ids:
                target = self.kind.references[name].replace("_", " ")
                problems.append((name, f"there is no {slug!r} among the {target}."))
            columns[f"{name}_id"] = ids.get(slug) if slug else None
        position = whole.get("position", "")
        if position and not (position.isascii() and position.isdigit() and len(position) < 10):
            problems.append(("position", "write a whole number."))
        if problems:
            raise RowFault(*dict.fromkeys(problems))
        row = self.kind.model(position=int(position or 0), **columns)
        if stored is not None:
            row.pk, row._state.adding = stored.pk, False
            row.position = int(position) if position else stored.position
        elif not position:
            self.next_position += POSITION_STEP
            row.position = self.next_position
        return row

    def _entry(self, cells: Cells) -> dict[str, Any]:
        """Return a row's cells as an item of its content file."""
        entry: dict[str, Any] = {}
        schema = self.kind.schema
        for name in schema.model_fields:
            names = _columns_of(schema, name)
            said = {column: cells[column] for column in names if cells.get(column)}
            if names == (name,):
                entry |= said
            elif name == "amount" and (said or schema.model_fields[name].is_required()):
                entry[name] = said
            elif said:
                entry[name] = {
                    end: said[f"{name}_{column}"]
                    for end, column in ENDS.items()
                    if f"{name}_{column}" in said
                }
        return entry

    def label_of(self, wanted: Entry) -> str:
        return str(wanted)

    def write(self, wanted: Entry, stored: Entry | None) -> Entry:
        try:
            mentions.full_clean(wanted)
        except Invalid as error:
            raise RowFault(*_problems_of(error)) from error
        wanted._change_reason = self.reason  # type: ignore[attr-defined]
        wanted._history_user = self.by  # type: ignore[attr-defined]
        wanted.save()
        return wanted


def _columns_of(schema: type[Item], name: str) -> tuple[str, ...]:
    """Return the columns that hold a field of the schema."""
    if name == "amount":
        return AMOUNT
    if schema.model_fields[name].annotation in (Span, Span | None):
        return tuple(f"{name}_{column}" for column in ENDS.values())
    return (name,)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def _problem(fault: Any) -> tuple[str, str]:
    """Return the column and the words of one of pydantic's errors."""
    place = [str(part) for part in fault["loc"]]
    message = fault["msg"].removeprefix("Value error, ")
    message = re.sub(r"^(Input|String|Value) should ", "must ", message)
    column = place[0] if place else ""
    if column == "amount":
        column = place[1] if len(place) > 1 else "high"
    elif column in ("years", "period"):
        end = ENDS[place[1]] if len(place) > 1 else "from"
        column = f"{column}_{end}"
    elif not place and ": " in message:
        column, message = message.split(": ", 1)
    return column, WORDS.get(fault["type"], message)


def _problems_of(error: Invalid) -> Iterator[tuple[str, str]]:
    for name, messages in error.message_dict.items():
        for message in messages:
            yield "" if name == NON_FIELD_ERRORS else name, message
