"""Blind solving: a sheet without keys for a fresh reader, and the record of its answers.

The sheet's options are shuffled and its items carry opaque ids, so that neither the
order nor a key's name tells anything. What maps them back stays in a second file that
the reader does not get. Records are written into the content files by ``record`` only.
"""

import json
import random
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from prepsite.content.files import ContentError
from quizzes.contentfiles import FiledItem, by_topic, read_bank, write_items
from quizzes.itemspec import LETTERS, BlindSolveSpec, ItemSpec, Letter, Text, describe_errors

INSTRUCTIONS = """\
# Blind sheet

Answer every item from the item alone and your own knowledge of the code books and rules.
Open no file of the project. For each item give the letter of the one best answer, your
confidence (low, medium or high) and the reason in one sentence. If an item has no single
best answer, pick the likeliest, set the confidence to low and say what is wrong with it.

Write a JSON list to the answers file:
[{"id": "...", "answer": "A", "confidence": "high", "reason": "..."}, ...]
"""


@dataclass(frozen=True)
class Sheet:
    """A sheet for the reader, and the map that only ``record`` reads."""

    text: str
    map: dict[str, dict[str, Any]]


class SolverAnswer(BaseModel):
    """What a reader answered to one item of the sheet."""

    model_config = ConfigDict(frozen=True)

    id: str
    answer: Letter
    confidence: Literal["low", "medium", "high"]
    reason: Text


def make_sheet(items: Iterable[FiledItem], seed: int | None = None) -> Sheet:
    """Return the sheet of some items, items and options in random order."""
    chance = random.Random(seed if seed is not None else secrets.randbits(64))
    shuffled = list(items)
    chance.shuffle(shuffled)
    blocks, mapping = [INSTRUCTIONS], {}
    for item in shuffled:
        opaque = f"{chance.getrandbits(32):08x}"
        letters = list(LETTERS)
        chance.shuffle(letters)
        shown = dict(zip(LETTERS, letters, strict=True))
        mapping[opaque] = {
            "key": item.spec.key,
            "sheet": item.spec.sheet_digest(),
            "shown": shown,
        }
        note = f"\n{item.spec.note}\n" if item.spec.note else ""
        options = "\n".join(
            f"{place}. {item.spec.options[letter].text}"  # type: ignore[index]
            for place, letter in shown.items()
        )
        blocks.append(
            f"## {opaque}\n(Code year {item.spec.code_year})\n{note}\n"
            f"{item.spec.stem}\n\n{options}\n"
        )
    return Sheet("\n".join(blocks), mapping)


@dataclass(frozen=True)
class Outcome:
    """How a reader's answer to one item compares with its key."""

    key: str
    agreed: bool
    picked: str
    answer: str
    confidence: str
    reason: str


def read_answers(path: Path) -> list[SolverAnswer]:
    """Return a reader's answers; ContentError where the file is not what was asked for."""
    try:
        return TypeAdapter(list[SolverAnswer]).validate_json(path.read_bytes())
    except ValidationError as error:
        raise ContentError(f"{path}: {'; '.join(describe_errors(error.errors()))}") from error
    except FileNotFoundError as error:
        raise ContentError(f"{path} is missing") from error


def record(
    root: Path, answers: list[SolverAnswer], mapping: dict[str, Any], solver: str, on: date
) -> list[Outcome]:
    """Score a reader's answers and write the records into the content files.

    Answers to items that changed since the sheet was made are refused, and so is a
    sheet answered in part: ContentError names what is missing.
    """
    given = {answer.id: answer for answer in answers}
    if len(given) < len(answers):
        raise ContentError("an item is answered twice")
    if missing := sorted(set(mapping) - set(given)):
        raise ContentError(f"no answer for {', '.join(missing)}")
    if strange := sorted(set(given) - set(mapping)):
        raise ContentError(f"not on the sheet: {', '.join(strange)}")
    solves: dict[str, BlindSolveSpec] = {}
    outcomes: list[Outcome] = []
    files = list(by_topic(read_bank(root).items))
    specs = {spec.key: spec for _, _, members in files for spec in members}
    for opaque, entry in mapping.items():
        spec = specs.get(entry["key"])
        if spec is None or entry["sheet"] != spec.sheet_digest():
            raise ContentError(f"{entry['key']} has changed since the sheet was made")
        if any((old.sheet, old.solver) == (entry["sheet"], solver) for old in spec.blind_solves):
            raise ContentError(f"{solver} has solved {spec.key} already: ask another reader")
        solve = _solve(spec, entry["shown"], given[opaque], solver, on)
        solves[spec.key] = solve
        outcomes.append(
            Outcome(
                spec.key, solve.agreed, solve.picked, spec.answer, solve.confidence, solve.reason
            )
        )
    for area, topic, members in files:
        updated = [_with_solve(spec, solves.get(spec.key)) for spec in members]
        if updated != members:
            write_items(root, area, topic, updated)
    return outcomes


def _solve(
    spec: ItemSpec, shown: dict[str, Letter], answer: SolverAnswer, solver: str, on: date
) -> BlindSolveSpec:
    """Return the record of one answer; ``shown`` maps the sheet's letters to the file's."""
    picked = shown[answer.answer]
    return BlindSolveSpec(
        sheet=spec.sheet_digest(),
        solver=solver,
        picked=picked,
        agreed=picked == spec.answer,
        confidence=answer.confidence,
        reason=answer.reason,
        solved_on=on,
    )


def _with_solve(spec: ItemSpec, solve: BlindSolveSpec | None) -> ItemSpec:
    """Add a record to an item; earlier ones stay."""
    if solve is None:
        return spec
    return spec.model_copy(update={"blind_solves": (*spec.blind_solves, solve)})


def map_path(sheet: Path) -> Path:
    """Return where the map of a sheet is kept: beside it, under another name."""
    return sheet.with_name(f"{sheet.name}.map.json")


def write_sheet(sheet: Sheet, path: Path) -> None:
    """Write sheet and map."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sheet.text, encoding="utf-8")
    map_path(path).write_text(json.dumps(sheet.map, indent=1), encoding="utf-8")


def read_map(path: Path) -> dict[str, Any]:
    """Return the map of a sheet; ContentError where it is missing."""
    try:
        data: dict[str, Any] = json.loads(map_path(path).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ContentError(f"{map_path(path)} cannot be read: make the sheet anew") from error
    return data
