"""Which items a mock asks: by the blueprint's proportions, unseen ones first, by a seed."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizzes.pool import PoolItem
from quizzes.practice import Seen, rank


@dataclass(frozen=True)
class AreaCount:
    """An area with its questions on the exam. Areas come in the order of the code books."""

    slug: str
    exam_count: int


@dataclass(frozen=True)
class AreaShare:
    """How many items of an area a mock of some length asks, and how many there are."""

    slug: str
    wanted: int
    available: int

    @property
    def missing(self) -> int:
        """Return how many items the bank lacks for this mock."""
        return max(0, self.wanted - self.available)


def proportions(areas: Sequence[AreaCount], total: int, seed: int) -> dict[str, int]:
    """Return how many of ``total`` questions each area gets: the largest remainder method.

    Equal remainders are settled by the seed. Each area is at most one question away from
    its exact share, and the counts add up to ``total``. Without any area it is empty.
    """
    whole = sum(area.exam_count for area in areas)
    if not whole:
        return {}
    counts = {area.slug: total * area.exam_count // whole for area in areas}
    chance = random.Random(f"{seed}:proportions")
    lots = {area.slug: chance.random() for area in areas}
    by_remainder = sorted(
        areas, key=lambda area: (-(total * area.exam_count % whole), lots[area.slug])
    )
    for area in by_remainder[: total - sum(counts.values())]:
        counts[area.slug] += 1
    return counts


def shares(
    areas: Sequence[AreaCount], items: Iterable[PoolItem], total: int, seed: int
) -> list[AreaShare]:
    """Return each area's share of a mock beside what the bank holds, in exam order."""
    available: dict[str, int] = {}
    for item in items:
        available[item.area] = available.get(item.area, 0) + 1
    wanted = proportions(areas, total, seed)
    return [AreaShare(area.slug, wanted[area.slug], available.get(area.slug, 0)) for area in areas]


def assemble(
    areas: Sequence[AreaCount],
    items: Iterable[PoolItem],
    seen: Mapping[int, Seen],
    total: int,
    seed: int,
) -> list[PoolItem]:
    """Return the items of a mock, area after area in exam order, at random within an area.

    No item comes twice. Within an area every item tests a rule of its own as far as the
    area has enough rules; of a rule's items, and among the rules, those come first that
    the learner has not seen, then missed ones, then those seen longest ago. The same
    arguments give the same mock. An area with too few items gives all that it has.
    """
    chance = random.Random(f"{seed}:items")
    wanted = proportions(areas, total, seed)
    by_area: dict[str, list[PoolItem]] = {area.slug: [] for area in areas}
    for item in sorted(items, key=lambda item: item.question_id):
        if item.area in by_area:
            by_area[item.area].append(item)
    used_rules: set[str] = set()
    chosen: list[PoolItem] = []
    for area in areas:
        candidates = by_area[area.slug]
        chance.shuffle(candidates)
        candidates.sort(key=lambda item: rank(item, seen))
        picked = _pick(candidates, used_rules, wanted[area.slug])
        used_rules |= {item.rule for item in picked}
        chance.shuffle(picked)
        chosen += picked
    return chosen


def _pick(ranked: Sequence[PoolItem], used_rules: set[str], count: int) -> list[PoolItem]:
    """Take the best of each rule, then, only where rules run out, more of the same."""
    rules = set(used_rules)
    first: list[PoolItem] = []
    rest: list[PoolItem] = []
    for item in ranked:
        (rest if item.rule in rules else first).append(item)
        rules.add(item.rule)
    return [*first, *rest][:count]
