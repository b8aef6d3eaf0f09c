"""Items that ask the same: equal, nearly equal, or equal but for numbers and codes.

Likeness is the share of common trigrams (sets of three characters, as pg_trgm counts
them). Two sets can only be alike if they share one of their rarest members, so pairs are
looked up by these and not compared all with all.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from math import ceil

from quizzes.checks.model import ERROR, WARNING, BankFaults, bank_check, scenario
from quizzes.contentfiles import Bank, FiledItem

ALIKE = 0.85
# "What does modifier 25 mean?" is like any other of its kind: its options are the question.
SHORTEST = 40
_MASKED = re.compile(r"[a-z]?\d[\w.,-]*")


def plain(item: FiledItem) -> str:
    """Return what an item asks, without case and punctuation."""
    return re.sub(r"\W+", " ", scenario(item)).casefold().strip()


def masked(item: FiledItem) -> str:
    """Return what an item asks with every number and code replaced by one sign."""
    text = _MASKED.sub("0", scenario(item).casefold())
    return re.sub(r"\W+", " ", text).strip()


def trigrams(text: str) -> frozenset[str]:
    """Return all runs of three characters of a text."""
    padded = f"  {text} "
    return frozenset(padded[start : start + 3] for start in range(len(padded) - 2))


def alike(texts: Sequence[str], threshold: float = ALIKE) -> Iterator[tuple[int, int, float]]:
    """Yield the positions of each pair of texts above the threshold, with their likeness."""
    sets = [trigrams(text) for text in texts]
    frequency = Counter(trigram for members in sets for trigram in members)
    bit_of = {trigram: 1 << place for place, trigram in enumerate(frequency)}
    # Sets as the bits of one number each: their common members are counted in one step.
    bits = [sum(bit_of[trigram] for trigram in members) for members in sets]
    having: dict[str, list[int]] = defaultdict(list)
    for position, members in enumerate(sets):
        ranked = sorted(members, key=lambda trigram: (frequency[trigram], trigram))
        rarest = ranked[: len(ranked) - ceil(threshold * len(ranked)) + 1]
        candidates = set().union(*(having[trigram] for trigram in rarest))
        for other in sorted(candidates):
            common = (bits[position] & bits[other]).bit_count()
            likeness = common / (len(members) + len(sets[other]) - common)
            if likeness > threshold:
                yield other, position, likeness
        for trigram in rarest:
            having[trigram].append(position)


@bank_check(ERROR, 17)
def duplicates(bank: Bank) -> BankFaults:
    """No two items ask the same, and no two case notes are the same."""
    seen: dict[str, str] = {}
    for item in bank.items:
        text = plain(item)
        if text in seen:
            yield item, "stem", f"is the stem of {seen[text]}"
        seen.setdefault(text, item.spec.key)


@bank_check(WARNING, 17)
def near_duplicates(bank: Bank) -> BankFaults:
    """No two items ask nearly the same (trigrams alike by more than 85%, from 40 characters)."""
    for first, second, likeness in _pairs(bank, plain):
        if plain(first) != plain(second):
            yield second, "stem", f"is {likeness:.0%} like the stem of {first.spec.key}"


@bank_check(WARNING, 17)
def same_but_numbers(bank: Bank) -> BankFaults:
    """No two items ask nearly the same but for their numbers and codes."""
    for first, second, likeness in _pairs(bank, masked):
        # What is alike with its numbers too is found above.
        if plain(first) != plain(second) and not list(alike([plain(first), plain(second)])):
            message = f"is {likeness:.0%} like the stem of {first.spec.key}"
            yield second, "stem", f"{message}, numbers and codes aside"


def _pairs(
    bank: Bank, reading: Callable[[FiledItem], str]
) -> Iterator[tuple[FiledItem, FiledItem, float]]:
    """Yield the pairs of items that are alike in this reading of them, with their likeness."""
    read = [(item, text) for item in bank.items if len(text := reading(item)) >= SHORTEST]
    for one, other, likeness in alike([text for _, text in read]):
        yield read[one][0], read[other][0], likeness
