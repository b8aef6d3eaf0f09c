"""The estimator's arithmetic: whatever staff enter, an estimate keeps its promises."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from careers.estimator.estimating import (
    Estimate,
    NotReleased,
    Span,
    estimate,
    round_down,
    round_near,
    round_up,
)
from careers.estimator.orders import above, below, closes_circle, next_above
from careers.estimator.raising import best_raises
from careers.estimator.tables import (
    AreaPay,
    Attribute,
    Choices,
    Inputs,
    PayRow,
    PayTable,
    Work,
)

pytestmark = pytest.mark.once

KEYS = ("a", "b", "c", "d", "e")
AMOUNTS = st.integers(1, 400_000)
STEPS = st.frozensets(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=8)
WORKS = st.sampled_from(["", *Work])


@st.composite
def tables(draw: st.DrawFn) -> PayTable:
    """Return any table under any order, also one that contradicts it or runs in a circle."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, unique=True))
    rows = {}
    for key in keys:
        low, high = sorted((draw(AMOUNTS), draw(AMOUNTS)))
        rows[key] = PayRow(key, key.upper(), Fraction(low), Fraction(high), draw(st.booleans()))
    return PayTable(rows, draw(STEPS))


@st.composite
def areas(draw: st.DrawFn, key: str) -> AreaPay:
    """Return an area with a median; any percentile may be missing."""
    wages: list[int | None] = [*sorted(draw(st.lists(AMOUNTS, min_size=5, max_size=5)))]
    for place in (0, 1, 3, 4):
        if draw(st.booleans()):
            wages[place] = None
    p10, p25, median, p75, p90 = wages
    return AreaPay(key, key, median, p10, p25, p75, p90)


@st.composite
def inputs_and_choices(draw: st.DrawFn) -> tuple[Inputs, Choices]:
    baseline = Fraction(draw(AMOUNTS))
    inputs = Inputs(
        PayRow("median", "Median", baseline, baseline),
        draw(areas("nation")),
        {"state": draw(areas("state"))},
        {attribute: draw(tables()) for attribute in Attribute},
    )
    picked = {
        str(attribute): draw(st.sampled_from(["", *inputs.tables[attribute].rows]))
        for attribute in Attribute
    }
    return inputs, Choices(draw(st.sampled_from(["", "state"])), **picked, work=draw(WORKS))


def ends(estimated: Estimate) -> list[int]:
    """Return everything of an estimate that may not fall when a choice rises."""
    shown = estimated.rounded
    return [estimated.kept.low, estimated.kept.high, shown.low, shown.high, estimated.middle]


def released(area: AreaPay) -> list[int]:
    wages = (area.p10, area.p25, area.median, area.p75, area.p90)
    return [wage for wage in wages if wage is not None]


@given(inputs_and_choices())
def test_no_estimate_falls_along_an_order(case: tuple[Inputs, Choices]) -> None:
    inputs, choices = case
    now = ends(estimate(inputs, choices))
    for attribute in Attribute:
        key = choices.key_of(attribute)
        table = inputs.tables[attribute]
        for higher in above(key, table.steps) & set(table.rows) if key else set():
            then = ends(estimate(inputs, replace(choices, **{str(attribute): higher})))
            assert all(low <= high for low, high in zip(now, then, strict=True)), higher


@given(inputs_and_choices())
def test_an_estimate_stays_within_what_is_officially_paid(case: tuple[Inputs, Choices]) -> None:
    inputs, choices = case
    estimated = estimate(inputs, choices)
    kept, bounds = estimated.kept, estimated.bounds
    assert bounds.low <= kept.low <= kept.high <= bounds.high
    sources = [wage for area in (*estimated.areas, inputs.nation) for wage in released(area)]
    assert min(sources) <= bounds.low
    assert bounds.high <= max(sources)
    if all(None not in (area.p10, area.p90) for area in estimated.areas):
        assert bounds.low == min(area.p10 or 0 for area in estimated.areas)
        assert bounds.high == max(area.p90 or 0 for area in estimated.areas)


