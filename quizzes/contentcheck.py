"""Every check of the bank that a program makes. Each has an id and names file, item, field."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from prepsite.codes import hcpcs, icd10cm
from prepsite.codes.models import CodeSet
from prepsite.codes.systems import CodeStatus, CodeSystem, codes_in, system_of
from prepsite.codes.validity import CodeBook, book_from_database
from prepsite.content.files import ContentError
from quizzes.contentfiles import CONTENT_DIR, Bank, FiledItem, read_bank
from quizzes.itemspec import StatusName

# A distractor may name a code that does not hold, if that is the error it stands for.
MAY_BE_INVALID = {"deleted_code", "prior_year", "not_billable", "invalid_code", "outdated_code"}
FIT = {CodeStatus.BILLABLE}
NAMEABLE = {CodeStatus.BILLABLE, CodeStatus.VALID}
EXAM_QUESTIONS = 100
ITEMS_A_RULE = 4
CASE_WORDS = range(120, 251)


@dataclass(frozen=True)
class Problem:
    """Something wrong with the bank. Errors stop publication, warnings want a look."""

    check: str
    severity: str
    file: str
    item: str
    field: str
    message: str

    def __str__(self) -> str:
        place = " ".join(filter(None, [self.file, self.item, self.field]))
        return f"{self.severity} [{self.check}] {place}: {self.message}"


@dataclass(frozen=True)
class CheckReport:
    """The bank's counts and everything wrong with it."""

    published: int
    counts: dict[str, dict[str, int]]
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "error"]

    def as_json(self) -> dict[str, Any]:
        """Return the report as ``check_content --json`` prints it."""
        return {
            "items": {"published": self.published, **self.counts},
            "problems": [asdict(problem) for problem in self.problems],
        }


def _problem(
    item: FiledItem, check: str, field: str, message: str, severity: str = "error"
) -> Problem:
    place = f"{item.area}/{item.path.name}"
    return Problem(check, severity, place, item.spec.key, field, message)


def check_option_codes(item: FiledItem, book: CodeBook) -> Iterator[Problem]:
    """The key's codes are fit for a claim; a distractor's exist unless that is its error."""
    for letter, option in item.spec.options.items():
        if option.error in MAY_BE_INVALID:
            continue
        for code in option.codes:
            system = system_of(code)
            if system is None or system is CodeSystem.CPT:
                continue
            for year, status in _statuses(item, book, code, system):
                if status not in FIT:
                    yield _problem(
                        item,
                        "codes",
                        f"options.{letter}.codes",
                        f"{code} is {status} for an exam in {year}",
                    )


def _statuses(
    item: FiledItem, book: CodeBook, code: str, system: CodeSystem
) -> list[tuple[int, CodeStatus]]:
    """Return what is known of a code in each of the item's code years, each thing once.

    The next year's code set comes out before this one can load it: there NOT_LOADED
    passes. In any later year nobody can know yet.
    """
    newest = max(book.icd10cm, default=0)
    found = []
    for on in _exam_dates(item):
        status = book.check(code, system, on)
        if status is CodeStatus.NOT_LOADED and on.year <= newest + 1:
            continue
        found.append((on.year, status))
    return sorted(set(found))


def check_text_codes(item: FiledItem, book: CodeBook) -> Iterator[Problem]:
    """Codes named in prose exist, but in the reason of an option about a code that does not."""
    free = {
        code
        for option in item.spec.options.values()
        if option.error in MAY_BE_INVALID
        for code in option.codes
    }
    for field, text in item.spec.texts():
        for code, system in codes_in(text):
            if system is CodeSystem.CPT or code in free:
                continue
            for year, status in _statuses(item, book, code, system):
                if status not in NAMEABLE:
                    yield _problem(
                        item, "codes", field, f"{code} is {status} for an exam in {year}"
                    )


def _exam_dates(item: FiledItem) -> list[date]:
    """Return the first and the last exam date of the item in each of its code years."""
    spec = item.spec
    dates = set()
    for year in spec.code_years():
        dates |= {max(spec.valid_from, date(year, 1, 1)), min(spec.valid_to, date(year, 12, 31))}
    return sorted(dates)


def check_cpt_flag(item: FiledItem, book: CodeBook) -> Iterator[Problem]:
    """An item that names a CPT code says so, that it can be withdrawn."""
    named = any(
        system_of(code) is CodeSystem.CPT
        for option in item.spec.options.values()
        for code in option.codes
    ) or any(
        system is CodeSystem.CPT for _, text in item.spec.texts() for _, system in codes_in(text)
    )
    if named and not item.spec.cpt_content:
        yield _problem(item, "cpt-flag", "cpt_content", "names a CPT code but says no")
    if item.spec.cpt_content and not named:
        yield _problem(item, "cpt-flag", "cpt_content", "says yes but names no code", "warning")


def check_key_named(item: FiledItem, book: CodeBook) -> Iterator[Problem]:
    """The rationale names every code of the key."""
    for code in item.spec.options[item.spec.answer].codes:
        if code.lstrip("-") not in item.spec.rationale:
            yield _problem(item, "key-named", "rationale", f"does not name {code}")


