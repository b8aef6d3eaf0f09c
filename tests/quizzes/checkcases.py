"""Codes for tests of checks, and items that have one thing wrong with them."""

from datetime import date
from typing import Any

from prepsite.codes.models import IcdEntry, IcdNote
from prepsite.codes.notes import notebook_of
from prepsite.codes.tabular import Entry
from prepsite.codes.validity import CodeBook, HcpcsSpan
from quizzes.checks.materials import Materials
from quizzes.checks.reference import Reference
from tests.factories import item_data

YEARS = {"valid_from": "2026-01-01", "valid_to": "2027-12-31"}
YEAR_2026 = {"valid_from": "2026-01-01", "valid_to": "2026-12-31"}

TITLES = {
    "E11.9": "Type 2 diabetes mellitus without complications",
    "I10": "Essential (primary) hypertension",
    "D63.0": "Anemia in neoplastic disease",
    "C18.7": "Malignant neoplasm of sigmoid colon",
    "K70.31": "Alcoholic cirrhosis of liver with ascites",
    "R18.8": "Other ascites",
    "N40.0": "Benign prostatic hyperplasia without lower urinary tract symptoms",
    "O80": "Encounter for full-term uncomplicated delivery",
    "P07.00": "Extremely low birth weight newborn, unspecified weight",
    "Z00.129": "Encounter for routine child health examination without abnormal findings",
    "M17.11": "Unilateral primary osteoarthritis, right knee",
    "M17.0": "Bilateral primary osteoarthritis of knee",
    "S52.501A": "Fracture of right radius, initial encounter for closed fracture",
    "S52.501B": "Fracture of right radius, initial encounter for open fracture type I or II",
    "S52.501D": "Fracture of right radius, subsequent encounter for fracture with healing",
    "S52.501S": "Fracture of right radius, sequela",
    "T46.4X6A": "Underdosing of ACE inhibitors, initial encounter",
    "F02.80": "Dementia in other diseases classified elsewhere",
    "G30.9": "Alzheimer's disease, unspecified",
    "R65.20": "Severe sepsis without septic shock",
    "A41.9": "Sepsis, unspecified organism",
    "W01.0XXA": "Fall on same level, initial encounter",
    "Z37.0": "Single live birth",
}
NOTES = {
    "R18.8": (IcdNote.Kind.EXCLUDES1, "ascites in alcoholic cirrhosis (K70.31)"),
    "D63.0": (IcdNote.Kind.CODE_FIRST, "neoplasm (C00-D49)"),
    "F02.80": (IcdNote.Kind.CODE_FIRST, "the underlying disease"),
}

BOOK = CodeBook(
    {
        2026: dict.fromkeys(TITLES, True) | {"E11": False},
        2027: dict.fromkeys(TITLES, True) | {"E11": False} | {"I10": False},
    },
    {
        "J0585": HcpcsSpan(date(2010, 1, 1), None),
        "J9999": HcpcsSpan(date(2010, 1, 1), date(2025, 12, 31)),
        "G0101": HcpcsSpan(date(2010, 1, 1), None),
        "G0105": HcpcsSpan(date(2010, 1, 1), None),
        "-LT": HcpcsSpan(date(2010, 1, 1), None),
        "-RT": HcpcsSpan(date(2010, 1, 1), None),
        "-XU": HcpcsSpan(date(2015, 1, 1), None),
    },
)
REFERENCE = Reference(
    {
        "J0585": HcpcsSpan(date(2010, 1, 1), None),
        "G0101": HcpcsSpan(date(2010, 1, 1), date(2026, 6, 30)),
        "-LT": HcpcsSpan(date(2010, 1, 1), None),
        "-RT": HcpcsSpan(date(2010, 1, 1), date(2024, 12, 31)),
    },
    "2025-10",
    None,
)
MATERIALS = Materials(
    BOOK,
    {
        2026: notebook_of(
            Entry(
                code,
                "",
                IcdEntry.Kind.CODE,
                title,
                is_billable=True,
                notes=[NOTES[code]] if code in NOTES else [],
            )
            for code, title in TITLES.items()
        )
    },
    REFERENCE,
)


def stem(text: str, **changes: Any) -> dict[str, Any]:
    """Return an item with this stem."""
    return item_data(stem=text, **changes)


def option(letter: str, **changes: Any) -> dict[str, Any]:
    """Return an item with this in one of its options; other fields by their own names."""
    own = {"text", "codes", "error", "reason"} & changes.keys()
    fields = {name: changes.pop(name) for name in own}
    data = item_data(**YEAR_2026 | changes)
    data["options"][letter] |= fields
    return data


def key(*codes: str, **changes: Any) -> dict[str, Any]:
    """Return an item whose key has these codes, named in its text and its rationale."""
    has_cpt = any(len(code) == 5 and code[0].isdigit() for code in codes)
    text = ", ".join(code.lstrip("-") for code in codes)
    told = {"rationale": f"The codes are {text}.", "cpt_content": "yes" if has_cpt else "no"}
    return option("B", text=text, codes=list(codes), **told | changes)


def texts(**by_letter: str) -> dict[str, Any]:
    """Return an item with these texts of options: ``texts(A=…, B=…, C=…, D=…)``."""
    data = item_data()
    for letter, text in by_letter.items():
        data["options"][letter]["text"] = text
    return data


def facts(told: str, rationale: str, **changes: Any) -> dict[str, Any]:
    """Return an item whose stem and rationale state these things, with facts as changes."""
    context = changes.pop("payer_context", "any")
    return item_data(stem=told, rationale=rationale, payer_context=context, facts=changes)


def many(number: int, **changes: Any) -> list[dict[str, Any]]:
    """Return so many items that differ in everything that comparisons look at."""
    return [item_data(stem=unlike(n), **changes) for n in range(number)]


def unlike(n: int) -> str:
    """Return a stem that is like no other, even without its numbers."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    first, second = letters[n % 26], letters[(7 * n + n // 26) % 26]
    return " ".join(f"{first * size}{second * (5 - size)}" for size in range(1, 5)) + "?"


def with_answers(answers: str, **changes: Any) -> list[dict[str, Any]]:
    """Return items whose keys are these letters in turn."""
    items = many(len(answers), **changes)
    return [rekeyed(data, answer) for data, answer in zip(items, answers, strict=True)]


def rekeyed(data: dict[str, Any], answer: str) -> dict[str, Any]:
    """Return the item with another option as its key."""
    options = data["options"]
    if answer != "B":
        distractor = {name: options[answer].pop(name) for name in ("error", "reason")}
        options["B"] |= distractor
    return data | {"answer": answer}
