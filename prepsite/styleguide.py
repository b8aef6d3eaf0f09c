"""What the style guide draws: made-up values that show each drawing in its states."""

from typing import Any

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
from careers.drawings.shapes import outlines
from prepsite.charts import bar_chart

VERMONT = "50"
PALETTE = (
    (1, "is-answered", ", answered"),
    (2, "is-answered is-flagged", ", answered, flagged"),
    (3, "", ", unanswered"),
    (4, "is-flagged", ", unanswered, flagged"),
    (5, "is-withdrawn", ", withdrawn"),
)


def samples() -> dict[str, Any]:
    """Return the shapes of every drawing by name."""
    return {
        "palette": PALETTE,
        "chart": bar_chart([("10000", 5, 6, 6), ("ICD", 2, 8, 8), ("LAW", 0, 3, 3)], 70),
        "drawings": (
            ("careers/_map.html", _map()),
            ("careers/_range_bars.html", _ranges()),
            ("careers/_percentiles.html", _percentiles()),
            ("careers/_premium.html", _premium()),
        ),
    }


def _map() -> Any:
    # Neighbours in the alphabet far apart, so that every class is all over the map.
    values = {
        outline.fips: 36000 + place * 37 % 51 * 610 for place, outline in enumerate(outlines())
    }
    return choropleth(
        values | {VERMONT: None},
        Words(
            "sg-map",
            "Sample map of the states",
            "Each state is a link and says its value. The table on a page says the same.",
            "A value for each state, and one state without a value.",
        ),
        skip_to="sg-table",
    )


def _ranges() -> Any:
    return range_bars(
        [
            RangeRow("A range", 42000, 52000, "$42,000–$52,000"),
            RangeRow("A range with an open end", 58000, 72000, "$58,000–$72,000+", True),
            RangeRow("A single value", 61000, None, "$61,000"),
            RangeRow("An open end alone", 81000, None, "$81,000+", True),
            RangeRow(
                "A long range with a label that takes two lines", 48000, 98000, "$48,000–$98,000"
            ),
            RangeRow("A range at the far end", 90000, 99000, "$90,000–$99,000"),
        ],
        Words("sg-ranges", "Sample ranges", "Six bars on one axis.", "Arrow: no upper end."),
    )


def _percentiles() -> Any:
    return percentile_strip(
        [
            Percentiles("A state", 31900, 36600, 44800, 56100, 67900, 47900),
            Percentiles("The nation", 37000, 43490, 51140, 64820, 81150, 56790),
            Percentiles("Some not released", p25=38000, median=46000),
            Percentiles("Nothing released"),
        ],
        Words(
            "sg-percentiles",
            "Sample percentiles",
            "A strip for each area on one axis.",
            "Box: the middle half of all jobs. Heavy line: the median. Ring: the mean.",
        ),
    )


def _premium() -> Any:
    return premium_bars(
        [
            PremiumRow("Without it", 43000, "$43,000"),
            PremiumRow("With it", 55000, "$55,000", difference="+$12,000"),
            PremiumRow("With more of them", 81000, "$81,000+", True, "+$38,000 or more"),
        ],
        Words("sg-premium", "Sample premium", "Three bars.", "Dashed: what the first one earns."),
    )
