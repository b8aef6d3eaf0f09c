"""Official wages by state: map and table."""

from careers.blocks import Drawing, Shown, provenances
from careers.drawings import Words, choropleth
from careers.rows import Rows
from careers.states.release import local
from careers.states.table import TableQuery, build_table

TABLE = "careers/_state_table.html"
# The element that holds the table, where the map's skip link leads.
TABLE_ANCHOR = "state-wages"


def state_map(rows: Rows) -> Shown:
    """Return the map of the annual medians."""
    release = rows.release()
    if release is None:
        return Shown()
    values = {wage.area.fips: wage.annual_median for wage in release.wages}
    sources = "; ".join(str(provenance) for provenance in provenances(local(release)))
    words = Words(
        "state-map",
        "Map of the official annual median by state",
        "Five shades, each for about a fifth of the states and the District of Columbia; the "
        "legend has their bounds. The table below has the same figures.",
        "Official annual median, a fifth of the states in each shade. Guam, Puerto Rico and the "
        f"Virgin Islands are in the table alone. Source: {sources}.",
    )
    return Shown(
        drawings=[
            Drawing("careers/_map.html", choropleth(values, words, skip_to=TABLE_ANCHOR)),
        ]
    )


def state_table(rows: Rows, query: TableQuery | None = None, problem: str = "") -> Shown:
    """Return the table of official wages, as a visitor asked for it."""
    release = rows.release()
    if release is None:
        return Shown()
    return Shown(drawings=[Drawing(TABLE, build_table(release, query or TableQuery(), problem))])
