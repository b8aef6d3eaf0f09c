"""Which figures are due for a look at a newer source."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet, Value

from careers.models import Entry, Sourced, Wage
from careers.oews.latest import shown

SOON = timedelta(days=60)


def sourced_models() -> list[type[Sourced]]:
    """Return the models whose rows have a source and a review date."""
    models = apps.get_app_config("careers").get_models()
    return [model for model in models if issubclass(model, Sourced)]


def may(user: Any, action: str, model: type[Entry]) -> bool:
    """Tell whether a user may view or change the rows of a model in the admin."""
    return bool(user.has_perm(f"careers.{action}_{model._meta.model_name}"))


def due_rows(models: Iterable[type[Sourced]], until: date) -> list[tuple[str, int, date]]:
    """Return model name, id and review date of rows due by a day, in one statement."""
    queries = [
        _reviewed(model)
        .filter(review_by__lte=until)
        .order_by()
        .values_list(Value(model._meta.model_name), "pk", F("review_by"))
        for model in models
    ]
    if not queries:
        return []
    return list(queries[0].union(*queries[1:], all=True).order_by())


def _reviewed(model: type[Sourced]) -> QuerySet[Any]:
    """Return the rows of a model that may become due; nobody looks after a former release."""
    return shown() if model is Wage else model._default_manager.all()


def in_a_year(today: date) -> date:
    """Return the same day next year; the day before for 29 February."""
    try:
        return today.replace(year=today.year + 1)
    except ValueError:
        return today.replace(year=today.year + 1, day=28)


@dataclass(frozen=True)
class DueTable:
    """Rows of one table, the longest due first."""

    title: str
    model_name: str
    rows: list[Sourced]


def due_tables(models: Iterable[type[Sourced]], until: date) -> list[DueTable]:
    """Return the tables with rows due by a day; costs one statement, and one for each table."""
    by_name = {str(model._meta.model_name): model for model in models}
    keys: dict[str, list[int]] = {}
    for name, pk, _ in due_rows(by_name.values(), until):
        keys.setdefault(name, []).append(pk)
    return [
        DueTable(
            str(model._meta.verbose_name_plural),
            name,
            list(
                model._default_manager.filter(pk__in=keys[name])
                .select_related(*model.page_relations)
                .order_by("review_by", "position")
            ),
        )
        for name, model in by_name.items()
        if name in keys
    ]


def split_at(tables: list[DueTable], today: date) -> tuple[list[DueTable], list[DueTable]]:
    """Divide tables into rows past their review date, and rows that are due later."""

    def only(past: bool) -> list[DueTable]:
        parts = [
            replace(table, rows=[row for row in table.rows if (row.review_by < today) == past])  # type: ignore[operator]
            for table in tables
        ]
        return [part for part in parts if part.rows]

    return only(True), only(False)
