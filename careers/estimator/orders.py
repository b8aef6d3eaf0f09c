"""Partial orders as pairs (lower, higher): what stands above what, and what comes next."""

from collections.abc import Iterable

type Step = tuple[str, str]


def above(start: str, steps: Iterable[Step]) -> set[str]:
    """Return all that can be reached upwards; holds the start itself only in a circle."""
    return _reach(start, steps)


def below(start: str, steps: Iterable[Step]) -> set[str]:
    """Return all from which the start can be reached upwards."""
    return _reach(start, ((higher, lower) for lower, higher in steps))


def next_above(start: str, steps: Iterable[Step]) -> set[str]:
    """Return what stands above with nothing in between, whatever shortcuts the steps state."""
    steps = list(steps)
    higher = {key for lower, key in steps if lower == start} - {start}
    return {
        key for key in higher if not any(key in above(other, steps) for other in higher - {key})
    }


def closes_circle(lower: str, higher: str, steps: Iterable[Step]) -> bool:
    """Tell whether a step more would let something stand above itself."""
    return lower == higher or lower in above(higher, steps)


def _reach(start: str, steps: Iterable[Step]) -> set[str]:
    onwards: dict[str, list[str]] = {}
    for origin, target in steps:
        onwards.setdefault(origin, []).append(target)
    found: set[str] = set()
    ahead = [start]
    while ahead:
        for target in onwards.get(ahead.pop(), ()):
            if target not in found:
                found.add(target)
                ahead.append(target)
    return found