@given(inputs_and_choices())
def test_what_is_shown_holds_what_was_computed_and_no_more_digits_than_it_can_bear(
    case: tuple[Inputs, Choices],
) -> None:
    estimated = estimate(*case)
    kept, shown = estimated.kept, estimated.rounded
    assert shown.low <= kept.low <= kept.high <= shown.high
    assert shown.low <= estimated.middle <= shown.high
    for amount in (shown.low, shown.high, estimated.middle):
        assert amount % (1_000 if amount < 100_000 else 5_000) == 0
    assert kept.low - shown.low < (1_000 if kept.low < 100_000 else 5_000)
    assert shown.high - kept.high < (1_000 if kept.high <= 100_000 else 5_000)


@given(inputs_and_choices())
def test_the_computed_range_is_anchor_times_geometric_mean(case: tuple[Inputs, Choices]) -> None:
    inputs, choices = case
    estimated = estimate(inputs, choices)
    low, high = estimated.combined
    if not estimated.witnesses:
        assert (low, high) == (1, 1)
        return
    # In floating point, so by a little only; the computation itself is exact.
    assert estimated.computed.low == pytest.approx(estimated.anchor.low * low, abs=1.1, rel=1e-9)
    assert estimated.computed.high == pytest.approx(estimated.anchor.high * high, abs=1.1, rel=1e-9)
    factors = [(witness.factor_low, witness.factor_high) for witness in estimated.witnesses]
    assert float(min(low for low, _ in factors)) <= low * (1 + 1e-9)
    assert high <= float(max(high for _, high in factors)) * (1 + 1e-9)


@given(inputs_and_choices())
def test_remote_work_spans_the_area_and_the_nation(case: tuple[Inputs, Choices]) -> None:
    inputs, choices = case
    at_home, remote = (
        estimate(inputs, replace(choices, work=work)) for work in (Work.HYBRID, Work.REMOTE)
    )
    national = estimate(inputs, replace(choices, state="", work=Work.REMOTE))
    assert national == replace(
        estimate(inputs, replace(choices, state="", work="")), remote=national.remote
    )
    for own in (at_home, national):
        assert remote.bounds.low <= own.bounds.low
        assert own.bounds.high <= remote.bounds.high
        assert remote.anchor.low <= own.anchor.low <= own.anchor.high <= remote.anchor.high
        assert remote.computed.low <= own.computed.low
        assert own.computed.high <= remote.computed.high
    if choices.state:
        assert remote.areas == (inputs.areas["state"], inputs.nation)
    assert at_home == estimate(inputs, replace(choices, work=Work.ON_SITE))


@given(inputs_and_choices(), st.sampled_from(Attribute))
def test_a_choice_left_open_brings_no_factor(
    case: tuple[Inputs, Choices], attribute: Attribute
) -> None:
    inputs, choices = case
    opened = replace(choices, **{str(attribute): ""})
    bare = replace(inputs, tables=dict(inputs.tables) | {attribute: PayTable({})})
    assert estimate(inputs, opened) == estimate(bare, opened)


@given(inputs_and_choices())
def test_every_raise_is_a_step_and_as_large_as_it_says(case: tuple[Inputs, Choices]) -> None:
    inputs, choices = case
    raises = best_raises(inputs, choices)
    assert len(raises) <= 3
    assert all(one.gain >= other.gain for one, other in pairwise(raises))
    now = estimate(inputs, choices).kept
    for step in raises:
        then = estimate(inputs, step.choices).kept
        exact = (then.low + then.high - now.low - now.high) / 2
        assert step.gain >= 1_000
        assert abs(step.gain - exact) <= 500
        changed = [each for each in Attribute if step.choices.key_of(each) != choices.key_of(each)]
        assert changed == [step.attribute]
        table = inputs.tables[step.attribute]
        if step.attribute != Attribute.SPECIALTY:
            assert step.then.key in next_above(step.now.key, table.steps)


@given(tables())
def test_a_levelled_table_follows_its_order(table: PayTable) -> None:
    for key in table.rows:
        own = table.levelled(key)
        assert own.row.low <= own.low <= own.high
        assert own.row.high <= own.high
        for lower in below(key, table.steps) & set(table.rows):
            under = table.levelled(lower)
            assert under.low <= own.low
            assert under.high <= own.high
        lows = {row.low for row in table.rows.values()}
        highs = {row.high for row in table.rows.values()}
        assert own.low in lows
        assert own.high in highs


