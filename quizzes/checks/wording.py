"""Wording of stems, options and explanations."""

import re

from quizzes.checks.materials import Materials
from quizzes.checks.model import ERROR, WARNING, BankFaults, ItemFaults, bank_check, item_check
from quizzes.checks.readability import reading_grade as grade_of
from quizzes.contentfiles import Bank, FiledItem

CASE_WORDS = range(120, 251)
LETTER_NAMED = re.compile(r"\b(?i:option|choice|answer|distractor)s? \(?([A-D])\b(?![-.]\d)")
BANNED = re.compile(
    r"\b(?i:(?:all|none|any|both|two) of (?:the|these) (?:above|below|options|choices|answers))\b"
    r"|\b(?i:all (?:the above|of these|are correct)|none of these)\b"
    r"|\b(?i:both|either|neither) \(?[A-D]\)? (?:and|or|nor) \(?[A-D]\b"
)
ABSOLUTE = re.compile(r"\b(?:always|never)\b", re.IGNORECASE)
# "Which code is not reported?", but not "Which code is reported if the patient is not new?"
NEGATIVE = re.compile(
    r"\b(?:[Ww]hich|[Ww]hat)\b"
    r"(?:(?!\b(?:if|when|who|that|because|while|since|and|but|where)\b)[^.?,]){0,60}"
    r"\b(?:is|are|was|were|does|do|did|should|would|may|can|must|has|have)"
    r" (?:NOT|not)\b(?! only)[^.?]*\?|\b(?:EXCEPT|except)\b[^.?]{0,5}[:?]"
)
NEGATIVE_SHARE, NEGATIVE_FROM = 0.02, 50
# The first 171 items reach 12.3, half of them 8: above this, sentences are too long.
HIGHEST_GRADE = 13


@item_check(ERROR, 6)
def option_letters(item: FiledItem, materials: Materials) -> ItemFaults:
    """Rationale and reasons name no option by its letter: practice shuffles them."""
    for field, text in item.spec.texts():
        if field == "rationale" or field.endswith(".reason"):
            for letter in LETTER_NAMED.findall(text):
                yield field, f"names option {letter}"


@item_check(ERROR, 20)
def banned_phrases(item: FiledItem, materials: Materials) -> ItemFaults:
    """No option says "all of the above", "none of the above" or "both A and B"."""
    for letter, option in item.spec.options.items():
        if match := BANNED.search(option.text):
            yield f"options.{letter}.text", f'says "{match.group()}"'


@item_check(WARNING, 20)
def absolute_words(item: FiledItem, materials: Materials) -> ItemFaults:
    """No option says always or never: both give a wrong option away."""
    for letter, option in item.spec.options.items():
        if match := ABSOLUTE.search(option.text):
            yield f"options.{letter}.text", f'says "{match.group()}"'


@item_check(ERROR, 21)
def negative_stem(item: FiledItem, materials: Materials) -> ItemFaults:
    """A question for what does not hold has its NOT or EXCEPT in capitals."""
    match = NEGATIVE.search(item.spec.stem)
    if match and not re.search(r"\bNOT\b|\bEXCEPT\b", match.group()):
        yield "stem", f'asks a negative without capitals: "{match.group()}"'


@bank_check(ERROR, 21)
def negative_share(bank: Bank) -> BankFaults:
    """At most 2% of the stems are negative (from 50 items on)."""
    negative = [item for item in bank.items if NEGATIVE.search(item.spec.stem)]
    share = len(negative) / max(len(bank.items), 1)
    if len(bank.items) >= NEGATIVE_FROM and share > NEGATIVE_SHARE:
        keys = ", ".join(item.spec.key for item in negative)
        yield "", "stem", f"{share:.1%} of the stems are negative: {keys}"


@item_check(ERROR, 30)
def case_note(item: FiledItem, materials: Materials) -> ItemFaults:
    """Cases have a note of 120 to 250 words, other items have none."""
    words = len(item.spec.note.split())
    if item.area == "cases" and words not in CASE_WORDS:
        yield "note", f"has {words} words, not 120 to 250"
    if item.area != "cases" and words:
        yield "note", "only cases have one"


@item_check(WARNING, 30)
def reading_grade(item: FiledItem, materials: Materials) -> ItemFaults:
    """Stem and rationale can be read by a school leaver (Flesch-Kincaid grade)."""
    for field, text in (("stem", item.spec.stem), ("rationale", item.spec.rationale)):
        grade = grade_of(text)
        if grade > HIGHEST_GRADE:
            yield field, f"reads at grade {grade:.1f}, above {HIGHEST_GRADE}: shorten its sentences"
