"""Injuries: 7th characters against the encounter's wording, open and closed fractures."""

import re

from quizzes.checks.materials import Materials
from quizzes.checks.model import WARNING, ItemFaults, item_check, key_of, scenario
from quizzes.contentfiles import FiledItem

ACTIVE = re.compile(
    r"active treatment|initial encounter|begins? (?:the )?treatment|surgery today", re.IGNORECASE
)
HEALING = re.compile(
    r"(?:routine|delayed|normal) healing|heal(?:ing|ed) (?:well|as expected|normally|routinely)"
    r"|nonunion|malunion|cast (?:change|removal|is removed|check)|healing phase"
    r"|follow-up (?:visit|care|x-ray|film)|subsequent encounter",
    re.IGNORECASE,
)
SEQUELA = re.compile(r"\bsequelae?\b|\blate effects?\b|\bresidual\b", re.IGNORECASE)
# "The record does not say whether it is open or closed" says neither.
_UNTOLD = re.compile(r"\b(?:open or closed|closed or open)\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\bopen (?!reduction|treatment)(?:\w+ ){0,4}fracture|\bcompound fracture"
    r"|fracture (?:is|was) open"
    r"|bone (?:protru|extru)\w+",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\bclosed (?!reduction|treatment)(?:\w+ ){0,4}fracture|fracture (?:is|was) closed"
    r"|skin is intact",
    re.IGNORECASE,
)
_CUT_DOWN = re.compile(
    r"\bopen (?:reduction|treatment)|\bincis|\bexpos|\bORIF\b|\bcut", re.IGNORECASE
)
_NOT_CUT = re.compile(
    r"\bclosed (?:reduction|treatment|manipulation)|without (?:an )?incision", re.IGNORECASE
)


@item_check(WARNING, 25)
def seventh_character(item: FiledItem, materials: Materials) -> ItemFaults:
    """The key's 7th characters fit the encounter: active treatment, healing or sequela."""
    text = scenario(item)
    active, healing = ACTIVE.search(text), HEALING.search(text)
    titles = materials.notebook(item).titles
    for code in key_of(item).codes:
        title = titles.get(code, "")
        field = f"options.{item.spec.answer}.codes"
        if "initial encounter" in title and not active and (found := healing):
            yield field, f'{code} is for active treatment, but the scenario says "{found.group()}"'
        elif "subsequent encounter" in title and not healing and (found := active):
            yield field, f'{code} is for healing, but the scenario says "{found.group()}"'
        elif "encounter" in title and not active and (found := SEQUELA.search(text)):
            yield field, f'{code} is no sequela, but the scenario says "{found.group()}"'


@item_check(WARNING, 26)
def fracture_type(item: FiledItem, materials: Materials) -> ItemFaults:
    """The key's fracture codes are open or closed as the scenario says."""
    text = _UNTOLD.sub("", scenario(item))
    said_open, said_closed = bool(_OPEN.search(text)), bool(_CLOSED.search(text))
    titles = materials.notebook(item).titles
    for code in key_of(item).codes:
        title = titles.get(code, "")
        coded_open, coded_closed = "open fracture" in title, "closed fracture" in title
        if coded_open and not said_open:
            yield f"options.{item.spec.answer}.codes", f"{code} is open, which no scenario says"
        elif coded_closed and said_open and not said_closed:
            yield f"options.{item.spec.answer}.codes", f"{code} is closed, the scenario says open"


@item_check(WARNING, 26)
def fracture_treatment(item: FiledItem, materials: Materials) -> ItemFaults:
    """Key and rationale call a treatment open or closed as the scenario describes it."""
    text = scenario(item)
    cut, not_cut = _CUT_DOWN.search(text), _NOT_CUT.search(text)
    for field, words in (
        (f"options.{item.spec.answer}.text", key_of(item).text),
        ("rationale", item.spec.rationale),
    ):
        calls_open = re.search(r"\b(?:is|was|as) open treatment", words, re.IGNORECASE)
        calls_closed = re.search(r"\b(?:is|was|as) closed treatment", words, re.IGNORECASE)
        if calls_open and not_cut and not cut:
            yield field, f'calls it open treatment, the scenario says "{not_cut.group()}"'
        if calls_closed and cut and not not_cut:
            yield field, f'calls it closed treatment, the scenario says "{cut.group()}"'
