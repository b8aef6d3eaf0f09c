"""The guide's three pay tables, read in one statement."""

from collections import defaultdict
from typing import Any

from django.db.models import BooleanField, F, PositiveSmallIntegerField, Value

from careers import models
from careers.models import Figure, Source

# What all figures hold, and what of their sources stands beside them.
SHARED = (
    *("slug", "position", "low", "high", "open_ended", "approximate", "unit"),
    *("as_of", "as_of_precision", "checked_on"),
)
OF_SOURCE = ("slug", "name", "url")
NO_YEARS = Value(None, output_field=PositiveSmallIntegerField())
NO = Value(False, output_field=BooleanField())
# What each table has of its own: two texts, two numbers and a flag, where it has them. The
# salaries stand first, as a union takes its types from there.
OWN: dict[type[Figure], tuple[str | Value, ...]] = {
    models.SalaryFigure: ("label", "statistic", "years_from", "years_to", "in_overview"),
    models.CertificationPay: ("status", "job_access", NO_YEARS, NO_YEARS, NO),
    models.SpecialtyPay: ("specialty", "certification", NO_YEARS, NO_YEARS, "is_general"),
}


class PayRows:
    """Rows of the pay tables in their order, with their sources; not for saving."""

    def __init__(self) -> None:
        self._rows: dict[type[Figure], list[Any]] = defaultdict(list)
        first, *others = (_columns_of(model) for model in OWN)
        models_by_name = {model.__name__: model for model in OWN}
        for name, *values in first.union(*others, all=True).order_by():
            model = models_by_name[name]
            self._rows[model].append(_row(model, values))
        for rows in self._rows.values():
            rows.sort(key=lambda row: (row.position, row.slug))

    def of[M: Figure](self, model: type[M]) -> list[M]:
        """Return the rows of one table."""
        return self._rows[model]


def _columns_of(model: type[Figure]) -> Any:
    sources = (f"{field}__{name}" for field in ("source", "quoted_in") for name in OF_SOURCE)
    own = (F(column) if isinstance(column, str) else column for column in OWN[model])
    rows = model._default_manager.order_by()
    return rows.values_list(Value(model.__name__), *SHARED, *sources, *own)


def _row(model: type[Figure], values: list[Any]) -> Figure:
    shared, rest = values[: len(SHARED)], values[len(SHARED) :]
    source, quoted_in, own = rest[:3], rest[3:6], rest[6:]
    columns = dict(zip(SHARED, shared, strict=True))
    for column, value in zip(OWN[model], own, strict=True):
        if isinstance(column, str):
            columns[column] = value
    return model(
        **columns,
        source=Source(**dict(zip(OF_SOURCE, source, strict=True))),
        quoted_in=(
            Source(**dict(zip(OF_SOURCE, quoted_in, strict=True))) if quoted_in[0] else None
        ),
    )