@given(STEPS)
def test_steps_to_the_next_lead_to_everything_above(steps: frozenset[tuple[str, str]]) -> None:
    assume(not any(key in above(key, steps) for key in KEYS))
    nexts = frozenset((key, higher) for key in KEYS for higher in next_above(key, steps))
    assert nexts <= steps
    for key in KEYS:
        assert above(key, nexts) == above(key, steps)
        assert {lower for lower in KEYS if key in above(lower, steps)} == below(key, steps)
    for lower in KEYS:
        for higher in KEYS:
            more = [*steps, (lower, higher)]
            in_circle = any(key in above(key, more) for key in KEYS)
            assert closes_circle(lower, higher, steps) == in_circle


@given(st.lists(st.integers(0, 400_000), min_size=2))
def test_rounding_keeps_the_order(amounts: list[int]) -> None:
    for rounded in (round_down, round_up, lambda amount: round_near(Fraction(amount))):
        values = [rounded(amount) for amount in sorted(amounts)]
        assert values == sorted(values)


@pytest.mark.parametrize(
    ("amount", "down", "near", "up"),
    [
        (48_780, 48_000, 49_000, 49_000),
        (48_499, 48_000, 48_000, 49_000),
        (49_000, 49_000, 49_000, 49_000),
        (99_001, 99_000, 99_000, 100_000),
        (100_000, 100_000, 100_000, 100_000),
        (102_500, 100_000, 105_000, 105_000),
        (128_010, 125_000, 130_000, 130_000),
    ],
)
def test_rounding(amount: int, down: int, near: int, up: int) -> None:
    found = (round_down(amount), round_near(Fraction(amount)), round_up(amount))
    assert found == (down, near, up)


# --- The same by hand ------------------------------------------------------------------

NATION = AreaPay("united-states", "United States", 51_140, 37_000, 43_490, 64_820, 81_150)
OHIO = AreaPay("ohio", "Ohio", 50_000, 37_000, 43_000, 60_000, 75_000)
ISLANDS = AreaPay("virgin-islands", "Virgin Islands", None)


def row(key: str, low: int, high: int, **values: Any) -> PayRow:
    return PayRow(key, key, Fraction(low), Fraction(high), **values)


def make_inputs(**tables: PayTable) -> Inputs:
    shipped = {
        Attribute.CERTIFICATION: PayTable(
            {
                "none": row("none", 36_000, 42_000),
                "cpc": row("cpc", 48_000, 58_000),
                "both": row("both", 58_000, 72_000, open_ended=True),
            },
            frozenset({("none", "cpc"), ("cpc", "both"), ("none", "both")}),
        ),
        Attribute.SPECIALTY: PayTable(
            {
                "general": row("general", 42_000, 52_000),
                "risk": row("risk", 55_000, 72_000),
                "auditing": row("auditing", 60_000, 80_000),
            },
            frozenset({("general", "risk"), ("general", "auditing")}),
        ),
        Attribute.EXPERIENCE: PayTable(
            {"entry": row("entry", 38_000, 44_000), "senior": row("senior", 58_000, 72_000)},
            frozenset({("entry", "senior")}),
        ),
    }
    return Inputs(
        row("median", 48_780, 48_780),
        NATION,
        {area.key: area for area in (OHIO, ISLANDS)},
        shipped | {Attribute(name): table for name, table in tables.items()},
    )


def test_one_witness() -> None:
    estimated = estimate(make_inputs(), Choices("ohio", certification="cpc"))
    # 50,000 × 48,000 / 48,780 = 49,200.49; 50,000 × 58,000 / 48,780 = 59,450.59
    assert estimated.computed == Span(49_200, 59_451)
    assert (estimated.kept, estimated.rounded) == (estimated.computed, Span(49_000, 60_000))
    assert (estimated.middle, estimated.width_percent) == (54_000, 20)
    assert not estimated.cut_low
    assert not estimated.cut_high


def test_three_witnesses() -> None:
    choices = Choices("", "both", "risk", "senior", "on-site")
    estimated = estimate(make_inputs(), choices)
    # (58 × 55 × 58)^(1/3) = 56.982, over 48.78 = 1.16815; (72 × 72 × 72)^(1/3) = 72: 1.47601
    assert list(estimated.combined) == pytest.approx([1.16815, 1.47601], abs=1e-5)
    assert estimated.computed == Span(59_739, 75_484)
    assert estimated.rounded == Span(59_000, 76_000)
    assert [witness.row.key for witness in estimated.open_ended] == ["both"]


