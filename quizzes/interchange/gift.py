r"""Items in GIFT: what its syntax has no place for travels in comments of ours.

A question's name is the key, ``####`` the rationale, ``#`` after an answer the reason. A
case note follows the stem after a line ``---``. Lines ``//: column: value`` above the
question hold the other columns of the CSV file; a value that begins with a double quote
is a JSON text. ``//: exact_column: …`` repeats a text in which blanks at the ends count,
and holds as long as the question says the same otherwise. Moodle finds its own
``// [id:…] [tag:…]`` and passes over the rest.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.utils.text import slugify

from prepsite.content.exchange.formats import MAX_ROWS, FileFault, Table, as_text, decode
from quizzes.exchange import OPTIONS, ItemResource
from quizzes.interchange import giftsyntax
from quizzes.interchange.foreignhtml import to_markdown
from quizzes.interchange.giftsyntax import GiftFault, GiftQuestion, Text
from quizzes.itemspec import LETTERS, PLAIN_SLUG

NOTE_MARK = "\n\n---\n\n"
BODY = (
    *("key", "stem", "note", "answer", "rationale"),
    *(name for name in OPTIONS if name.endswith(("_text", "_reason"))),
)
COLUMNS = tuple(name for name in ItemResource.columns if name != "area")
CARRIED = tuple(name for name in COLUMNS if name not in BODY)
TEXTS = tuple(name for name in BODY if name not in ("key", "answer"))
_OWN = re.compile(r"//:\s*([a-z_]+):\s*(.*)", re.DOTALL)


class GiftFile:
    """The format of a GIFT file for the exchange of tables."""

    suffixes = (".gift", ".txt")

    @staticmethod
    def recognises(head: bytes) -> bool:
        """Tell a text file of GIFT from one of CSV, whose first line names the column key."""
        first = head.decode("utf-8-sig", "replace").lstrip().split("\n", 1)[0]
        return "key" not in re.split(r"[\s,;\"]+", first)

    def get_title(self) -> str:
        return "GIFT"

    def get_extension(self) -> str:
        return "gift"

    def get_content_type(self) -> str:
        return "text/plain; charset=utf-8"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Table:
        """Return a row for each question, numbered by its line; raises FileFault."""
        questions = list(islice(giftsyntax.read(decode(in_stream)), MAX_ROWS + 1))
        if not questions:
            raise FileFault("The file holds no questions.")
        if len(questions) > MAX_ROWS:
            raise FileFault(f"The file has more than {MAX_ROWS:,} questions. Divide it.")
        rows, faults = [], {}
        for place, question in enumerate(questions):
            try:
                if isinstance(question, GiftFault):
                    raise question
                cells = read_question(question)
            except GiftFault as fault:
                faults[place] = str(fault)
                cells = {}
            rows.append([cells.get(name) for name in COLUMNS])
        table = Table.of(list(COLUMNS), rows, [question.line for question in questions], faults)
        table.unit, table.is_sparse = "Line", True
        return table

    def export_data(self, dataset: Table, **kwargs: Any) -> str:
        """Return the file; questions of one topic stand under its category."""
        names = dataset.headers or []
        parts = []
        category = ""
        for row in dataset:
            cells = dict(zip(names, row, strict=True))
            if category != (category := f"{cells['area']}/{cells['topic']}"):
                parts.append(f"$CATEGORY: {category}\n")
            parts.append(write_question(cells))
        return "\n".join(parts)


def write_question(cells: Mapping[str, Any]) -> str:
    """Return the question of an item's row."""
    body = cells["stem"]
    lines = [f"// [id:{cells['key']}] [tag:{cells['topic']}] [tag:{cells['rule']}]"]
    for name in CARRIED:
        value = as_text(cells[name])
        parts = value.split("\n") if name == "references" else [value]
        lines += [_own_line(name, part) for part in parts if part]
    if cells["note"]:
        body = f"{cells['stem']}{NOTE_MARK}{cells['note']}"
        # A stem can hold such a line as well: the note begins after the one of this number.
        lines.append(_own_line("note", str(_note_marks(body).index(len(cells["stem"])) + 1)))
    written = {name: giftsyntax.escape(cells[name]) for name in TEXTS}
    lines += [
        _own_line(f"exact_{name}", cells[name])
        for name in TEXTS
        if giftsyntax.unescape(written[name]) != cells[name]
    ]
    stem = giftsyntax.escape(body).removeprefix("[markdown]")
    lines.append(f"::{cells['key']}::[markdown]{stem} {{")
    for letter in LETTERS:
        low = letter.lower()
        sign = "=" if letter == cells["answer"] else "~"
        reason = written[f"{low}_reason"]
        lines.append(f"\t{sign}{written[f'{low}_text']}{'#' if reason else ''}{reason}")
    lines += [f"\t####{written['rationale']}", "}", ""]
    return "\n".join(lines)


