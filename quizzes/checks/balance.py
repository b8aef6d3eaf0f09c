"""The bank as a whole: its frame, and whether anything but knowledge gives the key away.

Figures of an area mean something only when it is filled, so each has a size from which
it applies. Retired items do not count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby

from quizzes.checks.model import ERROR, BankFaults, bank_check
from quizzes.checks.options import key_is_longest
from quizzes.contentfiles import Bank, FiledItem
from quizzes.itemspec import LETTERS

EXAM_QUESTIONS = 100
ITEMS_A_RULE = 4
LETTER_SHARE, LETTERS_FROM = (0.22, 0.28), 40
LONGEST_RUN = 4
LONGEST_SHARE, LONGEST_FROM = 0.30, 20
TOPIC_SHARE, TOPICS_FROM = 0.12, 30
DIFFICULTIES, DIFFICULTIES_FROM = (1, 2, 3, 4), 30
RECALL_SHARE = 0.25


def by_area(bank: Bank, least: int) -> Iterator[tuple[str, list[FiledItem]]]:
    """Yield the areas that hold at least so many items, with these in the files' order."""
    areas: dict[str, list[FiledItem]] = defaultdict(list)
    for item in bank.items:
        areas[item.area].append(item)
    for area, items in areas.items():
        if len(items) >= least:
            yield area, items


@bank_check(ERROR, 7)
def references(bank: Bank) -> BankFaults:
    """Items cite only the sources on the list."""
    known = {source.slug for source in bank.sources}
    for item in bank.items:
        for reference in item.spec.references:
            if reference.source not in known:
                yield item, "references", f"no source {reference.source}"


@bank_check(ERROR)
def blueprint(bank: Bank) -> BankFaults:
    """The areas' exam counts add up to the exam's 100 questions."""
    total = sum(area.exam_count for area in bank.blueprint.areas)
    if bank.blueprint.areas and total != EXAM_QUESTIONS:
        yield "blueprint.yaml", "areas", f"the counts add up to {total}, not {EXAM_QUESTIONS}"


@bank_check(ERROR)
def rules(bank: Bank) -> BankFaults:
    """No rule is tested by more than four items."""
    times = Counter(item.spec.rule for item in bank.items)
    for item in bank.items:
        if times[item.spec.rule] > ITEMS_A_RULE:
            yield item, "rule", f"{item.spec.rule} is tested by {times[item.spec.rule]} items"


@bank_check(ERROR, 14)
def key_letters(bank: Bank) -> BankFaults:
    """Each letter is the key of 22 to 28% of an area's items (from 40 items on)."""
    least, most = LETTER_SHARE
    for area, items in by_area(bank, LETTERS_FROM):
        times: Counter[str] = Counter(item.spec.answer for item in items)
        for letter in LETTERS:
            share = times[letter] / len(items)
            if not least <= share <= most:
                yield area, "answer", f"{letter} is the key of {share:.1%} of {len(items)} items"


@bank_check(ERROR, 14)
def key_runs(bank: Bank) -> BankFaults:
    """No letter is the key more than four times in a row, in the order of an area's files."""
    for area, items in by_area(bank, LONGEST_RUN + 1):
        for letter, run in groupby(items, key=lambda item: item.spec.answer):
            keys = [item.spec.key for item in run]
            if len(keys) > LONGEST_RUN:
                message = f"{letter} is the key of {len(keys)} items in a row: {', '.join(keys)}"
                yield area, "answer", message


@bank_check(ERROR, 15)
def key_longest(bank: Bank) -> BankFaults:
    """The key is the longest option in at most 30% of an area's, and of all, items (from 20)."""
    groups = [*by_area(bank, LONGEST_FROM), ("", list(bank.items))]
    for place, items in groups:
        longest = sum(key_is_longest(item) for item in items)
        if len(items) >= LONGEST_FROM and longest > LONGEST_SHARE * len(items):
            yield place, "options", f"the key is the longest option in {longest} of {len(items)}"


@bank_check(ERROR)
def topic_share(bank: Bank) -> BankFaults:
    """No topic holds more than 12% of its area's items (from 30 items on)."""
    for area, items in by_area(bank, TOPICS_FROM):
        for topic, times in Counter(item.topic for item in items).items():
            if times > TOPIC_SHARE * len(items):
                yield f"{area}/{topic}.yaml", "", f"holds {times} of {len(items)} items of {area}"


@bank_check(ERROR)
def difficulties(bank: Bank) -> BankFaults:
    """An area has items of all four difficulties, at most 25% of them the first (from 30)."""
    for area, items in by_area(bank, DIFFICULTIES_FROM):
        times = Counter(item.spec.difficulty for item in items)
        for difficulty in DIFFICULTIES:
            if not times[difficulty]:
                yield area, "difficulty", f"no item of difficulty {difficulty} in {len(items)}"
        if times[1] > RECALL_SHARE * len(items):
            yield area, "difficulty", f"{times[1]} of {len(items)} items have difficulty 1"
