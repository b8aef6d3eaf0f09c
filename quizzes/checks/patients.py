"""Does the patient of the scenario fit the key: sex, age, and side of the body?"""

import re
from collections.abc import Iterator

from quizzes.checks.materials import Materials
from quizzes.checks.model import ERROR, ItemFaults, item_check, key_of, scenario
from quizzes.checks.ranges import code_set, table
from quizzes.contentfiles import FiledItem

# Twelve months are a year, whatever their days.
DAYS = {"day": 1, "week": 7, "month": 30.4375, "year": 365.25}
_AGE = re.compile(
    r"\b(?P<number>\d{1,3})[- ](?P<unit>day|week|month|year)s?[- ](?:old\b|of age\b)"
    r"|(?<!\bat )\b[Aa]ged? (?P<years>\d{1,3})\b(?! (?:hours|days|weeks|months))"
)
_CHILD = re.compile(r"\b(?:newborn|neonate|infant|baby)\b", re.IGNORECASE)
_NEWBORN = re.compile(r"\b(?:newborn|neonate)\b", re.IGNORECASE)
_DELIVERY = re.compile(r"\bdeliver|\bbirth\b|\bborn\b|\bnewborn\b|\bpregnan", re.IGNORECASE)
_WORDS_OF_SEX = {
    "female": re.compile(r"\b(?:woman|women|female)\b", re.IGNORECASE),
    "male": re.compile(r"\b(?:man|men|male)\b", re.IGNORECASE),
}
_CHILDREN_OF_SEX = {
    "female": re.compile(r"\b(?:girl|daughter)\b", re.IGNORECASE),
    "male": re.compile(r"\b(?:boy|son)\b", re.IGNORECASE),
}
# Whose sex a word names is not clear beside these.
_UNCLEAR = re.compile(
    r"\btrans(?:gender)?\b|assigned (?:fe)?male"
    r"|\b(?:husband|wife|mother|father|parents?|partner)\b",
    re.IGNORECASE,
)

_SIDE_WORDS = {
    "right": re.compile(r"\bright\b(?!-hand| hand dominan| away)", re.IGNORECASE),
    "left": re.compile(
        r"\bleft\b(?!-hand| (?:in place|alone|over|out|to|as|behind|open|aside|the|her|his|their"
        r"|a|an|it|with|without|by|for|after|before)\b)",
        re.IGNORECASE,
    ),
}
_BOTH = re.compile(
    r"\bboth\b|\bbilateral|\beach (?:eye|ear|side|knee|hip|leg|arm|breast)\b", re.IGNORECASE
)
_LEFT_MODIFIERS = code_set("-LT -FA -F1 -F2 -F3 -F4 -TA -T1 -T2 -T3 -T4 -E1 -E2")
_RIGHT_MODIFIERS = code_set("-RT -F5 -F6 -F7 -F8 -F9 -T5 -T6 -T7 -T8 -T9 -E3 -E4")


def sex_of(item: FiledItem) -> str | None:
    """Return the patient's sex, from the facts or the scenario's words; None if not clear."""
    if stated := item.spec.facts.get("sex"):
        return stated
    text = scenario(item)
    if _UNCLEAR.search(text):
        return None
    found = {sex for sex, words in _WORDS_OF_SEX.items() if words.search(text)}
    # "Delivers a healthy boy" says nothing of the mother.
    if not _DELIVERY.search(text):
        found |= {sex for sex, words in _CHILDREN_OF_SEX.items() if words.search(text)}
    return found.pop() if len(found) == 1 else None


def days_of_age(item: FiledItem) -> float | None:
    """Return the patient's age in days, from the facts or the scenario; None if not clear."""
    if stated := item.spec.facts.get("age"):
        return days(stated)
    text = scenario(item)
    ages = {
        int(match["years"]) * DAYS["year"]
        if match["years"]
        else int(match["number"]) * DAYS[match["unit"]]
        for match in _AGE.finditer(text)
    }
    if len(ages) == 1:
        age = ages.pop()
        # A mother's age beside her child says nothing of whom the code is for.
        return None if _CHILD.search(text) and age > 2 * DAYS["year"] else age
    return 0 if not ages and _NEWBORN.search(text) else None


def days(written: str) -> float | None:
    """Return an age written as ``67 years`` or ``12 days`` in days, None for another form."""
    match = re.fullmatch(r"(\d+) (day|week|month|year)s?", written)
    return int(match[1]) * DAYS[match[2]] if match else None


@item_check(ERROR, 22)
def sex(item: FiledItem, materials: Materials) -> ItemFaults:
    """The key's codes are for the patient's sex."""
    patient = sex_of(item)
    for code in key_of(item).codes:
        for row in table("patients.yaml")["sex"]:
            if patient and patient != row["sex"] and code in code_set(row["codes"]):
                yield _key_field(item), f"{code} is for a {row['sex']} patient, not a {patient} one"


@item_check(ERROR, 23)
def age(item: FiledItem, materials: Materials) -> ItemFaults:
    """The key's codes are for the patient's age."""
    patient = days_of_age(item)
    if patient is None:
        return
    for code in key_of(item).codes:
        for row, inside in _spans_of_age():
            fits = days(row["from"]) <= patient < days(row["to"])  # type: ignore[operator]
            if fits != inside and code in code_set(row["codes"]):
                bounds = f"{row['from']} to under {row['to']}"
                asked = bounds if inside else f"ages other than {bounds}"
                yield _key_field(item), f"{code} is for {asked}"


def _spans_of_age() -> Iterator[tuple[dict[str, str], bool]]:
    """Yield each row of the table of ages and whether the patient must be inside it."""
    for row in table("patients.yaml")["age"]:
        yield row, True
    for row in table("patients.yaml")["outside_age"]:
        yield row, False


@item_check(ERROR, 24)
def laterality(item: FiledItem, materials: Materials) -> ItemFaults:
    """The key's codes and modifiers are of the side that the scenario names."""
    told = sides_of(item)
    if len(told) != 1:
        return
    titles = materials.notebook(item).titles
    for code in key_of(item).codes:
        sides = _sides_of_code(code, titles.get(code, ""))
        if sides and sides != told:
            coded, said = " and ".join(sorted(sides)), " and ".join(told)
            yield _key_field(item), f"{code} is of the {coded} side, the scenario of the {said}"


def sides_of(item: FiledItem) -> set[str]:
    """Return the sides that the scenario speaks of."""
    stated = item.spec.facts.get("laterality")
    if stated:
        return {"right", "left"} if stated == "both" else {stated}
    text = scenario(item)
    if _BOTH.search(text):
        return {"right", "left"}
    return {side for side, words in _SIDE_WORDS.items() if words.search(text)}


def _sides_of_code(code: str, title: str) -> set[str]:
    if code in _LEFT_MODIFIERS:
        return {"left"}
    if code in _RIGHT_MODIFIERS:
        return {"right"}
    if code == "-50" or re.search(r"\bbilateral\b", title, re.IGNORECASE):
        return {"right", "left"}
    return {side for side in ("right", "left") if re.search(rf"\b{side}\b", title, re.IGNORECASE)}


def _key_field(item: FiledItem) -> str:
    return f"options.{item.spec.answer}.codes"
