"""Reading the content files of ``careers/data``: all of them right, or a ContentError."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from careers.estimator.orders import Step, closes_circle
from careers.mentions import faults_of_names
from careers.oews.entries import read_entries
from careers.oews.sheets import open_sheet
from careers.oews.table import read_table
from careers.schema import (
    KINDS,
    AreaItem,
    CredentialStepItem,
    FigureItem,
    Item,
    Kind,
    SectionItem,
    SourcedItem,
)
from prepsite.content.files import ContentError, read_yaml

DATA = Path(__file__).resolve().parent / "data"
# Fields that may be absent altogether.
OPTIONAL = ("quoted_in", "checked_on", "review_by")
# What the head of a file can state for all entries that have a source.
SHARED = {"source", "as_of", *OPTIONAL}
type Items = dict[str, list[Item]]


def content_files(folder: Path = DATA) -> list[Path]:
    """Return all files that hold content."""
    tables = [folder / kind.tables for kind in KINDS if kind.tables]
    return [
        *folder.glob("*.yaml"),
        *(
            path
            for table in tables
            for suffix in ("yaml", "csv")
            for path in table.glob(f"*.{suffix}")
        ),
    ]


def read_files(folder: Path = DATA) -> Items:
    """Return the entries of every file by kind; needs no database.

    Raises ContentError that lists every fault with its file, item and field.
    """
    problems: list[str] = []
    items: Items = {}
    for kind in KINDS:
        try:
            path = kind.path_in(folder)
            if kind.tables:
                items[kind.name] = _read_tables(path, items["areas"])
            else:
                items[kind.name] = _read_kind(kind, path)
        except ContentError as error:
            problems.append(str(error))
            items[kind.name] = []
    known = {kind.name for kind in KINDS if not kind.tables}
    problems += [
        f"{path}: no kind of content has this name"
        for path in sorted(folder.glob("*.yaml"))
        if path.stem not in known
    ]
    # With a broken file every reference to it would look wrong as well.
    if not problems:
        problems = [
            *_unknown_references(items, folder),
            *_unknown_figures(items, folder),
            *_repeated_blocks(items, folder),
            *_circular_steps(items, folder),
        ]
    if problems:
        raise ContentError("\n".join(problems))
    return items


def _read_kind(kind: Kind, path: Path) -> list[Item]:
    if not path.exists():
        raise ContentError(f"{path}: the file is missing")
    entries, defaults = _entries_of(kind, path, read_yaml(path))
    items: list[Item] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        where = f"{path}: item {number}"
        if not isinstance(entry, dict):
            problems.append(f"{where}: must be a mapping of fields")
            continue
        where = f"{path}: item {entry.get('slug', number)!r}"
        try:
            item = kind.schema.model_validate(_with_defaults(entry, defaults))
        except ValidationError as error:
            problems += [f"{where}: {line}" for line in _faults(error)]
            continue
        if item.slug in seen:
            problems.append(f"{where}: slug: stands twice in this file")
        seen.add(item.slug)
        items.append(item)
    if problems:
        raise ContentError("\n".join(problems))
    return items


def _read_tables(folder: Path, areas: Sequence[Item]) -> list[Item]:
    """Return the rows of all tables of the wage survey; a head stands beside each."""
    known = [area for area in areas if isinstance(area, AreaItem)]
    if not known:
        # The file of the areas is wrong, and that is reported already.
        return []
    items: list[Item] = []
    for path in sorted({found.with_suffix(".csv") for found in folder.iterdir()}):
        defaults = _head_of(path.with_suffix(".yaml"))
        table = read_table(str(path), open_sheet(path).rows, known)
        if table.release is None:
            raise ContentError(f"{path}: the column RELEASE is missing.")
        items += read_entries(str(path), table, table.release, defaults)
    if not items:
        raise ContentError(f"{folder}: holds no table")
    if twice := [slug for slug, count in Counter(item.slug for item in items).items() if count > 1]:
        raise ContentError(f"{folder}: item {twice[0]!r}: stands in two tables")
    return items


def _head_of(path: Path) -> dict[str, str]:
    head = read_yaml(path)
    if not isinstance(head, dict):
        raise ContentError(f"{path}: must be a mapping of fields")
    if unknown := sorted(head.keys() - SHARED):
        raise ContentError(f"{path}: {unknown[0]}: this field may not stand at the head")
    return head


def _entries_of(kind: Kind, path: Path, content: Any) -> tuple[list[Any], dict[str, str]]:
    """Return the items of a file and the values that its head states for all of them."""
    if not isinstance(content, dict) or not isinstance(content.get("items"), list):
        raise ContentError(f"{path}: items: must be a list")
    allowed = set()
    if issubclass(kind.schema, SourcedItem):
        allowed |= SHARED
    if issubclass(kind.schema, FigureItem):
        allowed.add("unit")
    defaults = {name: value for name, value in content.items() if name != "items"}
    if unknown := sorted(defaults.keys() - allowed):
        raise ContentError(f"{path}: {unknown[0]}: this field may not stand at the head")
    return content["items"], defaults


def _with_defaults(entry: dict[str, Any], defaults: dict[str, str]) -> dict[str, Any]:
    """Return an entry completed from the head; an empty field declines what that says."""
    shared = {name: value for name, value in defaults.items() if name != "unit"}
    merged = shared | entry
    merged = {name: value for name, value in merged.items() if value != "" or name not in OPTIONAL}
    amount = merged.get("amount")
    if "unit" in defaults and isinstance(amount, dict):
        merged["amount"] = {"unit": defaults["unit"]} | amount
    return merged


def _faults(error: ValidationError) -> list[str]:
    """Return ``field: what is wrong`` for each fault of an item."""
    lines = []
    for fault in error.errors(include_url=False):
        place = ".".join(str(part) for part in fault["loc"])
        value = f" (it says {fault['input']!r})" if isinstance(fault["input"], str) else ""
        lines.append(f"{place}: {fault['msg']}{value}" if place else fault["msg"])
    return lines


def _unknown_references(items: Items, folder: Path) -> list[str]:
    slugs = {name: {item.slug for item in entries} for name, entries in items.items()}
    return [
        f"{kind.path_in(folder)}: item {item.slug!r}: {field}: "
        f"{getattr(item, field)!r} is not in {target}.yaml"
        for kind in KINDS
        for field, target in kind.references.items()
        for item in items[kind.name]
        if getattr(item, field) is not None and getattr(item, field) not in slugs[target]
    ]


def _unknown_figures(items: Items, folder: Path) -> list[str]:
    """Return the figures that texts name and no file holds."""
    known = {
        name: {item.slug for item in entries if getattr(item, "amount", None)}
        for name, entries in items.items()
    }
    return [
        f"{folder / kind.name}.yaml: item {item.slug!r}: {field}: {fault}"
        for kind in KINDS
        for item in items[kind.name]
        for field in kind.model.prose
        for fault in faults_of_names(getattr(item, field), known)
    ]


def _repeated_blocks(items: Items, folder: Path) -> list[str]:
    shown: dict[str, str] = {}
    return [
        f"{folder / 'sections.yaml'}: item {item.slug!r}: block: {first!r} shows it already"
        for item in items["sections"]
        if isinstance(item, SectionItem)
        and item.block
        and (first := shown.setdefault(item.block, item.slug)) != item.slug
    ]


def _circular_steps(items: Items, folder: Path) -> list[str]:
    steps: list[Step] = []
    problems = []
    for item in items["credential_steps"]:
        if not isinstance(item, CredentialStepItem):
            continue
        where = f"{folder / 'credential_steps.yaml'}: item {item.slug!r}: higher"
        step = (item.lower, item.higher)
        if step in steps:
            problems.append(f"{where}: this step stands twice")
        elif closes_circle(*step, steps):
            problems.append(
                f"{where}: {item.lower!r} ranks above {item.higher!r} already, or is the same"
            )
        else:
            steps.append(step)
    return problems
