r"""The syntax of GIFT, as Moodle reads it: questions between blank lines.

::name:: [format] text { ~wrong#feedback =right ####general feedback }

``\~ \= \# \{ \} \: \\`` stand for the characters themselves and ``\n`` for the end of a line.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

SPECIAL = "\\~=#{}:"
# Stands for a character that a backslash made plain; a file that holds NUL is refused.
PLAIN = "\0"
FORMATS = ("html", "markdown", "plain", "moodle")

# More than any item has; it keeps a file without blank lines from taking all memory.
MAX_LENGTH = 30_000

_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_FORMAT = re.compile(rf"\s*\[({'|'.join(FORMATS)})\]")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d*)?)%")


class GiftFault(Exception):
    """A question cannot be read; the message says why, ``line`` where it stands."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Text:
    """A text in one of the formats, or in "" if it does not name one."""

    text: str = ""
    format: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer; ``weight`` in percent, from -100 to 100."""

    text: Text
    weight: float
    feedback: Text


@dataclass(frozen=True)
class GiftQuestion:
    """A multiple-choice question and the comments above and within it."""

    line: int
    name: str
    text: Text
    answers: tuple[Answer, ...]
    feedback: Text
    comments: tuple[str, ...]


@dataclass(frozen=True)
class _Marked:
    """A text beside its marks: each character as it was written, or PLAIN if escaped."""

    text: str
    marks: str

    @classmethod
    def read(cls, source: str) -> Self:
        text = _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], source)
        return cls(text, _ESCAPED.sub(PLAIN, source))

    def part(self, start: int, end: int | None = None) -> "_Marked":
        return _Marked(self.text[start:end], self.marks[start:end])

    def stripped(self) -> "_Marked":
        """Return the text without blanks around it; an escaped end of a line is none."""
        start = len(self.marks) - len(self.marks.lstrip())
        return self.part(start, max(start, len(self.marks.rstrip())))

    def split(self, mark: str) -> tuple["_Marked", "_Marked"]:
        """Return what stands before and after the first ``mark``."""
        at = self.marks.find(mark)
        if at < 0:
            return self, _Marked("", "")
        return self.part(0, at), self.part(at + len(mark))

    def as_text(self, default: str = "") -> Text:
        found = _FORMAT.match(self.marks)
        body = self.part(found.end()) if found else self
        return Text(body.stripped().text, found[1] if found else default)


def escape(text: str) -> str:
    """Return a text as GIFT writes it, on one line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    escaped = re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")
    # Neither a format nor a weight: the format that is named ends the search for both.
    return f"[markdown]{escaped}" if escaped.startswith(("[", "%")) else escaped


def unescape(source: str) -> str:
    """Return the text that a reader finds in what ``escape`` wrote."""
    return _Marked.read(source).as_text().text


def read(source: str) -> Iterator[GiftQuestion | GiftFault]:
    """Yield every question of a file in its order, and a fault for each that is none."""
    pending: list[str] = []
    for number, lines in _blocks(source):
        comments = [line.strip() for line in lines if _is_comment(line)]
        first = next((n for n, line in enumerate(lines) if not _is_comment(line)), len(lines))
        kept = [line for line in lines if not _is_comment(line)]
        if kept and kept[0].lstrip().startswith("$CATEGORY:"):
            kept = kept[1:]
        pending += comments
        if not kept:
            continue
        try:
            yield _question(number + first, "\n".join(kept), tuple(pending))
        except GiftFault as fault:
            yield fault
        pending = []


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("//")


def _blocks(source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines between blank lines, each block with the number of its first."""
    lines: list[str] = []
    number = 0
    for number, line in enumerate(io.StringIO(source, newline=None), start=1):
        if line.strip():
            lines.append(line.removesuffix("\n"))
        elif lines:
            yield number - len(lines), lines
            lines = []
    if lines:
        yield number + 1 - len(lines), lines


def _question(line: int, source: str, comments: tuple[str, ...]) -> GiftQuestion:
    if len(source) > MAX_LENGTH:
        raise GiftFault(
            line, f"is longer than {MAX_LENGTH:,} characters. Blank lines divide questions."
        )
    whole = _Marked.read(source).stripped()
    name = ""
    if whole.marks.startswith("::"):
        if whole.marks.find("::", 2) < 0:
            raise GiftFault(line, "has a name that begins with :: and does not end with it.")
        head, whole = whole.part(2).split("::")
        name = head.stripped().text
    start, end = whole.marks.find("{"), whole.marks.find("}")
    if start < 0 and end < 0:
        raise GiftFault(line, _is_no_item("a description without answers"))
    if start < 0 or end < start or whole.marks.count("{") > 1 or whole.marks.count("}") > 1:
        raise GiftFault(
            line,
            r"needs one pair of braces { } around its answers, and no blank line in between. "
            r"Write \{ and \} for braces in a text.",
        )
    before, after = whole.part(0, start), whole.part(end + 1).stripped()
    if after.text:
        # Moodle's "missing word": the answers stand where a word of the text is left out.
        before = _Marked(f"{before.text}_____ {after.text}", f"{before.marks}_____ {after.marks}")
    text = before.as_text()
    inner = whole.part(start + 1, end).stripped()
    feedback = Text()
    at = inner.marks.rfind("####")
    if at >= 0:
        feedback, inner = inner.part(at + 4).as_text(text.format), inner.part(0, at).stripped()
    _refuse_other_kinds(line, inner.marks)
    return GiftQuestion(line, name, text, _answers(line, inner, text.format), feedback, comments)


def _is_no_item(kind: str) -> str:
    return f"is {kind}. Only multiple-choice questions with four answers can be items."


def _refuse_other_kinds(line: int, marks: str) -> None:
    if not marks:
        raise GiftFault(line, _is_no_item("an essay question"))
    if marks.startswith("#"):
        raise GiftFault(line, _is_no_item("a numerical question"))
    if "~" in marks:
        return
    if "=" in marks and "->" in marks:
        raise GiftFault(line, _is_no_item("a matching question"))
    if marks.split("#")[0].strip().upper() in ("T", "TRUE", "F", "FALSE"):
        raise GiftFault(line, _is_no_item("a true-or-false question"))
    raise GiftFault(line, _is_no_item("a short-answer question"))


def _answers(line: int, inner: _Marked, default: str) -> tuple[Answer, ...]:
    places = [match.start() for match in re.finditer("[~=]", inner.marks)]
    if inner.part(0, places[0]).stripped().text:
        raise GiftFault(line, "has a text in its braces before the first answer.")
    answers = []
    for place, end in zip(places, [*places[1:], None], strict=True):
        body = inner.part(place + 1, end).stripped()
        if inner.marks.startswith("~=", place):
            continue
        weight = 100.0 if inner.marks[place] == "=" else 0.0
        if found := _WEIGHT.match(body.marks):
            weight, body = float(found[1]), body.part(found.end())
        said, feedback = body.split("#")
        answers.append(Answer(said.as_text(default), weight, feedback.as_text(default)))
    return tuple(answers)
