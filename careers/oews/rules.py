"""What must hold among the wages of one area, whoever states them: file, import or form."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

PERCENTILES = {
    "p10": "10th percentile",
    "p25": "25th percentile",
    "median": "median",
    "p75": "75th percentile",
    "p90": "90th percentile",
}
STATISTICS = {"mean": "mean"} | PERCENTILES
RATES = ("hourly", "annual")
WAGES = {
    f"{rate}_{name}": f"{rate} {words}" for rate in RATES for name, words in STATISTICS.items()
}
# BLS takes a year of the occupation as 2,080 hours and rounds dollars a year to tens and
# dollars an hour to cents, each by itself: half a cent for 2,080 hours and half of ten dollars.
HOURS_A_YEAR = 2080
ROUNDING = Decimal("15.40")


def contradictions(wages: Mapping[str, Decimal | None]) -> Iterator[tuple[str, str]]:
    """Yield column and complaint for each wage that cannot be right beside the others.

    ``wages`` are US dollars by the columns of a wage, None where not released.
    """
    for rate in RATES:
        released = [
            (name, value)
            for name in (f"{rate}_{percentile}" for percentile in PERCENTILES)
            if (value := wages.get(name)) is not None
        ]
        for (lower, less), (higher, more) in pairwise(released):
            if more < less:
                yield (
                    higher,
                    f"the {WAGES[higher]} ({more:,}) is below the {WAGES[lower]} ({less:,}).",
                )
    for name, words in STATISTICS.items():
        hourly, annual = wages.get(f"hourly_{name}"), wages.get(f"annual_{name}")
        if hourly is None or annual is None:
            continue
        if abs(annual - hourly * HOURS_A_YEAR) > ROUNDING:
            times = f"{HOURS_A_YEAR:,} times the hourly one"
            complaint = f"the annual {words} ({annual:,}) is not {times} ({hourly:,})."
            yield f"annual_{name}", complaint
