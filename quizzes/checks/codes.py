"""Codes: do they hold on the item's dates, and does the item say what it names?"""

import re
from collections.abc import Iterator
from datetime import date

from prepsite.codes.systems import CodeStatus, CodeSystem, codes_in, system_of
from prepsite.codes.validity import CodeBook
from quizzes.checks.materials import Materials
from quizzes.checks.model import ERROR, WARNING, ItemFaults, item_check, key_of
from quizzes.checks.ranges import code_set, table
from quizzes.contentfiles import FiledItem
from quizzes.itemspec import ItemSpec

# A distractor may name a code that does not hold, if that is the error it stands for.
MAY_BE_INVALID = {"deleted_code", "prior_year", "not_billable", "invalid_code", "outdated_code"}
FIT = {CodeStatus.BILLABLE}
NAMEABLE = {CodeStatus.BILLABLE, CodeStatus.VALID}
DENTAL = re.compile(r"(?<![\w.-])D\d{4}(?![\w-])")
GONE = re.compile(
    r"delet|no longer|\bgone\b|retired|outdated|obsolete|discontinued|replaced|withdrawn"
    r"|\bended\b|\bexpired\b|not valid|invalid|removed from|dropped|does not exist",
    re.IGNORECASE,
)


@item_check(ERROR, 8, 10, 13)
def codes(item: FiledItem, materials: Materials) -> ItemFaults:
    """ICD-10-CM codes are billable and HCPCS codes active in the code year; the key's in all."""
    for field, code, year, status in _unfit(item, materials.book):
        if year == item.spec.code_year or _is_key(item.spec, field):
            yield field, f"{code} is {status} for an exam in {year}"


@item_check(WARNING, 9)
def codes_later(item: FiledItem, materials: Materials) -> ItemFaults:
    """Codes beside the key hold in the later years for which the item is valid, once loaded."""
    unfit = list(_unfit(item, materials.book))
    at_once = {(field, code) for field, code, year, _ in unfit if year == item.spec.code_year}
    for field, code, year, status in unfit:
        if not _is_key(item.spec, field) and (field, code) not in at_once:
            yield field, f"{code} is {status} for an exam in {year}"


def _is_key(spec: ItemSpec, field: str) -> bool:
    return field == f"options.{spec.answer}.codes"


def _unfit(item: FiledItem, book: CodeBook) -> Iterator[tuple[str, str, int, CodeStatus]]:
    """Yield field, code, year and status of codes that do not hold where they stand.

    An option's codes must be fit for a claim; codes in prose must exist. What stands for
    the error of naming an invalid code is free, in its option and in prose.
    """
    for field, code in named_in_options(item.spec):
        for year, status in _statuses(item.spec, book, code):
            if status not in FIT:
                yield field, code, year, status
    free = free_codes(item.spec)
    for field, text in item.spec.texts():
        for code, _ in codes_in(text):
            if code not in free:
                for year, status in _statuses(item.spec, book, code):
                    if status not in NAMEABLE:
                        yield field, code, year, status


def free_codes(spec: ItemSpec) -> set[str]:
    """Return the codes of options whose error it is to name a code that does not hold."""
    return {
        code
        for option in spec.options.values()
        if option.error in MAY_BE_INVALID
        for code in option.codes
    }


def named_in_options(spec: ItemSpec) -> list[tuple[str, str]]:
    """Return field and code of all options that are to name codes that hold."""
    return [
        (f"options.{letter}.codes", code)
        for letter, option in spec.options.items()
        if option.error not in MAY_BE_INVALID
        for code in option.codes
    ]


def _statuses(spec: ItemSpec, book: CodeBook, code: str) -> list[tuple[int, CodeStatus]]:
    """Return what is known of a code in each of the item's code years, each thing once.

    Nothing is known of CPT numbers: there is no list of them.

    The next year's code set comes out before this one can load it: there NOT_LOADED
    passes. In any later year nobody can know yet.
    """
    system = system_of(code)
    if system is None or system is CodeSystem.CPT:
        return []
    newest = max(book.icd10cm, default=0)
    found = []
    for on in exam_dates(spec):
        status = book.check(code, system, on)
        if status is CodeStatus.NOT_LOADED and on.year <= newest + 1:
            continue
        found.append((on.year, status))
    return sorted(set(found))


def exam_dates(spec: ItemSpec) -> list[date]:
    """Return the first and the last exam date of the item in each of its code years."""
    dates = set()
    for year in spec.code_years():
        dates |= {max(spec.valid_from, date(year, 1, 1)), min(spec.valid_to, date(year, 12, 31))}
    return sorted(dates)


@item_check(ERROR, 11, 13, 29)
def deleted_cpt(item: FiledItem, materials: Materials) -> ItemFaults:
    """CPT numbers known to be deleted on the item's dates stand only where that is said."""
    spec = item.spec
    for letter, option in spec.options.items():
        said = option.error in MAY_BE_INVALID or (option.reason and GONE.search(option.reason))
        for code in option.codes:
            year = deletion_year(code)
            if year and spec.valid_to.year >= year and not said:
                yield f"options.{letter}.codes", _deleted(code, year, spec)
    listed = {code for option in spec.options.values() for code in option.codes}
    for field, text in spec.texts():
        for code, system in codes_in(text):
            year = deletion_year(code) if system is CodeSystem.CPT else None
            if not year or spec.valid_to.year < year or GONE.search(text):
                continue
            if not (field.endswith(".text") and code in listed):
                yield field, _deleted(code, year, spec)


