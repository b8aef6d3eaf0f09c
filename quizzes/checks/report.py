"""The bank's files checked: what is wrong with them, and how many items there are of what."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from prepsite.codes.systems import CodeSystem, codes_in, system_of
from prepsite.content.files import ContentError
from quizzes.checks import BANK_CHECKS, ITEM_CHECKS, SCHEMA
from quizzes.checks.materials import Materials, for_checks
from quizzes.checks.model import Problem, Severity
from quizzes.checks.reference import Reference
from quizzes.contentfiles import CONTENT_DIR, Bank, FiledItem, scan_bank
from quizzes.itemspec import StatusName


@dataclass(frozen=True)
class CheckReport:
    """The bank's counts and everything wrong with it.

    ``cpt`` counts the CPT numbers that the items name, and how many of these are on the
    reference list of active ones; None without such numbers or such a list.
    """

    published: int
    counts: dict[str, dict[str, int]]
    problems: list[Problem]
    cpt: tuple[int, int] | None = None

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == Severity.ERROR]

    def only(self, places: Sequence[str]) -> "CheckReport":
        """Return the report with the problems of these files or areas alone; ``.`` is all."""
        if "." in places:
            return self
        inside = [
            problem
            for problem in self.problems
            if any(f"{problem.file}/".startswith(f"{place}/") for place in places)
        ]
        return replace(self, problems=inside)

    def as_json(self) -> dict[str, Any]:
        """Return the report as ``check_content --json`` prints it."""
        return {
            "items": {"published": self.published, **self.counts},
            "problems": [asdict(problem) for problem in self.problems],
        }


def check(
    root: Path = CONTENT_DIR, *, use_database: bool, reference: Reference | None = None
) -> CheckReport:
    """Check all files under ``root`` and return the report.

    A file or item that breaks the schema is reported, and the others are checked.
    """
    try:
        bank, faults = scan_bank(root)
    except ContentError as error:
        return CheckReport(0, _counts([]), _schema_problems(str(error), root))
    specs = [item.spec for item in bank.items]
    materials = for_checks(specs, use_database=use_database, reference=reference)
    return CheckReport(
        published=sum(item.spec.status is StatusName.PUBLISHED for item in bank.items),
        counts=_counts(bank.items),
        problems=_schema_problems("\n".join(faults), root) + check_bank(bank, materials),
        cpt=_cpt_counts(bank, reference),
    )


def check_bank(bank: Bank, materials: Materials) -> list[Problem]:
    """Return everything wrong with a bank that has passed its schema. Retired items rest."""
    kept = tuple(item for item in bank.items if item.spec.status is not StatusName.RETIRED)
    bank = replace(bank, items=kept)
    problems = [problem for check in BANK_CHECKS for problem in check(bank)]
    for item in bank.items:
        problems += [problem for check in ITEM_CHECKS for problem in check(item, materials)]
    return problems


def _schema_problems(lines: str, root: Path) -> list[Problem]:
    return [Problem(SCHEMA.id, SCHEMA.severity, *_place(line, root)) for line in lines.splitlines()]


def _place(line: str, root: Path) -> tuple[str, str, str, str]:
    """Split a ContentError's line into file, item, field and message."""
    match = re.fullmatch(r"(?P<file>\S+?): (?:item (?P<item>\S+): )?(?P<message>.*)", line)
    if match is None:
        return ("", "", "", line)
    file = match["file"].removeprefix(f"{root}/")
    field, colon, message = match["message"].partition(": ")
    if colon and re.fullmatch(r"[\w.]+", field):
        return (file, match["item"] or "", field, message)
    return (file, match["item"] or "", "", match["message"])


def _counts(items: Iterable[FiledItem]) -> dict[str, dict[str, int]]:
    """Count the published items, by everything that the bank is to be balanced in."""
    published = [item for item in items if item.spec.status is StatusName.PUBLISHED]
    kinds: dict[str, Callable[[FiledItem], str]] = {
        "by_area": lambda item: item.area,
        "by_topic": lambda item: item.topic,
        "by_difficulty": lambda item: str(item.spec.difficulty),
        "by_key_letter": lambda item: item.spec.answer,
    }
    return {kind: dict(Counter(map(value, published))) for kind, value in kinds.items()}


def _cpt_counts(bank: Bank, reference: Reference | None) -> tuple[int, int] | None:
    """Return how many CPT numbers the bank names and how many of them the list holds."""
    if reference is None or reference.cpt is None:
        return None
    named = {code for item in bank.items for code in _cpt_named(item)}
    return (len(named), len(named & reference.cpt)) if named else None


def _cpt_named(item: FiledItem) -> set[str]:
    listed = {code for option in item.spec.options.values() for code in option.codes}
    in_prose = {
        code
        for _, text in item.spec.texts()
        for code, system in codes_in(text)
        if system is CodeSystem.CPT
    }
    return in_prose | {code for code in listed if system_of(code) is CodeSystem.CPT}
