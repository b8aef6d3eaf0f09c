"""The official tabular list of ICD-10-CM as XML, from NCHS or as a package bundles it.

Chapters hold sections (blocks), these hold ``diag`` elements inside each other. Codes with
a 7th character are not written out: a table stands at an ancestor, and every code below it
without children gets each character, with X for the places between.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prepsite.codes.models import IcdEntry, IcdNote
from prepsite.codes.sources import read_text
from prepsite.codes.systems import CodeSystem, system_of
from prepsite.content.files import ContentError

ROOT = "ICD10CM.tabular"
KINDS = IcdNote.Kind
# Notes that stand one by one, and notes whose lines belong together.
SEPARATE = [
    (KINDS.INCLUDES, "includes"),
    (KINDS.INCLUSION_TERM, "inclusionTerm"),
    (KINDS.EXCLUDES1, "excludes1"),
    (KINDS.EXCLUDES2, "excludes2"),
]
JOINED = [
    (KINDS.CODE_FIRST, "codeFirst"),
    (KINDS.CODE_ALSO, "codeAlso"),
    (KINDS.USE_ADDITIONAL, "useAdditionalCode"),
    (KINDS.NOTE, "notes"),
    (KINDS.SEVENTH_CHARACTER, "sevenChrNote"),
]
# The one exception to a table: "7th characters D and S do not apply to codes in category
# S06 with 6th character 7 - death …, or 8 - death …".
_NOT_APPLIED = re.compile(
    r"7th characters? (?P<chars>[0-9A-Z](?:(?:, | and )[0-9A-Z])*) do(?:es)? not apply to codes"
    r" in category (?P<category>[A-Z][0-9A-Z]{2}) with 6th character (?P<sixth>.+)"
)
MAX_TITLE = 400


@dataclass(frozen=True)
class Entry:
    """A chapter, block or code with the notes printed under it."""

    code: str
    parent_code: str
    kind: IcdEntry.Kind
    title: str
    is_billable: bool
    notes: list[tuple[IcdNote.Kind, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Tabular:
    """A whole release: its fiscal year, and its entries in order, parents first."""

    year: int
    entries: list[Entry]


@dataclass(frozen=True)
class _Seventh:
    """A table of 7th characters, and the ones that do not apply to some 6th characters."""

    meanings: dict[str, str]
    excluded: frozenset[str] = frozenset()
    sixth: frozenset[str] = frozenset()

    def codes(self, code: str) -> Iterator[tuple[str, str]]:
        """Yield a code with each 7th character, and the character's meaning."""
        stem = (code if "." in code else f"{code}.").ljust(len("A00.000"), "X")
        for character, meaning in self.meanings.items():
            if not (stem[-1] in self.sixth and character in self.excluded):
                yield stem + character, meaning


def read(path: Path) -> Tabular:
    """Return the release that a file holds.

    Raises ContentError naming line and column where it is no XML, and the element or code
    where it is no tabular list.
    """
    try:
        # The file is the operator's own, and expat limits the growth of entities.
        root = ET.fromstring(read_text(path, "utf-8"))  # noqa: S314
    except ET.ParseError as error:
        line, column = error.position
        raise ContentError(f"{path}, line {line}, column {column + 1}: is no XML.") from error
    if root.tag != ROOT:
        raise ContentError(f"{path}: begins with <{root.tag}>, not with <{ROOT}>.")
    version = (root.findtext("version") or "").strip()
    if not re.fullmatch(r"20\d\d", version):
        raise ContentError(f"{path}: <version> is {version!r}, not a year.")
    entries = [entry for chapter in root.iter("chapter") for entry in _chapter(path, chapter)]
    _check(path, entries)
    return Tabular(int(version), entries)


