"""Data of the checks: codes written as numbers and spans, with what holds for them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from prepsite.content.files import read_yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class CodeSet:
    """Codes written as ``C51-C58 Z12.4 99381-99387 -XE``.

    Categories and subcategories of ICD-10-CM stand for all codes below them.
    """

    spans: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return the codes that are written so, separated by spaces."""
        spans = []
        for part in written.split():
            first, dash, last = part.rpartition("-")
            spans.append((first, last) if dash and first else (part, part))
        return cls(tuple(spans))

    def __contains__(self, code: str) -> bool:
        return any(
            first <= code[: len(first)] and code[: len(last)] <= last
            for first, last in self.spans
            if _has_levels(first) == _has_levels(code)
        )


def _has_levels(code: str) -> bool:
    """Tell ICD-10-CM, where a code stands for those below it, from five-character codes."""
    return "." in code or len(code) == 3


@cache
def table(name: str) -> Any:
    """Return a data file of the checks, read once; all scalars are strings."""
    return read_yaml(DATA / name)


@cache
def code_set(written: str) -> CodeSet:
    """Return the codes that are written so, parsed once."""
    return CodeSet.parse(written)
