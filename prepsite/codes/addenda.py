"""The official order addenda of ICD-10-CM: what turns one fiscal year's codes into the next's.

Fixed width, one change a line: action [0:13], 0 for a header or 1 for a billable code [13],
code without its dot [15:22], short title [23:83], long title [84:]. A code that becomes a
header is deleted as one and added as the other. After a blank line follow the totals of
both years' order files, against which base and result are held.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from prepsite.codes.models import IcdEntry
from prepsite.codes.sources import read_text
from prepsite.codes.systems import CodeSystem, system_of
from prepsite.codes.tabular import MAX_TITLE, Entry
from prepsite.content.files import ContentError

ACTIONS = {"Add:": "add", "Delete:": "delete", "Revise from:": "from", "Revise to:": "to"}
_TOTAL = re.compile(
    r"\s*(?P<number>\d+) (?P<what>headers|codes) in icd10cm_order_(?P<year>20\d\d)\.txt\s*"
)


@dataclass(frozen=True)
class Change:
    """One line of the addenda."""

    line: int
    action: str
    code: str
    is_billable: bool
    title: str


@dataclass(frozen=True)
class Addenda:
    """All changes, and what the file says of the years before and after them.

    ``totals`` maps a fiscal year to its numbers of headers and of billable codes.
    """

    path: Path
    changes: list[Change]
    totals: dict[int, dict[str, int]]

    @property
    def base_year(self) -> int:
        return min(self.totals)

    @property
    def year(self) -> int:
        return max(self.totals)


def read(path: Path) -> Addenda:
    """Return what a file changes; ContentError names line and column of what is wrong."""
    lines = read_text(path, "cp1252").splitlines()
    changes: list[Change] = []
    totals: dict[int, dict[str, int]] = {}
    for number, line in enumerate(lines, start=1):
        if match := _TOTAL.fullmatch(line):
            year = totals.setdefault(int(match["year"]), {})
            year[match["what"]] = int(match["number"])
        elif not totals and line[:13].strip() in ACTIONS:
            changes.append(_change(path, number, line))
        elif not totals and line.strip() and line.strip() not in {"Headers", "Codes"}:
            raise ContentError(f"{path}, line {number}, column 1: {line[:13]!r} is no change.")
    years = sorted(totals)
    if len(years) != 2 or years[1] != years[0] + 1 or any(len(of) != 2 for of in totals.values()):
        raise ContentError(
            f"{path}: must end with the numbers of headers and codes of two years in a row."
        )
    return Addenda(path, changes, totals)


def _change(path: Path, number: int, line: str) -> Change:
    place = f"{path}, line {number}"
    plain, title = line[15:22].strip(), " ".join(line[84:].split())
    code = plain if len(plain) == 3 else f"{plain[:3]}.{plain[3:]}"
    if line[13:14] not in ("0", "1"):
        raise ContentError(f"{place}, column 14: {line[13:14]!r} is neither 0 nor 1.")
    if system_of(code) is not CodeSystem.ICD10CM:
        raise ContentError(f"{place}, column 16: {plain!r} has the shape of no ICD-10-CM code.")
    if not title or len(title) > MAX_TITLE:
        raise ContentError(f"{place}, column 85: the title needs 1 to {MAX_TITLE} letters.")
    return Change(number, ACTIONS[line[:13].strip()], code, line[13] == "1", title)


def apply(addenda: Addenda, base: list[Entry]) -> list[Entry]:
    """Return the next year's entries in tabular order, from the base year's.

    Raises ContentError with the line at fault where a change does not fit the base, and
    where the base or the result has other numbers of codes than the file says. Codes keep
    their notes; new ones have none.
    """
    _hold_against(addenda, base, addenda.base_year)
    codes = {entry.code: entry for entry in base if entry.kind == IcdEntry.Kind.CODE}
    for change in addenda.changes:
        _apply_one(addenda, change, codes)
    blocks = [entry for entry in base if entry.kind == IcdEntry.Kind.BLOCK]
    # A code that was deleted and added again keeps its place, and so do its notes.
    notes = {entry.code: entry.notes for entry in base}
    for code, entry in codes.items():
        if not entry.parent_code:
            parent = _parent(addenda, code, codes, blocks)
            codes[code] = replace(entry, parent_code=parent, notes=notes.get(code, []))
    result = list(_in_order(base, codes))
    if len(result) != len(codes) + len(base) - _number_of_codes(base):
        raise ContentError(f"{addenda.path}: leaves codes whose category is deleted.")
    _check_leaves(addenda, result)
    _hold_against(addenda, result, addenda.year)
    return result


def _apply_one(addenda: Addenda, change: Change, codes: dict[str, Entry]) -> None:
    place = f"{addenda.path}, line {change.line}, column 16: {change.code}"
    known = codes.get(change.code)
    if change.action == "add":
        if known:
            raise ContentError(f"{place} is to be added and stands in the list already.")
        codes[change.code] = Entry(
            change.code, "", IcdEntry.Kind.CODE, change.title, change.is_billable
        )
        return
    if known is None:
        raise ContentError(f"{place} is to be changed and does not stand in the list.")
    if known.is_billable != change.is_billable:
        word = "billable" if known.is_billable else "a header"
        raise ContentError(f"{place} is {word} in the list, which the line denies.")
    if change.action == "delete":
        del codes[change.code]
    elif change.action == "to":
        codes[change.code] = replace(known, title=change.title)


def _parent(addenda: Addenda, code: str, codes: dict[str, Entry], blocks: list[Entry]) -> str:
    """Return the longest beginning of a code that is one too, or its category's block."""
    for length in range(len(code) - 1, 2, -1):
        shorter = code[:length].rstrip(".")
        if shorter != code and shorter in codes:
            return shorter
    # Blocks are not in the addenda: a category behind a block's last one belongs to it.
    starts = [block.code for block in blocks if block.code[0] == code[0] and block.code[:3] <= code]
    if len(code) != 3 or not starts:
        raise ContentError(f"{addenda.path}: {code} has no category or block to stand under.")
    return max(starts)


