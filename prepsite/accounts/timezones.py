"""The time zones that a learner can choose, those of the United States first."""

import zoneinfo
from functools import cache
from itertools import groupby

UNITED_STATES = {
    "America/New_York": "Eastern (New York)",
    "America/Chicago": "Central (Chicago)",
    "America/Denver": "Mountain (Denver)",
    "America/Phoenix": "Mountain without summer time (Phoenix)",
    "America/Los_Angeles": "Pacific (Los Angeles)",
    "America/Anchorage": "Alaska (Anchorage)",
    "Pacific/Honolulu": "Hawaii (Honolulu)",
    "America/Puerto_Rico": "Atlantic (Puerto Rico)",
    "Pacific/Guam": "Chamorro (Guam)",
}
# Old spellings and fixed offsets, which nobody lives in.
_NOT_PLACES = {"Etc", "SystemV", "US", "Brazil", "Canada", "Chile", "Mexico"}


@cache
def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the zones by part of the world, as a form's choices want them."""
    names = sorted(
        name
        for name in zoneinfo.available_timezones() - set(UNITED_STATES)
        if "/" in name and name.partition("/")[0] not in _NOT_PLACES
    )
    return [
        ("United States", list(UNITED_STATES.items())),
        *(
            (region, [(name, _place(name)) for name in group])
            for region, group in groupby(names, key=lambda name: name.partition("/")[0])
        ),
    ]


def _place(name: str) -> str:
    """Return the place of a zone: Buenos Aires, Argentina for America/Argentina/Buenos_Aires."""
    places = name.replace("_", " ").split("/")[1:]
    return ", ".join(reversed(places))
