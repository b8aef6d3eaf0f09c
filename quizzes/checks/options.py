"""The four options: distinct, of one shape, and fair."""

import re
from collections import Counter, defaultdict
from itertools import combinations
from statistics import mean

from quizzes.checks.materials import Materials
from quizzes.checks.model import (
    ERROR,
    WARNING,
    BankFaults,
    ItemFaults,
    bank_check,
    item_check,
    key_of,
)
from quizzes.contentfiles import Bank, FiledItem
from quizzes.itemspec import OptionSpec

# The order of codes is the question, or the error that a distractor stands for.
ORDER_ASKED = re.compile(
    r"\border\b|\bsequence|\bfirst\b|\blead|\bprincipal\b|\blisted?\b", re.IGNORECASE
)
ORDER_TAGS = re.compile(r"sequence|order|reversed|first|before|swap|leads?\b")
# Short options differ in length by nature: "E11.9" beside "E11.21, N18.30".
COMPARABLE = 25
# The target is 15%; of the first 42 items with longer options 40 kept it, none passed 17%.
KEY_STANDS_OUT = 0.20
OPTIONS_STAND_OUT = 2.0


@item_check(ERROR, 5)
def error_tags(item: FiledItem, materials: Materials) -> ItemFaults:
    """Every distractor stands for an error of its own."""
    tags = Counter(option.error for option in item.spec.options.values() if option.error)
    for tag, times in tags.items():
        if times > 1:
            yield "options", f"{tag} stands {times} times"


@item_check(ERROR, 19)
def options_reordered(item: FiledItem, materials: Materials) -> ItemFaults:
    """Two options are not the same codes in another order, unless the order is the question."""
    asked = ORDER_ASKED.search(item.spec.stem)
    for (one, first), (other, second) in combinations(item.spec.options.items(), 2):
        tagged = ORDER_TAGS.search(f"{first.error} {second.error}")
        if _parts(first) == _parts(second) and not asked and not tagged:
            yield f"options.{other}.text", f"says the same as {one} in another order"


def _parts(option: OptionSpec) -> list[str]:
    """Return what an option lists, codes with their modifiers and units, in alphabetical order."""
    parts = re.split(r"[,;]|\band\b|\bthen\b", option.text.casefold())
    return sorted(" ".join(part.split()) for part in parts)


@item_check(WARNING, 16)
def option_lengths(item: FiledItem, materials: Materials) -> ItemFaults:
    """The key is about as long as the other options, and no option dwarfs another."""
    lengths = {letter: len(option.text) for letter, option in item.spec.options.items()}
    average = mean(lengths.values())
    if average < COMPARABLE:
        return
    key = lengths[item.spec.answer]
    if abs(key - average) > KEY_STANDS_OUT * average:
        yield (
            f"options.{item.spec.answer}.text",
            f"the key has {key} characters, the options {average:.0f} on average",
        )
    elif max(lengths.values()) > OPTIONS_STAND_OUT * min(lengths.values()):
        yield "options", f"have {min(lengths.values())} to {max(lengths.values())} characters"


def key_is_longest(item: FiledItem) -> bool:
    """Tell whether the key is longer than every other option."""
    key = key_of(item)
    return all(
        len(option.text) < len(key.text)
        for option in item.spec.options.values()
        if option is not key
    )


@bank_check(WARNING, 18)
def option_sets(bank: Bank) -> BankFaults:
    """No two items offer the same four options."""
    seen: dict[frozenset[str], list[str]] = defaultdict(list)
    for item in bank.items:
        texts = frozenset(
            " ".join(option.text.split()).casefold() for option in item.spec.options.values()
        )
        # Four numbers of units are what any count is asked with.
        if all(re.fullmatch(r"\d+ \w+", text) for text in texts):
            continue
        if seen[texts]:
            yield item, "options", f"are those of {', '.join(seen[texts])}"
        seen[texts].append(item.spec.key)
