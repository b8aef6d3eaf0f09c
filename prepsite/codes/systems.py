"""The shapes of codes, and to which code system a written code belongs."""

import re
from enum import StrEnum


class CodeSystem(StrEnum):
    """The systems that a coder writes codes of."""

    ICD10CM = "icd10cm"
    HCPCS = "hcpcs"
    CPT = "cpt"
    MODIFIER = "modifier"


class CodeStatus(StrEnum):
    """What is known of a code on a date."""

    BILLABLE = "billable"
    VALID = "valid"  # it exists, but a claim needs a longer code
    TERMINATED = "terminated"
    UNKNOWN = "unknown"
    NOT_LOADED = "not loaded"  # no code set of that year is here


# A letter may stand in any place after the first (QA1.71, C4A, Z3A, M1A), so only
# length and the dot tell the two alphanumeric systems apart.
_ICD10CM = r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?"
# No section F, I, N, O or W to Z exists; D is dental and stays out.
_HCPCS = r"[ABCEGHJKLMPQRSTUV]\d{4}"
_CPT = r"\d{4}[0-9AFMTU]"
_MODIFIER = r"-[0-9A-Z]{2}"

_SHAPES = [
    (re.compile(_MODIFIER), CodeSystem.MODIFIER),
    (re.compile(_CPT), CodeSystem.CPT),
    (re.compile(_HCPCS), CodeSystem.HCPCS),
    (re.compile(_ICD10CM), CodeSystem.ICD10CM),
]

# In prose only what cannot be anything else counts: "T12" may be a vertebra.
_IN_TEXT = re.compile(
    rf"(?<![\w.-])(?:(?P<icd>[A-Z][0-9A-Z]{{2}}\.[0-9A-Z]{{1,4}})|(?P<hcpcs>{_HCPCS})"
    rf"|(?P<cpt>\d{{5}}))(?![\w-])(?!\.\d)"
)

# CPT's own modifiers: numbers only, as everywhere. HCPCS's alphabetic ones are data.
CPT_MODIFIERS = frozenset(
    {"22", "23", "24", "25", "26", "27", "32", "33", "47", "50", "51", "52", "53", "54", "55"}
    | {"56", "57", "58", "59", "62", "63", "66", "73", "74", "76", "77", "78", "79", "80", "81"}
    | {"82", "90", "91", "92", "93", "95", "96", "97", "99"}
    | {"P1", "P2", "P3", "P4", "P5", "P6"}
)


def system_of(code: str) -> CodeSystem | None:
    """Return the system that a written code belongs to, or None for no code's shape.

    Modifiers are written with a leading hyphen (``-25``), ICD-10-CM codes with their
    dot. CPT and HCPCS codes have five characters and no dot.
    """
    for shape, system in _SHAPES:
        if shape.fullmatch(code):
            return system
    return None


def codes_in(text: str) -> list[tuple[str, CodeSystem]]:
    """Return the codes that prose names, in order, each with its system."""
    by_group = {"icd": CodeSystem.ICD10CM, "hcpcs": CodeSystem.HCPCS, "cpt": CodeSystem.CPT}
    return [(match.group(0), by_group[str(match.lastgroup)]) for match in _IN_TEXT.finditer(text)]
