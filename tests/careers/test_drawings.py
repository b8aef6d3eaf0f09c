"""Drawings: every shape inside its frame, in order, and no value in two classes."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import example, given
from hypothesis import strategies as st

from careers.drawings import (
    Percentiles,
    PremiumRow,
    RangeRow,
    Words,
    choropleth,
    percentile_strip,
    premium_bars,
    range_bars,
)
from careers.drawings.axis import MOST_TICKS, round_axis
from careers.drawings.choropleth import quintiles
from careers.drawings.percentiles import NAMES
from careers.drawings.shapes import HEIGHT, WIDTH, outlines
from careers.drawings.texts import NARROWEST, spread, width_of

pytestmark = pytest.mark.once

WORDS = Words("here", "Pay by <state>", "What it shows.", "A caption.")
DOLLARS = st.integers(min_value=1, max_value=400_000)
LABELS = st.text(st.characters(codec="ascii", categories=["L", "Zs"]), max_size=90)
FIPS = [outline.fips for outline in outlines()]
NUMBER = re.compile(r"-?\d+")


@st.composite
def range_rows(draw: st.DrawFn) -> RangeRow:
    low = draw(DOLLARS)
    high = draw(st.none() | st.integers(min_value=low, max_value=500_000))
    open_ended = draw(st.booleans())
    said = f"${low:,}" + (f"–${high:,}" if high else "") + ("+" if open_ended else "")
    return RangeRow(draw(LABELS), low, high, said, open_ended)


@st.composite
def areas(draw: st.DrawFn) -> Percentiles:
    rising = sorted(draw(st.lists(DOLLARS, min_size=5, max_size=5)))
    kept = {
        name: value if draw(st.booleans()) else None
        for name, value in zip(NAMES, rising, strict=True)
    }
    return Percentiles(draw(LABELS), mean=draw(st.none() | DOLLARS), **kept)


def corners(path: str) -> list[list[tuple[int, int]]]:
    """Return the corners of each ring of a path of relative lines."""
    rings = []
    x = y = 0
    assert re.fullmatch(r"(m-?\d+( \d+|-\d+)+z)+", path)
    for ring in path.removesuffix("z").split("z"):
        numbers = list(map(int, NUMBER.findall(ring)))
        assert len(numbers) % 2 == 0
        points = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        rings.append(points)
        # After z the next ring is measured from where this one began.
        x, y = points[0]
    return rings


def text_span(at: float, dx: float, width: float, anchor: str) -> tuple[float, float]:
    """Return where a text begins and ends in the narrowest drawing, in em."""
    here = at / 100 * NARROWEST + dx
    left = {"start": here, "middle": here - width / 2, "end": here - width}[anchor]
    return left, left + width


def assert_apart_and_inside(spans: list[tuple[float, float]]) -> None:
    # Places and moves are rounded to hundredths.
    assert all(left >= -0.02 and right <= NARROWEST + 0.02 for left, right in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("outline", outlines(), ids=lambda outline: outline.name)
def test_an_outline_is_drawn_inside_the_frame(outline):
    for ring in corners(outline.path):
        assert len(ring) >= 3
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in ring)
        sides = pairwise([*ring, ring[0]])
        assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in sides) != 0


def test_all_states_and_the_district_are_there_in_reading_order():
    names = [outline.name for outline in outlines()]
    assert len(set(FIPS)) == len(names) == 51
    assert names == sorted(names)
    by_name = {outline.name: outline for outline in outlines()}
    assert (by_name["New York"].fips, by_name["New York"].slug) == ("36", "new-york")
    assert (by_name["District of Columbia"].fips, by_name["District of Columbia"].slug) == (
        "11",
        "district-of-columbia",
    )
    # Islands that make a state recognisable.
    assert len(corners(by_name["Hawaii"].path)) >= 6
    assert len(corners(by_name["Alaska"].path)) >= 5


def test_neighbours_share_their_border():
    rings = {
        outline.name: {point for ring in corners(outline.path) for point in ring}
        for outline in outlines()
    }
    for one, other in [("Ohio", "Indiana"), ("Texas", "Oklahoma"), ("Utah", "Arizona")]:
        assert len(rings[one] & rings[other]) >= 2


def test_paths_and_the_whole_map_are_light():
    assert sum(len(outline.path) for outline in outlines()) <= 13_000
    shapes = choropleth({fips: 36_000 + 17 * int(fips) for fips in FIPS}, WORDS, skip_to="table")
    assert len(render_to_string("careers/_map.html", {"shapes": shapes}).encode()) <= 20_000


@given(st.dictionaries(st.sampled_from(FIPS), st.integers(min_value=0, max_value=60), min_size=1))
def test_classes_rise_with_the_value_and_ties_share_one(values):
    steps = quintiles(values)
    assert steps.keys() == values.keys()
    ranked = sorted(values, key=values.__getitem__)
    for lower, higher in pairwise(ranked):
        assert 1 <= steps[lower] <= steps[higher] <= 5
        if values[lower] == values[higher]:
            assert steps[lower] == steps[higher]


@given(st.sets(DOLLARS, min_size=5, max_size=60))
def test_without_ties_classes_are_of_nearly_equal_size(values):
    sizes = Counter(quintiles({str(value): value for value in values}).values())
    assert len(sizes) == 5
    assert max(sizes.values()) - min(sizes.values()) <= 1


@given(st.dictionaries(st.sampled_from(FIPS), st.none() | DOLLARS))
def test_the_legend_says_each_class_and_its_bounds_once(values):
    shapes = choropleth(values, WORDS, said=str, measure="")
    shown = {state.outline.fips: state.step for state in shapes.states}
    assert {fips for fips, step in shown.items() if step} == {
        fips for fips, value in values.items() if value is not None
    }
    bounds = {entry.step: entry.said for entry in shapes.legend}
    assert len(bounds) == len(shapes.legend)
    if not any(shown.values()):
        assert bounds == {}
        return
    assert bounds.keys() == set(shown.values())
    for step in bounds.keys() - {0}:
        members = [value for fips, value in values.items() if value and shown[fips] == step]
        ends = [int(end) for end in bounds[step].split(" to ")]
        assert (ends[0], ends[-1]) == (min(members), max(members))


def test_a_state_is_a_link_that_says_its_value():
    shapes = choropleth({"39": 49_000, "50": None, "72": 30_000}, WORDS)
    page = render_to_string("careers/_map.html", {"shapes": shapes})
    assert page.count("<a href=") == 51
    assert '<a href="/careers/states/ohio/" aria-label="Ohio: $49,000 median"' in page
    assert 'aria-label="Vermont: not released"' in page
    assert "Puerto Rico" not in page
    # Alabama is read first, Wyoming last, and only the district has a marker.
    links = re.findall(r'href="/careers/states/([a-z-]+)/"', page)
    assert links == sorted(links)
    assert page.count("<circle") == 1
    assert 'aria-label="Pay by &lt;state&gt;"' in page


@given(st.lists(DOLLARS, min_size=1, max_size=20), st.lists(DOLLARS, max_size=3))
@example([1_000], [98_000])
@example([100_000], [])
def test_an_axis_has_round_ends_and_few_ticks_and_holds_all(values, open_ends):
    axis = round_axis([*values, *open_ends], open_ends)
    assert 2 <= len(axis.ticks) <= MOST_TICKS
    assert axis.low <= min(values)
    assert max(values) <= axis.high
    assert [tick.at for tick in axis.ticks] == sorted({tick.at for tick in axis.ticks})
    assert 0 <= axis.ticks[0].at < axis.ticks[-1].at <= 100
    spans = [text_span(tick.at, tick.dx, width_of(tick.label), "middle") for tick in axis.ticks]
    assert_apart_and_inside(spans)
    assert all(re.fullmatch(r"\$\d+(\.\d+)?k|\$0", tick.label) for tick in axis.ticks)
    # Room for an arrow in the narrowest drawing.
    assert all(axis.at(end) <= 95 for end in open_ends)


@given(st.lists(range_rows(), max_size=12))
def test_range_bars_stay_inside_and_keep_their_order(rows):
    shapes = range_bars(rows, WORDS)
    labels = ["".join(line.text for line in bar.label) for bar in shapes.bars]
    assert list(map(without_blanks, labels)) == [without_blanks(row.label) for row in rows]
    for row, bar in zip(rows, shapes.bars, strict=True):
        assert 0 <= bar.start <= bar.end <= 100
        assert bar.is_point == (row.high in (None, row.low)) or bar.start == bar.end
        left, right = text_span(bar.said_at, bar.said_dx, width_of(row.said), bar.said_anchor)
        assert_apart_and_inside([(left, right)])
        # The amount does not lie on its bar.
        beside = abs(bar.said.y - bar.y) < 0.5
        start, end = bar.start / 100 * NARROWEST, bar.end / 100 * NARROWEST
        assert not beside or left >= end or right <= start
        assert max(bar.y, bar.said.y) < shapes.plot_height < shapes.height
        assert all(width_of(line.text) <= NARROWEST for line in bar.label)
    for bar, following in pairwise(shapes.bars):
        first = following.label[0].y if following.label else following.y
        assert max(bar.y, bar.said.y) < first


@given(st.lists(range_rows(), min_size=2, max_size=8))
def test_a_higher_end_is_drawn_farther_right(rows):
    bars = range_bars(rows, WORDS).bars
    for row, bar in zip(rows, bars, strict=True):
        for other_row, other in zip(rows, bars, strict=True):
            if row.low < other_row.low:
                assert bar.start <= other.start


@given(st.lists(areas(), min_size=1, max_size=4))
def test_marks_stand_in_order_and_only_for_what_is_known(wages):
    shapes = percentile_strip(wages, WORDS)
    for area, strip in zip(wages, shapes.strips, strict=True):
        assert [mark.name for mark in strip.marks] == list(area.known())
        places = [mark.at for mark in strip.marks]
        assert places == sorted(places)
        assert all(0 <= place <= 100 for place in places)
        assert (strip.mean is None) == (area.mean is None)
        assert (strip.box is None) == (area.p25 is None or area.p75 is None)
        assert (strip.line is None) == (len(places) < 2)
        assert (strip.note is None) == bool(places or area.mean)
        assert strip.top < strip.middle < strip.bottom < shapes.height


@given(areas())
def test_texts_of_a_strip_neither_touch_nor_leave_the_frame(area):
    (strip,) = percentile_strip([area], WORDS).strips
    for side in ({"p25", "p75"}, {"p10", "median", "p90"}):
        spans = []
        for mark in strip.marks:
            if mark.name in side:
                width = max(width_of(mark.amount.text), width_of(NAMES[mark.name]))
                spans.append(text_span(mark.at, mark.dx, width, "middle"))
        assert_apart_and_inside(spans)


@given(st.lists(st.integers(min_value=0, max_value=100), min_size=1, max_size=5))
def test_texts_that_have_room_stay_where_they_are(places):
    places.sort()
    moves = spread(places, [1.0] * len(places))
    gaps = [(higher - lower) / 100 * NARROWEST for lower, higher in pairwise(places)]
    if places[0] >= 3 and places[-1] <= 97 and all(gap >= 1.5 for gap in gaps):
        assert moves == [0.0] * len(places)
    elif places[0] >= 30 and places[-1] <= 70:
        # What moves left and what moves right is the same.
        assert sum(moves) == pytest.approx(0, abs=0.05)


@given(st.lists(st.tuples(DOLLARS, st.booleans()), min_size=1, max_size=6))
def test_premium_bars_begin_at_nothing_and_leave_room_for_their_amounts(values):
    rows = [
        PremiumRow("Pay", value, f"${value:,}", open_ended, "+$9,000" if place else "")
        for place, (value, open_ended) in enumerate(values)
    ]
    shapes = premium_bars(rows, WORDS)
    most = max(value for value, _ in values)
    longest = max(bar.end for bar in shapes.bars)
    for row, bar in zip(rows, shapes.bars, strict=True):
        assert bar.end == pytest.approx(longest * float(row.value) / most, abs=0.02)
        assert bar.extra_start == min(bar.end, shapes.baseline)
        assert bar.end / 100 * NARROWEST + bar.said_dx + width_of(row.said) <= NARROWEST + 0.02
        assert (bar.difference is None) == (not row.difference)
    assert shapes.baseline == shapes.bars[0].end


@pytest.mark.parametrize(
    ("template", "shapes"),
    [
        ("careers/_range_bars.html", range_bars([], WORDS)),
        ("careers/_percentiles.html", percentile_strip([], WORDS)),
        ("careers/_premium.html", premium_bars([], WORDS)),
        (
            "careers/_range_bars.html",
            range_bars([RangeRow("R&D", 5, 9, "$5–$9", open_ended=True)], WORDS),
        ),
        ("careers/_percentiles.html", percentile_strip([Percentiles("R&D", 1, 2, 3)], WORDS)),
        ("careers/_premium.html", premium_bars([PremiumRow("R&D", 5, "$5")], WORDS)),
    ],
)
def test_a_drawing_is_an_image_with_a_name_and_a_description(template, shapes):
    page = render_to_string(template, {"shapes": shapes})
    assert 'role="img" aria-labelledby="here-title here-desc"' in page
    assert '<title id="here-title">Pay by &lt;state&gt;</title>' in page
    assert '<desc id="here-desc">What it shows.</desc>' in page
    assert '<figcaption class="hint">A caption.</figcaption>' in page
    # What was not known must not be drawn as a word.
    assert "None" not in page


def test_an_open_end_has_an_arrow_and_only_it():
    rows = [RangeRow("Closed", 1000, 5000, "closed"), RangeRow("Open", 2000, 6000, "open", True)]
    page = render_to_string("careers/_range_bars.html", {"shapes": range_bars(rows, WORDS)})
    assert page.count('marker-end="url(#here-open)"') == 1
    assert page.index("Closed") < page.index("Open") < page.index("marker-end")