def _check(path: Path, entries: list[Entry]) -> None:
    """Refuse what cannot be stored: no codes, a code twice, another shape, no title."""
    seen = set()
    for entry in entries:
        is_code = entry.kind == IcdEntry.Kind.CODE
        if is_code and system_of(entry.code) is not CodeSystem.ICD10CM:
            raise ContentError(f"{path}: {entry.code!r} has the shape of no ICD-10-CM code.")
        if entry.code in seen:
            raise ContentError(f"{path}: {entry.code} stands twice.")
        if not entry.title or len(entry.title) > MAX_TITLE:
            raise ContentError(f"{path}: {entry.code} needs a <desc> of 1 to {MAX_TITLE} letters.")
        seen.add(entry.code)
    if not any(entry.is_billable for entry in entries):
        raise ContentError(f"{path}: holds no codes.")


def _chapter(path: Path, chapter: ET.Element) -> Iterator[Entry]:
    number = _text(path, chapter, "name")
    yield _entry(path, chapter, number, "", IcdEntry.Kind.CHAPTER, is_billable=False)
    for section in chapter.iterfind("section"):
        # A block of one category bears the category's name: give it its range.
        name = section.get("id", "")
        block = name if "-" in name else f"{name}-{name}"
        yield _entry(path, section, block, number, IcdEntry.Kind.BLOCK, is_billable=False)
        for diag in section.iterfind("diag"):
            yield from _codes_from(path, diag, block, None)


def _codes_from(
    path: Path, diag: ET.Element, parent: str, inherited: _Seventh | None
) -> Iterator[Entry]:
    code = _text(path, diag, "name")
    seventh = _seventh(diag) or inherited
    children = diag.findall("diag")
    extended = list(seventh.codes(code)) if seventh and not children else []
    is_leaf = not children and not extended
    entry = _entry(path, diag, code, parent, IcdEntry.Kind.CODE, is_billable=is_leaf)
    yield entry
    for child in children:
        yield from _codes_from(path, child, code, seventh)
    for longer, meaning in extended:
        title = f"{entry.title}, {meaning}"
        yield Entry(longer, code, IcdEntry.Kind.CODE, title, is_billable=True)


def _seventh(diag: ET.Element) -> _Seventh | None:
    table = diag.find("sevenChrDef")
    if table is None:
        return None
    meanings = {
        extension.get("char", ""): _plain(extension.text) for extension in table.iter("extension")
    }
    for note in diag.iterfind("notes/note"):
        if match := _NOT_APPLIED.search(_plain(note.text)):
            return _Seventh(
                meanings,
                frozenset(re.split(", | and ", match["chars"])),
                frozenset(re.findall(r"(?:^|, or )([0-9A-Z]) - ", match["sixth"])),
            )
    return _Seventh(meanings)


def _entry(
    path: Path,
    element: ET.Element,
    code: str,
    parent: str,
    kind: IcdEntry.Kind,
    *,
    is_billable: bool,
) -> Entry:
    title = _text(path, element, "desc")
    return Entry(code, parent, kind, title, is_billable, list(_notes(element)))


def _notes(element: ET.Element) -> Iterator[tuple[IcdNote.Kind, str]]:
    for kind, tag in SEPARATE:
        for text in _lines(element, tag):
            yield kind, text
    for kind, tag in JOINED:
        if lines := _lines(element, tag):
            yield kind, "\n".join(lines)
    meanings: list[str] = []
    for child in element.iterfind("sevenChrDef/*"):
        # A note after a character is a second wording of its meaning.
        if child.tag == "extension":
            meanings.append(f"{child.get('char')}: {_plain(child.text)}")
        elif meanings and _plain(child.text):
            meanings[-1] += f" / {_plain(child.text)}"
    for meaning in meanings:
        yield KINDS.SEVENTH_CHARACTER, meaning


def _lines(element: ET.Element, tag: str) -> list[str]:
    return [text for note in element.iterfind(f"{tag}/note") if (text := _plain(note.text))]


def _text(path: Path, element: ET.Element, tag: str) -> str:
    text = _plain(element.findtext(tag))
    if not text:
        name = element.findtext("name") or element.get("id") or "an element"
        raise ContentError(f"{path}: <{element.tag}> {name} has no <{tag}>.")
    return text


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
