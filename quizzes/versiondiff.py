"""What two versions of an item say, side by side, word by word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from quizzes.models import QuestionVersion

# Codes stay whole, blanks and punctuation stand for themselves.
_WORDS = re.compile(r"\w+(?:[.-]\w+)*|\s+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Some words of a text; ``changed`` where the other text lacks them."""

    text: str
    changed: bool


@dataclass(frozen=True)
class FieldDiff:
    """One field of both versions, as pieces that make up each text."""

    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.changed for piece in (*self.old, *self.new))


def fields_of(version: QuestionVersion) -> dict[str, str]:
    """Return everything that a version says, label to text, in the order of reading."""
    fields = {"Case note": version.note, "Stem": version.stem}
    for choice in version.choices.all():
        option = f"Option {choice.letter}"
        fields[option] = choice.text
        fields[f"{option}: codes"] = choice.codes
        fields[f"{option}: error"] = choice.error_tag
        fields[f"{option}: reason"] = choice.reason
    fields["Key"] = ", ".join(choice.letter for choice in version.choices.all() if choice.is_key)
    return fields | {
        "Rationale": version.rationale,
        "References": "\n".join(map(reference_line, version.references)),
        "Difficulty": version.get_difficulty_display(),
        "Payer": version.get_payer_context_display(),
        "Code year": str(version.code_year),
        "Valid from": version.valid_from.isoformat(),
        "Valid to": version.valid_to.isoformat(),
        "Order of choices": version.get_order_display(),
        "Facts": "\n".join(f"{name}: {value}" for name, value in version.facts.items()),
    }


def reference_line(reference: Mapping[str, str]) -> str:
    """Return a reference in one line: source, section and address where it has one."""
    parts = [reference["source"], reference["section"], reference.get("url", "")]
    return " | ".join(part for part in parts if part)


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> list[FieldDiff]:
    """Return the difference of each field that either side has, in the new side's order."""
    labels = dict.fromkeys([*new, *old])
    return [FieldDiff(label, *_words(old.get(label, ""), new.get(label, ""))) for label in labels]


def _words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces; what stands between two changed words counts as changed."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        for side, text in (
            (left, "".join(before[start:end])),
            (right, "".join(after[new_start:new_end])),
        ):
            if text:
                side.append(Piece(text, kind != "equal"))
    return tuple(left), tuple(right)
