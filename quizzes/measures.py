"""What the counters of an item tell: arithmetic on numbers, without rows."""

from collections.abc import Mapping
from math import sqrt

# Below so many first tries, or whole mocks, a number says more about chance than the item.
ENOUGH = 30
# Scores are counted in ten-thousandths: sums of whole numbers are the same in any order.
FULL_SCORE = 10_000


def time_class(millis: int) -> str:
    """Return the seconds of an answer, to two significant digits.

    That keeps an item's times in fewer than 200 numbers, with which a median is right to
    five percent.
    """
    return str(int(float(f"{max(1, round(millis / 1000)):.2g}")))


def median_seconds(times: Mapping[str, int]) -> int | None:
    """Return the median of answers counted by their time class; None without any."""
    total = sum(times.values())
    passed = 0
    for seconds in sorted(map(int, times)):
        passed += times[str(seconds)]
        if 2 * passed >= total:
            return seconds
    return None


def point_biserial(
    n: int, n_correct: int, sum_score: int, sum_score_sq: int, sum_score_correct: int
) -> float | None:
    """Return the correlation between an item's answer and the score of the whole mock.

    ``n`` mocks held the item, ``n_correct`` with a correct answer; ``sum_score`` and
    ``sum_score_sq`` add up their scores and squares, ``sum_score_correct`` the scores of
    those with a correct answer. None where either does not vary. The point-biserial
    coefficient as in Lord and Novick (1968), the item's own point included.
    """
    spread = n * sum_score_sq - sum_score**2
    split = n_correct * (n - n_correct)
    if spread <= 0 or split <= 0:
        return None
    return (n * sum_score_correct - n_correct * sum_score) / (sqrt(spread) * sqrt(split))


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, or None of nothing."""
    return round(100 * part / whole) if whole else None