def check_error_tags(item: FiledItem, book: CodeBook) -> Iterator[Problem]:
    """Every distractor stands for an error of its own."""
    tags = Counter(option.error for option in item.spec.options.values() if option.error)
    for tag, times in tags.items():
        if times > 1:
            yield _problem(item, "error-tags", "options", f"{tag} stands {times} times")


def check_note(item: FiledItem, book: CodeBook) -> Iterator[Problem]:
    """Cases have a note of 120 to 250 words, other items have none."""
    words = len(item.spec.note.split())
    if item.area == "cases" and words not in CASE_WORDS:
        yield _problem(item, "case-note", "note", f"has {words} words, not 120 to 250")
    if item.area != "cases" and words:
        yield _problem(item, "case-note", "note", "only cases have one")


def check_blind(item: FiledItem, book: CodeBook) -> Iterator[Problem]:
    """A published item is solved blind in its present wording, with agreement."""
    if item.spec.status is StatusName.PUBLISHED and not item.spec.is_solved_blind():
        yield _problem(item, "blind", "blind_solves", "not solved blind in its present wording")


ITEM_CHECKS: list[Callable[[FiledItem, CodeBook], Iterator[Problem]]] = [
    check_option_codes,
    check_text_codes,
    check_cpt_flag,
    check_key_named,
    check_error_tags,
    check_note,
    check_blind,
]


def check_references(bank: Bank) -> Iterator[Problem]:
    """Items cite only the sources on the list."""
    known = {source.slug for source in bank.sources}
    for item in bank.items:
        for reference in item.spec.references:
            if reference.source not in known:
                yield _problem(item, "references", "references", f"no source {reference.source}")


def check_blueprint(bank: Bank) -> Iterator[Problem]:
    """The areas' exam counts add up to the exam."""
    total = sum(area.exam_count for area in bank.blueprint.areas)
    if total != EXAM_QUESTIONS:
        message = f"the counts add up to {total}, not {EXAM_QUESTIONS}"
        yield Problem("blueprint", "error", "blueprint.yaml", "", "areas", message)


def check_duplicates(bank: Bank) -> Iterator[Problem]:
    """No two items ask the same, and no two case notes are the same."""
    seen: dict[str, str] = {}
    for item in bank.items:
        plain = re.sub(r"\W+", " ", f"{item.spec.note} {item.spec.stem}").casefold().strip()
        if plain in seen:
            yield _problem(item, "duplicates", "stem", f"is the stem of {seen[plain]}")
        seen.setdefault(plain, item.spec.key)


def check_rules(bank: Bank) -> Iterator[Problem]:
    """No rule is tested by more than four items."""
    rules = Counter(item.spec.rule for item in bank.items)
    for item in bank.items:
        if rules[item.spec.rule] > ITEMS_A_RULE:
            message = f"{item.spec.rule} is tested by {rules[item.spec.rule]} items"
            yield _problem(item, "rules", "rule", message)


BANK_CHECKS: list[Callable[[Bank], Iterator[Problem]]] = [
    check_references,
    check_blueprint,
    check_duplicates,
    check_rules,
]


# The names of the checks that compare an item with others.
COMPARING = frozenset({"references", "blueprint", "duplicates", "rules"})


def book_from_files() -> CodeBook:
    """Return the codes straight from package and table, without a database."""
    return CodeBook({icd10cm.CODE_YEAR: icd10cm.codes_from_package()}, hcpcs.spans_from_table())


def book_for_checks(*, use_database: bool) -> CodeBook:
    """Return the loaded codes, or the files' where nothing is loaded."""
    if use_database and CodeSet.objects.exists():
        return book_from_database()
    return book_from_files()


def check(root: Path = CONTENT_DIR, *, use_database: bool) -> CheckReport:
    """Check all files under ``root`` and return the report."""
    try:
        bank = read_bank(root)
    except ContentError as error:
        problems = [
            Problem("schema", "error", *_place(line, root)) for line in str(error).splitlines()
        ]
        return CheckReport(0, {}, problems)
    book = book_for_checks(use_database=use_database)
    return CheckReport(
        published=sum(item.spec.status is StatusName.PUBLISHED for item in bank.items),
        counts=_counts(bank.items),
        problems=check_bank(bank, book),
    )


def check_bank(bank: Bank, book: CodeBook) -> list[Problem]:
    """Return everything wrong with a bank that has passed its schema."""
    problems = [problem for check in BANK_CHECKS for problem in check(bank)]
    for item in bank.items:
        problems += [problem for check in ITEM_CHECKS for problem in check(item, book)]
    return problems


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
    published = [item for item in items if item.spec.status is StatusName.PUBLISHED]
    return {
        "by_area": dict(Counter(item.area for item in published)),
        "by_topic": dict(Counter(item.topic for item in published)),
        "by_difficulty": dict(Counter(str(item.spec.difficulty) for item in published)),
        "by_key_letter": dict(Counter(item.spec.answer for item in published)),
    }