def deletion_year(code: str) -> int | None:
    """Return the code year from which a CPT number is deleted, None if none is known."""
    for row in table("deleted_cpt.yaml"):
        if code in code_set(row["codes"]):
            return int(row["year"])
    return None


def _deleted(code: str, year: int, spec: ItemSpec) -> str:
    if year > spec.valid_from.year:
        return f"{code} is deleted from CPT {year}, so valid_to must be {year - 1}-12-31"
    return f"{code} is deleted since CPT {year}; tag the option deleted_code and say so"


@item_check(ERROR, 12)
def dental_codes(item: FiledItem, materials: Materials) -> ItemFaults:
    """No dental code (D0000 to D9999) is named: they are under another copyright."""
    for field, text in item.spec.texts():
        for code in DENTAL.findall(text):
            yield field, f"{code} is a dental code"


def names_cpt(spec: ItemSpec) -> bool:
    """Tell whether the item names a CPT number, in its options or in prose."""
    return any(
        system_of(code) is CodeSystem.CPT
        for option in spec.options.values()
        for code in option.codes
    ) or any(system is CodeSystem.CPT for _, text in spec.texts() for _, system in codes_in(text))


@item_check(ERROR)
def cpt_flag(item: FiledItem, materials: Materials) -> ItemFaults:
    """An item that names a CPT number says so, that it can be withdrawn."""
    if names_cpt(item.spec) and not item.spec.cpt_content:
        yield "cpt_content", "names a CPT code but says no"


@item_check(WARNING)
def cpt_flag_idle(item: FiledItem, materials: Materials) -> ItemFaults:
    """An item that is flagged for CPT content names a CPT number."""
    if item.spec.cpt_content and not names_cpt(item.spec):
        yield "cpt_content", "says yes but names no code"


@item_check(ERROR, 6)
def key_named(item: FiledItem, materials: Materials) -> ItemFaults:
    """The rationale names every code of the key."""
    for code in key_of(item).codes:
        if code.lstrip("-") not in item.spec.rationale:
            yield "rationale", f"does not name {code}"


@item_check(ERROR, 19)
def codes_listed(item: FiledItem, materials: Materials) -> ItemFaults:
    """The codes that an option's text shows are in its list of codes, which other checks read."""
    for letter, option in item.spec.options.items():
        for code, _ in codes_in(option.text):
            if option.codes and code not in option.codes:
                yield f"options.{letter}.codes", f"{code} stands in the text and not in the list"


@item_check(ERROR, 10)
def reference_hcpcs(item: FiledItem, materials: Materials) -> ItemFaults:
    """With --reference: HCPCS codes and modifiers are active on the item's dates."""
    for field, code, reason in _reference_faults(item, materials):
        if reason:
            yield field, f"{code} {reason}"


@item_check(WARNING, 10)
def reference_unknown(item: FiledItem, materials: Materials) -> ItemFaults:
    """With --reference: HCPCS codes and modifiers that are in no release the files hold."""
    release = materials.reference.release if materials.reference else ""
    for field, code, reason in _reference_faults(item, materials):
        if not reason:
            yield field, f"{code} is not in the release {release}: newer, or wrong"


def _reference_faults(item: FiledItem, materials: Materials) -> Iterator[tuple[str, str, str]]:
    """Yield field, code and what is wrong with it by the reference files ('' for missing)."""
    if materials.reference is None:
        return
    for field, code in _hcpcs_named(item.spec):
        span = materials.reference.hcpcs.get(code)
        if span is None:
            yield field, code, ""
        elif item.spec.valid_from < span.effective_from:
            yield field, code, f"begins on {span.effective_from}"
        elif span.effective_to and item.spec.valid_to > span.effective_to:
            yield field, code, f"ended on {span.effective_to}"


MODIFIER_NAMED = re.compile(r"(?:\b[Mm]odifiers? |\b\d{5}-|\b[A-V]\d{4}-)([A-Z][A-Z0-9])\b")


def _hcpcs_named(spec: ItemSpec) -> list[tuple[str, str]]:
    """Return HCPCS codes and modifiers with the fields that name them, each pair once.

    What an option names because it does not hold is left out, there and in prose.
    """
    named = dict.fromkeys(named_in_options(spec))
    free = free_codes(spec)
    for field, text in spec.texts():
        for code, _ in codes_in(text):
            named[field, code] = None
        for modifier in MODIFIER_NAMED.findall(text):
            named[field, f"-{modifier}"] = None
    return [
        (field, code)
        for field, code in named
        if code not in free and (system_of(code) is CodeSystem.HCPCS or _is_hcpcs_modifier(code))
    ]


def _is_hcpcs_modifier(code: str) -> bool:
    """Tell whether a code is a modifier of HCPCS: CPT's own are numbers, P1 to P6 anesthesia's."""
    return bool(re.fullmatch(r"-[A-Z][A-Z0-9]", code)) and not re.fullmatch(r"-P[1-6]", code)
