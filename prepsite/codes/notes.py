"""The notes of the ICD-10-CM tabular list as rules: which codes a note names.

Notes stand in parentheses behind what they are about: "ascites in alcoholic cirrhosis
(K70.31)", "diseases (A00-B99)", "poisoning (T36-T50 with fifth or sixth character 1-4)".
A note printed under a chapter, block or category holds for every code below it (Official
Guidelines I.A.12 and I.A.13). A condition that is not understood names nothing: a rule is
rather missed than invented.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prepsite.codes.models import IcdEntry, IcdNote
from prepsite.codes.tabular import Entry

RULING = (IcdNote.Kind.EXCLUDES1, IcdNote.Kind.CODE_FIRST)

_CODE = r"(?:[A-Z]\d[0-9A-Z]|Q[A-Z]\d)(?:\.[0-9A-Z]{0,4})?(?![0-9A-Za-z])"
_NAMED = re.compile(
    rf"(?P<first>{_CODE})(?:\s*(?:-|to)\s*(?P<last>{_CODE}))?-?"
    r"(?P<condition>,?\s*with\b[^,;]*)?"
)
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_PLACES = {"fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "seventh": 6, "7th": 6}
_CHARACTER = re.compile(
    r"(?P<places>(?:fifth|5th|sixth|6th|seventh|7th)(?: or (?:sixth|6th))?)[ -]characters?"
    r" (?P<values>[0-9A-Z](?:-[0-9A-Z])?)"
)
_FINAL = re.compile(r"final characters -(?P<values>\d+)")
_SUBCODE = re.compile(r"\.(?P<first>\d+)(?:-\.(?P<last>\d+))?-?")


def _plain(code: str) -> str:
    return code.replace(".", "")


@dataclass(frozen=True)
class CodeSpan:
    """The codes from ``first`` to ``last``, both with all codes below them.

    Written without dots. ``ending`` matches what may follow the category.
    """

    first: str
    last: str
    ending: re.Pattern[str] | None = None

    def __contains__(self, code: str) -> bool:
        plain = _plain(code)
        inside = self.first <= plain[: len(self.first)] and plain[: len(self.last)] <= self.last
        return inside and (self.ending is None or bool(self.ending.fullmatch(plain[3:])))


def spans_in(text: str) -> tuple[CodeSpan, ...]:
    """Return the spans of codes that a note names in parentheses."""
    spans = []
    for inside in _PARENTHESES.findall(text):
        for match in _NAMED.finditer(inside):
            condition = (match["condition"] or "").strip(" ,").removeprefix("with").strip()
            ending = _ending(condition) if condition else None
            if condition and ending is None:
                continue
            first, last = match["first"], match["last"] or match["first"]
            spans.append(CodeSpan(_plain(first), _plain(last), ending))
    return tuple(spans)


def _ending(condition: str) -> re.Pattern[str] | None:
    """Return what the characters after the category must be, None if that is not clear."""
    if match := _CHARACTER.fullmatch(condition):
        value = f"[{match['values']}]"
        places = [_PLACES[place] - 3 for place in match["places"].split(" or ")]
        return re.compile("|".join(rf".{{{place}}}{value}.*" for place in places))
    if match := _FINAL.fullmatch(condition):
        return re.compile(rf".*{match['values']}")
    if match := _SUBCODE.fullmatch(condition):
        first, last = match["first"], match["last"] or match["first"]
        values = [str(n).zfill(len(first)) for n in range(int(first), int(last) + 1)]
        return re.compile(rf"(?:{'|'.join(values)}).*")
    return None


@dataclass(frozen=True)
class NoteRule:
    """A note, the entry under which it is printed, and the codes that it names."""

    code: str
    kind: str
    text: str
    spans: tuple[CodeSpan, ...]

    def names(self, code: str) -> bool:
        """Tell whether the note names the code."""
        return any(code in span for span in self.spans)


@dataclass(frozen=True)
class NoteBook:
    """Titles and notes of one year's tabular list, or of the part of it that was asked for.

    ``parents`` leads from a category to its block and from there to its chapter.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Sequence[NoteRule]] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)

    def over(self, code: str) -> Iterator[str]:
        """Yield the code and every entry above it, nearest first."""
        yield from levels(code)
        above = self.parents.get(code[:3])
        while above:
            yield above
            above = self.parents.get(above)

    def excludes1(self, one: str, other: str) -> NoteRule | None:
        """Return the Excludes1 note that bars these two codes from standing together."""
        return self._rule(IcdNote.Kind.EXCLUDES1, one, other) or self._rule(
            IcdNote.Kind.EXCLUDES1, other, one
        )

    def goes_behind(self, code: str, other: str) -> NoteRule | None:
        """Return the note over ``code`` that says to code ``other`` first."""
        return self._rule(IcdNote.Kind.CODE_FIRST, code, other)

    def code_first(self, code: str) -> NoteRule | None:
        """Return a note over the code that asks for another code before it."""
        return next(self._of_kind(IcdNote.Kind.CODE_FIRST, code), None)

    def _of_kind(self, kind: str, code: str) -> Iterator[NoteRule]:
        for entry in self.over(code):
            yield from (rule for rule in self.rules.get(entry, ()) if rule.kind == kind)

    def _rule(self, kind: str, code: str, other: str) -> NoteRule | None:
        for rule in self._of_kind(kind, code):
            # A note that names the code itself is about its neighbours in a wider span.
            if rule.names(other) and not rule.names(code):
                return rule
        return None