def _own_line(name: str, value: str) -> str:
    is_plain = value == value.strip() and not value.startswith('"') and not set(value) & {*"\r\n"}
    return f"//: {name}: {value if is_plain else json.dumps(value, ensure_ascii=False)}"


def _note_marks(body: str) -> list[int]:
    return [match.start() for match in re.finditer(f"(?={NOTE_MARK})", body)]


def read_question(question: GiftQuestion) -> dict[str, str | None]:
    """Return the cells of an item's row; None where the question says nothing.

    Raises GiftFault for what can be no item.
    """
    own = _own_columns(question)
    cells: dict[str, str | None] = {
        "key": _key_of(question),
        "rationale": _markdown(question.feedback) or None,
        "answer": _answer_letter(question),
    }
    cells["stem"], cells["note"] = _stem_and_note(question, own.pop("note", None))
    for letter, answer in zip(LETTERS.lower(), question.answers, strict=True):
        cells[f"{letter}_text"] = _markdown(answer.text)
        # Moodle takes feedback on the right answer; here the rationale says why it is right.
        is_key = letter.upper() == cells["answer"]
        cells[f"{letter}_reason"] = "" if is_key else _markdown(answer.feedback) or None
        cells[f"{letter}_error"] = "" if is_key else None
    for name in TEXTS:
        exact = own.pop(f"exact_{name}", None)
        if exact is not None and exact.split() == (cells[name] or "").split():
            cells[name] = exact
    if own:
        # Written by us, so what it leaves out is empty and not unknown.
        cells |= {name: "" for name in CARRIED if name not in cells} | own
        cells["note"] = cells["note"] or ""
    return cells


def _own_columns(question: GiftQuestion) -> dict[str, str]:
    own: dict[str, str] = {}
    allowed = {*CARRIED, "note", *(f"exact_{name}" for name in TEXTS)}
    for comment in question.comments:
        if not comment.startswith("//:"):
            continue
        found = _OWN.fullmatch(comment)
        if not found or found[1] not in allowed:
            raise GiftFault(question.line, f"has a line that names no column: {comment[:60]}")
        name, value = found[1], found[2].strip()
        if value.startswith('"'):
            value = _unquoted(question.line, name, value)
        if name in own and name != "references":
            raise GiftFault(question.line, f"names {name} twice.")
        own[name] = f"{own[name]}\n{value}" if name in own else value
    return own


def _unquoted(line: int, name: str, value: str) -> str:
    try:
        text = json.loads(value)
        text.encode()
    except (ValueError, AttributeError):
        text = None
    if not isinstance(text, str) or "\0" in text:
        raise GiftFault(line, f"{name}: begins with a double quote and is no JSON text.")
    return text


def _stem_and_note(question: GiftQuestion, place: str | None) -> tuple[str, str | None]:
    body = _markdown(question.text)
    marks = _note_marks(body)
    if place is None or not marks:
        return body, None
    if not re.fullmatch(r"[1-9]\d{0,3}", place) or int(place) > len(marks):
        raise GiftFault(question.line, "note: counts the lines --- before the case note.")
    at = marks[int(place) - 1]
    return body[:at], body[at + len(NOTE_MARK) :]


def _key_of(question: GiftQuestion) -> str:
    """Return the name as a key, or a key made of the name or of the first words."""
    if re.fullmatch(PLAIN_SLUG, question.name) and len(question.name) <= 100:
        return question.name
    words = " ".join(_markdown(question.text).split()[:10])
    made = slugify(question.name.replace("_", "-")) or slugify(words.replace("_", "-"))
    made = re.sub("-+", "-", made)[:80].strip("-")
    return made or f"gift-{hashlib.sha256(question.text.text.encode()).hexdigest()[:12]}"


def _answer_letter(question: GiftQuestion) -> str:
    """Return the letter of the only right answer; raises GiftFault where it is not one of four."""
    if len(question.answers) != len(LETTERS):
        number = len(question.answers)
        raise GiftFault(
            question.line,
            f"has {number} answer{'' if number == 1 else 's'}; an item has four, A to D.",
        )
    if any(0 < answer.weight < 100 for answer in question.answers):
        raise GiftFault(
            question.line,
            "gives part of the mark for an answer; an item has one right answer and no others.",
        )
    right = [
        letter
        for letter, answer in zip(LETTERS, question.answers, strict=True)
        if answer.weight >= 100
    ]
    if len(right) != 1:
        raise GiftFault(question.line, f"has {len(right)} right answers; an item has one.")
    return right[0]


def _markdown(text: Text) -> str:
    return to_markdown(text.text) if text.format == "html" else text.text