def _in_order(base: list[Entry], codes: dict[str, Entry]) -> Iterator[Entry]:
    """Yield all entries parents first; new ones stand behind what sorts before them."""
    places = {entry.code: place for place, entry in enumerate(base)}
    children: dict[str, list[str]] = {}
    for entry in base:
        if entry.kind != IcdEntry.Kind.CODE or entry.code in codes:
            parent = codes.get(entry.code, entry).parent_code
            children.setdefault(parent, []).append(entry.code)
    for code in sorted(codes.keys() - places.keys()):
        siblings = children.setdefault(codes[code].parent_code, [])
        siblings.insert(bisect_right(siblings, code), code)
    others = {entry.code: entry for entry in base if entry.kind != IcdEntry.Kind.CODE}
    waiting = list(reversed(children.get("", [])))
    while waiting:
        code = waiting.pop()
        yield others[code] if code in others else codes[code]
        waiting.extend(reversed(children.get(code, [])))


def _check_leaves(addenda: Addenda, entries: list[Entry]) -> None:
    parents = {entry.parent_code for entry in entries}
    for entry in entries:
        if entry.kind == IcdEntry.Kind.CODE and entry.is_billable == (entry.code in parents):
            word = "billable and has" if entry.is_billable else "a header without"
            raise ContentError(f"{addenda.path}: leaves {entry.code} {word} longer codes.")


def _hold_against(addenda: Addenda, entries: list[Entry], year: int) -> None:
    billable = sum(entry.is_billable for entry in entries)
    found = {"headers": _number_of_codes(entries) - billable, "codes": billable}
    if found != addenda.totals[year]:
        official = addenda.totals[year]
        raise ContentError(
            f"{addenda.path}: FY {year} has {official['headers']:,} headers and"
            f" {official['codes']:,} codes there, and {found['headers']:,} and"
            f" {found['codes']:,} here."
        )


def _number_of_codes(entries: list[Entry]) -> int:
    return sum(entry.kind == IcdEntry.Kind.CODE for entry in entries)
