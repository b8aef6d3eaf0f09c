"""Which questions a mock asks: proportions for every bank, no question twice, by its seed."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizzes.mock.assembling import AreaCount, assemble, proportions, shares
from quizzes.mock.plans import Plan
from quizzes.pool import PoolItem
from quizzes.practice import Seen
from tests.factories import at

NOON = at("2026-11-01 12:00")
weights = st.lists(st.integers(0, 12), min_size=1, max_size=18)
totals = st.sampled_from([100, 50, 25, 7, 1])
seeds = st.integers(0, 2**62)


def areas_of(counts: list[int]) -> list[AreaCount]:
    return [AreaCount(f"area-{place}", count) for place, count in enumerate(counts)]


@st.composite
def banks(draw) -> tuple[list[AreaCount], list[PoolItem], dict[int, Seen]]:
    """Return any state of a bank: areas empty, short or full, rules shared or not, some seen."""
    areas = areas_of(draw(st.lists(st.integers(1, 9), min_size=1, max_size=6)))
    items: list[PoolItem] = []
    for area in areas:
        for _ in range(draw(st.integers(0, 14))):
            rule = f"rule-{draw(st.integers(0, 12))}"
            number = len(items) + 1
            items.append(PoolItem(number, number, "topic", area.slug, "cpt", rule))
    seen = {
        item.question_id: Seen(draw(st.booleans()), NOON - timedelta(days=draw(st.integers(0, 9))))
        for item in items
        if draw(st.booleans())
    }
    return areas, items, seen


@given(weights, totals, seeds)
def test_counts_add_up_and_no_area_is_a_question_off(counts, total, seed) -> None:
    found = proportions(areas_of(counts), total, seed)
    whole = sum(counts)
    if not whole:
        assert found == {}
        return
    assert sum(found.values()) == total
    for place, count in enumerate(counts):
        assert abs(found[f"area-{place}"] - total * count / whole) < 1


@given(weights, totals, seeds)
def test_larger_remainders_are_served_first(counts, total, seed) -> None:
    whole = sum(counts)
    found = proportions(areas_of(counts), total, seed)
    if not whole:
        return
    extra = {
        place: found[f"area-{place}"] - total * count // whole for place, count in enumerate(counts)
    }
    served = [total * counts[place] % whole for place, more in extra.items() if more]
    left_out = [total * counts[place] % whole for place, more in extra.items() if not more]
    assert set(extra.values()) <= {0, 1}
    assert min(served, default=whole) >= max(left_out, default=0)


def test_equal_remainders_are_drawn_by_the_seed() -> None:
    areas = areas_of([1, 1, 1])
    winners = {max(found, key=found.__getitem__) for found in _of_many_seeds(areas)}
    assert winners == {area.slug for area in areas}


def _of_many_seeds(areas: list[AreaCount]) -> list[dict[str, int]]:
    return [proportions(areas, 4, seed) for seed in range(40)]


@given(banks(), totals, seeds)
def test_every_area_gives_its_share_or_all_that_it_has(bank, total, seed) -> None:
    areas, items, seen = bank
    chosen = assemble(areas, items, seen, total, seed)
    wanted = proportions(areas, total, seed)
    available = Counter(item.area for item in items)
    assert (
        Counter(item.area for item in chosen)
        == Counter(
            {slug: min(count, available[slug]) for slug, count in wanted.items() if available[slug]}
        )
        - Counter()
    )
    assert [item.area for item in chosen] == sorted(
        (item.area for item in chosen), key=[area.slug for area in areas].index
    )
    assert len({item.question_id for item in chosen}) == len(chosen)
    lacking = sum(share.missing for share in shares(areas, items, total, seed))
    assert len(chosen) == total - lacking


@given(banks(), totals, seeds)
def test_the_same_seed_gives_the_same_mock_whatever_the_order_of_the_bank(
    bank, total, seed
) -> None:
    areas, items, seen = bank
    first = assemble(areas, items, seen, total, seed)
    assert assemble(areas, items[::-1], seen, total, seed) == first


@given(banks(), totals, seeds)
def test_rules_repeat_only_where_an_area_has_no_more(bank, total, seed) -> None:
    areas, items, seen = bank
    used: set[str] = set()
    chosen = assemble(areas, items, seen, total, seed)
    for area in areas:
        here = [item.rule for item in chosen if item.area == area.slug]
        fresh = {item.rule for item in items if item.area == area.slug} - used
        assert len(set(here) - used) == min(len(here), len(fresh))
        used |= set(here)


@given(banks(), totals, seeds)
def test_what_was_not_seen_comes_first(bank, total, seed) -> None:
    """Of a rule's questions, none that was seen is asked while one that was not is left."""
    areas, items, seen = bank
    chosen = {item.question_id for item in assemble(areas, items, seen, total, seed)}
    for item in items:
        if item.question_id in chosen and item.question_id in seen:
            same = [o for o in items if (o.area, o.rule) == (item.area, item.rule)]
            new = {o.question_id for o in same if o.question_id not in seen}
            assert new <= chosen


def test_time_goes_with_the_questions_and_the_pace() -> None:
    assert Plan(100).time_for(100) == timedelta(hours=4)
    assert Plan(25).time_for(25) == timedelta(hours=1)
    for pace, hours in (("1.5", 6), ("2", 8)):
        plan = Plan.from_json({"count": 100, "areas": [], "pace": pace})
        assert plan.time_for(100) == timedelta(hours=hours)
    assert Plan(9, ("x",), None).time_for(9) is None


def test_a_plan_reads_back_as_it_was_kept() -> None:
    for plan in (Plan(100), Plan(7, ("a", "b"), None)):
        assert Plan.from_json(plan.as_json()) == plan
