"""How hard prose is to read, by the Flesch-Kincaid grade.

Grade = 0.39 x words a sentence + 11.8 x syllables a word - 15.59 (Kincaid and others,
1975). Codes and numbers are read at a glance and count as one short word. Medical terms
are what the exam is about, so a word counts for at most three syllables.
"""

import re

_CODE = re.compile(r"`[^`]*`|\b[A-Z]?\d(?:[\w.,/-]*\w)?")
_WORD = re.compile(r"[A-Za-z']+")
_SENTENCE_END = re.compile(r"[.?!:;](?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
LONGEST_WORD = 3


def syllables(word: str) -> int:
    """Return the syllables of an English word, estimated from its groups of vowels."""
    word = word.lower()
    groups = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    return max(groups, 1)


def reading_grade(text: str) -> float:
    """Return the grade of school at which a text is read; 0 for a text without words."""
    plain = _CODE.sub(" x ", text)
    words = _WORD.findall(plain)
    if not words:
        return 0.0
    sentences = max(len(_SENTENCE_END.findall(plain)), 1)
    total = sum(min(syllables(word), LONGEST_WORD) for word in words)
    return max(0.39 * len(words) / sentences + 11.8 * total / len(words) - 15.59, 0.0)
