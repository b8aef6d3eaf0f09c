"""Drawing items: new before missed before known, none twice, the same for the same seed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quizzes.pool import PoolItem
from quizzes.practice import Seen, draw

START = datetime(2026, 1, 1, tzinfo=UTC)


def make_item(number: int, rule: str = "") -> PoolItem:
    return PoolItem(number, number * 10, "topic", "area", "cpt", rule or f"rule-{number}")


items = st.lists(
    st.builds(make_item, st.integers(1, 15), st.sampled_from(["a", "b", "c", "d"])),
    max_size=15,
    unique_by=lambda item: item.question_id,
)
seen = st.dictionaries(
    st.integers(1, 15),
    st.builds(
        Seen, st.booleans(), st.integers(0, 5_000).map(lambda hours: START + timedelta(hours=hours))
    ),
)
counts = st.integers(1, 18)
seeds = st.integers(0, 2**62)


def rank(item: PoolItem, past: dict[int, Seen]) -> int:
    """0 for a new item, 1 for a missed one, 2 for a known one."""
    if item.question_id not in past:
        return 0
    return 2 if past[item.question_id].last_correct else 1


@given(items, seen, counts, seeds)
def test_no_item_twice_and_all_from_the_pool(items, seen, count, seed) -> None:
    drawn = draw(items, seen, count, seed)
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(items)


@given(items, seen, counts, seeds)
def test_as_many_as_asked_or_all_there_are(items, seen, count, seed) -> None:
    assert len(draw(items, seen, count, seed)) == min(count, len(items))


@given(items, seen, counts, seeds)
def test_nothing_drawn_ranks_below_what_was_left(items, seen, count, seed) -> None:
    drawn = draw(items, seen, count, seed)
    left = set(items) - set(drawn)
    if drawn and left:
        assert max(rank(item, seen) for item in drawn) <= min(rank(item, seen) for item in left)


@given(items, seen, counts, seeds)
def test_of_seen_items_the_longest_unseen_come_first(items, seen, count, seed) -> None:
    drawn = draw(items, seen, count, seed)
    for kind in (1, 2):
        taken = [seen[item.question_id] for item in drawn if rank(item, seen) == kind]
        left = [
            seen[item.question_id] for item in set(items) - set(drawn) if rank(item, seen) == kind
        ]
        if taken and left:
            assert max(past.last_answered_at for past in taken) <= min(
                past.last_answered_at for past in left
            )


@given(items, seen, counts, seeds, st.randoms())
def test_same_seed_draws_the_same_whatever_order_the_pool_has(
    items, seen, count, seed, chance
) -> None:
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert draw(items, seen, count, seed) == draw(shuffled, seen, count, seed)


def test_other_seeds_draw_other_items() -> None:
    items = [make_item(number) for number in range(1, 41)]
    draws = {tuple(draw(items, {}, 10, seed)) for seed in range(20)}
    assert len(draws) == 20


@given(st.integers(1, 12), st.integers(1, 12), seeds)
def test_two_items_of_one_rule_stand_together_only_where_nothing_can_part_them(
    many, few, seed
) -> None:
    items = [make_item(number, "common") for number in range(many)]
    items += [make_item(100 + number, f"own-{number}") for number in range(few)]
    rules = [item.rule for item in draw(items, {}, len(items), seed)]
    neighbours = sum(a == b for a, b in pairwise(rules))
    # Of k items of the rule, at most k - 1 pairs; each other item parts one pair at best.
    assert neighbours <= max(0, many - 1)
    if many == 2:
        # The greedy order leaves them together only at the very end.
        assert neighbours == 0 or rules[-2:] == ["common", "common"]
