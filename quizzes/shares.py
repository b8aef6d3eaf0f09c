"""How learners' first answers spread over an item's choices, as its feedback shows them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from quizzes.measures import ENOUGH, percent
from quizzes.models import VersionStat

# Counters change when sessions are rolled up, every hour: minutes make no difference.
MAX_AGE_SECONDS = 300.0
MAX_VERSIONS = 5_000


@dataclass(frozen=True)
class Shares:
    """Of how many first answers, and the whole percent of each letter in the file."""

    total: int
    percents: Mapping[str, int | None]


_kept: dict[int, tuple[float, Shares | None]] = {}


def shares_of(version_id: int) -> Shares | None:
    """Return a version's shares, or None below 30 first answers.

    Read at most once in five minutes in each process.
    """
    now = time.monotonic()
    read_at, shares = _kept.get(version_id, (0.0, None))
    if version_id not in _kept or now - read_at >= MAX_AGE_SECONDS:
        if len(_kept) >= MAX_VERSIONS:
            _kept.clear()
        shares = _read(version_id)
        _kept[version_id] = (now, shares)
    return shares


def forget() -> None:
    """Drop everything that is kept."""
    _kept.clear()


def _read(version_id: int) -> Shares | None:
    row = (
        VersionStat.objects.filter(pk=version_id, first_tries__gte=ENOUGH)
        .values_list("first_tries", "picked_a", "picked_b", "picked_c", "picked_d")
        .first()
    )
    if row is None:
        return None
    total, *picked = row
    return Shares(
        total, {letter: percent(n, total) for letter, n in zip("ABCD", picked, strict=True)}
    )