def test_a_whole_result_is_not_rounded_further() -> None:
    """An exact power: the upper end is not pushed up by arithmetic."""
    inputs = make_inputs(certification=PayTable({"even": row("even", 48_780, 97_560)}))
    estimated = estimate(inputs, Choices("", certification="even"))
    assert estimated.computed == Span(51_140, 102_280)


def test_the_ends_stay_within_the_percentiles_and_say_so() -> None:
    estimated = estimate(make_inputs(), Choices("ohio", specialty="auditing"))
    assert estimated.computed == Span(61_500, 82_001)
    assert (estimated.kept, estimated.cut_low, estimated.cut_high) == (
        Span(61_500, 75_000),
        False,
        True,
    )
    inputs = make_inputs(specialty=PayTable({"stars": row("stars", 90_000, 95_000)}))
    estimated = estimate(inputs, Choices("ohio", specialty="stars"))
    assert (estimated.kept, estimated.is_above) == (Span(75_000, 75_000), True)
    inputs = make_inputs(specialty=PayTable({"dust": row("dust", 9_000, 9_500)}))
    estimated = estimate(inputs, Choices("ohio", specialty="dust"))
    assert (estimated.kept, estimated.is_below) == (Span(37_000, 37_000), True)


def test_nothing_chosen_is_the_middle_half() -> None:
    assert estimate(make_inputs(), Choices()).computed == Span(43_490, 64_820)
    remote = estimate(make_inputs(), Choices("ohio", work="remote"))
    assert (remote.anchor, remote.computed) == (Span(50_000, 51_140), Span(43_000, 64_820))


def test_a_missing_percentile_is_replaced_by_the_nations() -> None:
    assert replace(OHIO, p90=None).bounds(NATION) == (37_000, 81_150)
    assert replace(OHIO, p90=None, p75=90_000).bounds(NATION) == (37_000, 90_000)
    assert replace(OHIO, p10=None, p25=None).bounds(NATION) == (37_000, 75_000)
    assert AreaPay("x", "X", 30_000).bounds(AreaPay("n", "N", None)) == (30_000, 30_000)
    assert ISLANDS.bounds(NATION) is None


@pytest.mark.parametrize("work", ["", *Work])
def test_an_area_without_a_median_is_named(work: str) -> None:
    with pytest.raises(NotReleased) as caught:
        estimate(make_inputs(), Choices("virgin-islands", "cpc", work=work))
    assert caught.value.area == ISLANDS


def test_unknown_keys_are_errors() -> None:
    for choices in (Choices("atlantis"), Choices(certification="knight")):
        with pytest.raises(KeyError):
            estimate(make_inputs(), choices)


def test_choices_whose_ranges_do_not_meet_are_named() -> None:
    apart = estimate(make_inputs(), Choices("", "both", "auditing", "entry")).apart
    assert [(low.row.key, high.row.key) for low, high in apart] == [
        ("entry", "both"),
        ("entry", "auditing"),
    ]
    assert estimate(make_inputs(), Choices("", "cpc", "risk")).apart == ()


def test_a_contradicting_table_is_levelled_and_says_so() -> None:
    table = PayTable(
        {"none": row("none", 50_000, 60_000), "cpc": row("cpc", 48_000, 61_000)},
        frozenset({("none", "cpc")}),
    )
    estimated = estimate(make_inputs(certification=table), Choices(certification="cpc"))
    (raised,) = estimated.raised
    assert [int(raised.levelled.low), int(raised.levelled.high)] == [50_000, 61_000]
    assert estimate(make_inputs(certification=table), Choices(certification="none")).raised == ()


def test_the_best_step_of_each_kind_comes_before_a_second_of_any() -> None:
    raises = best_raises(make_inputs(), Choices("", "cpc", "general", "entry"))
    assert {step.attribute for step in raises} == set(Attribute)
    found = [(step.then.key, step.gain) for step in raises]
    assert found[0][0] == "senior"
    assert [gain for _, gain in found] == sorted((gain for _, gain in found), reverse=True)
    # A shortcut among the steps is no single step.
    (step,) = best_raises(make_inputs(), Choices("", "none"))
    assert step.then.key == "cpc"
    assert best_raises(make_inputs(), Choices()) == []
