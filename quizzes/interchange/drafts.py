"""What a file from elsewhere does not say about an item, filled in for a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from prepsite.codes.systems import CodeSystem, codes_in
from prepsite.content.exchange.resource import RowFault
from quizzes.itemspec import LETTERS, UNNAMED, UNWRITTEN

type Remarks = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Wishes:
    """What an importer chose for items that do not say it themselves.

    ``reference`` is one line of an item's references; ``today`` gives the code year.
    """

    topic: str = ""
    reference: str = ""
    today: date | None = None


def complete(
    cells: Mapping[str, Any], before: Mapping[str, Any] | None, wishes: Wishes
) -> tuple[dict[str, Any], Remarks]:
    """Return a row without gaps, and remarks about what stands in them now.

    A gap is a cell that is None, or empty where no item can do without it. The item that is
    here under this key (``before``) fills it first. Raises RowFault where nothing can.
    """
    chosen, owed = _chosen(cells, wishes), _owed(cells)
    filled = dict(cells)
    used, unwritten = [], []
    for name, value in cells.items():
        if value or (value == "" and name not in chosen | owed):
            continue
        # The status of an item that is here depends on what its row changes.
        if before and before[name] and name != "status":
            filled[name] = before[name]
        elif name in owed:
            filled[name] = owed[name]
            unwritten.append(name)
        else:
            filled[name] = chosen.get(name, "")
            used += [name] if filled[name] else []
    if missing := [name for name in ("topic", "references") if not filled[name]]:
        ask = "is not in the file: choose one for all questions that name none."
        raise RowFault(*((name, ask) for name in missing))
    remarks = []
    if used:
        remarks.append(("", f"Chosen, because the file does not say: {', '.join(used)}."))
    if unwritten:
        remarks.append(("", f"Still to be written before review: {', '.join(unwritten)}."))
    return filled, tuple(remarks)


def _owed(cells: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands for the texts that an item must have and nobody can guess."""
    wrong = [letter.lower() for letter in LETTERS if letter != cells["answer"]]
    reasons = {f"{letter}_reason": UNWRITTEN for letter in wrong}
    return {"rationale": UNWRITTEN} | reasons | {f"{letter}_error": UNNAMED for letter in wrong}


def _chosen(cells: Mapping[str, Any], wishes: Wishes) -> dict[str, str]:
    """Return what a draft starts from where its file is silent."""
    year = cells["code_year"] or (cells["valid_from"] or "")[:4]
    year = year or (str(wishes.today.year) if wishes.today else "")
    prose = " ".join(value for value in cells.values() if isinstance(value, str))
    names_cpt = any(system is CodeSystem.CPT for _, system in codes_in(prose))
    return {
        "topic": wishes.topic,
        "rule": cells["key"],
        "difficulty": "2",
        "payer_context": "any",
        "code_year": year,
        "valid_from": f"{year}-01-01",
        "valid_to": f"{year}-12-31",
        "cpt_content": "yes" if names_cpt else "no",
        "order": "fixed",
        "references": wishes.reference,
    }
