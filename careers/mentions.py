"""Which texts name which figures, and whether what they name is there.

A text names a figure as ``[[kind:key]]``. Forms, imports and files refuse one that is not
there, and a figure that a text names cannot be taken away. One that staff deleted may be
named by a text that the files bring later: the page says so, and the loader reports it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from careers.fieldtypes import holds_no_figure
from careers.models import Entry, OptionalFigure
from careers.references import MODELS, REFERENCE, references_in
from careers.schema import KINDS

type Name = tuple[str, str]

_BRACKETS = re.compile(r"\[\[.*?(?:\]\]|$)", re.MULTILINE)
_TEXTS = [kind.model for kind in KINDS if kind.model.prose]


def misspelled_in(text: str) -> list[str]:
    """Return what stands in double brackets and is no reference."""
    return [found for found in _BRACKETS.findall(text) if not REFERENCE.fullmatch(found)]


def faults_of_names(text: str, known: Mapping[str, Collection[str]]) -> list[str]:
    """Return what is wrong with the references of a text.

    ``known`` holds the keys of the figures that have an amount, by kind.
    """
    faults = [f"{name}: write a figure as [[kind:key]]." for name in misspelled_in(text)]
    for kind, slug in references_in(text):
        if kind not in MODELS:
            kinds = ", ".join(sorted(MODELS))
            faults.append(f"[[{kind}:{slug}]]: there is no kind {kind!r}. The kinds are {kinds}.")
        elif slug not in known.get(kind, ()):
            faults.append(f"[[{kind}:{slug}]]: there is no figure {slug!r} among the {kind}.")
    return list(dict.fromkeys(faults))


def faults_of(row: Entry, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what stands against saving these values of a row, by field.

    A figure in a text that has no row of its own, a figure named that is not there, and
    an amount taken away from a figure that a text names.
    """
    texts = {name: values[name] for name in row.prose if values.get(name)}
    known = _known(name for text in texts.values() for name in references_in(text))
    faults = {}
    for field, text in texts.items():
        found = faults_of_names(text, known)
        try:
            holds_no_figure(text)
        except ValueError as error:
            found.insert(0, f"{error}.")
        if found:
            faults[field] = found
    if isinstance(row, OptionalFigure) and row.pk and values.get("low", row.low) is None:
        naming = texts_naming(names_of([row]))
        if naming:
            faults["low"] = [
                f"{text} names this figure: take it out of that text first." for text in naming
            ]
    return faults


def full_clean(row: Entry) -> None:
    """Check a row whole, as its form does; raises ValidationError."""
    row.full_clean()
    if faults := faults_of(row, vars(row)):
        raise ValidationError(faults)


def _known(names: Iterable[Name]) -> dict[str, set[str]]:
    """Return those of the names that stand for a figure with an amount; one statement a kind."""
    asked: dict[str, set[str]] = {}
    for kind, slug in names:
        if kind in MODELS:
            asked.setdefault(kind, set()).add(slug)
    return {
        kind: set(
            MODELS[kind]
            ._default_manager.filter(slug__in=slugs, low__isnull=False)
            .values_list("slug", flat=True)
        )
        for kind, slugs in asked.items()
    }


def gaps() -> list[str]:
    """Return where texts name a figure that is not there or has no amount, one line for each."""
    naming = [
        (f"{kind.name}: {row.slug}", name)
        for kind in KINDS
        if kind.model.prose
        for row in kind.model._default_manager.all()
        for name in dict.fromkeys(
            name for field in kind.model.prose for name in references_in(getattr(row, field))
        )
    ]
    known = _known(name for _, name in naming)
    return [
        f"{text}: names [[{kind}:{slug}]], which is not there"
        for text, (kind, slug) in naming
        if slug not in known.get(kind, ())
    ]


def names_of(rows: Iterable[Any]) -> set[Name]:
    """Return how texts name these rows, as far as they can."""
    kinds = {model: kind for kind, model in MODELS.items()}
    return {(kinds[type(row)], row.slug) for row in rows if type(row) in kinds}


def texts_naming(names: Collection[Name]) -> list[Entry]:
    """Return the pages, sections and questions that name one of these figures."""
    if not names:
        return []
    return [
        row
        for model in _TEXTS
        for row in model._default_manager.all()
        if any(
            name in names for field in model.prose for name in references_in(getattr(row, field))
        )
    ]