def levels(code: str) -> list[str]:
    """Return a code and what is left of it character by character, down to its category."""
    shorter = [code[:length] for length in range(len(code), 2, -1)]
    return [level for level in shorter if not level.endswith(".")]


def notebook_of(entries: Iterable[Entry]) -> NoteBook:
    """Return titles and rules of a whole tabular list, as it is read for loading."""
    titles: dict[str, str] = {}
    rules: dict[str, list[NoteRule]] = defaultdict(list)
    parents: dict[str, str] = {}
    for entry in entries:
        titles[entry.code] = entry.title
        if entry.kind != IcdEntry.Kind.CODE or len(entry.code) == 3:
            parents[entry.code] = entry.parent_code
        for kind, text in entry.notes:
            if kind in RULING:
                rules[entry.code].append(NoteRule(entry.code, kind, text, spans_in(text)))
    return NoteBook(titles, rules, parents)


def notebooks_from_database(codes: Iterable[str]) -> dict[int, NoteBook]:
    """Return what each loaded year says of these codes. Three statements."""
    wanted = {level for code in codes for level in levels(code)}
    fields = ("code_set__code_year", "code", "parent_code", "title")
    titles: dict[int, dict[str, str]] = defaultdict(dict)
    parents: dict[int, dict[str, str]] = defaultdict(dict)
    for year, code, parent, title in IcdEntry.objects.filter(
        code__in=wanted, kind=IcdEntry.Kind.CODE
    ).values_list(*fields):
        titles[year][code] = title
        if len(code) == 3:
            parents[year][code] = parent
    blocks = {parent for above in parents.values() for parent in above.values()}
    for year, code, parent, _ in IcdEntry.objects.filter(
        code__in=blocks, kind=IcdEntry.Kind.BLOCK
    ).values_list(*fields):
        parents[year][code] = parent
    chapters = {parent for above in parents.values() for parent in above.values()}
    rules: dict[int, dict[str, list[NoteRule]]] = defaultdict(lambda: defaultdict(list))
    for year, code, kind, text in (
        IcdNote.objects.filter(code__in=wanted | blocks | chapters, kind__in=RULING)
        .order_by("position")
        .values_list("code_set__code_year", "code", "kind", "text")
    ):
        rules[year][code].append(NoteRule(code, kind, text, spans_in(text)))
    return {year: NoteBook(titles[year], rules[year], parents[year]) for year in titles}
