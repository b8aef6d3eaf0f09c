"""The official wages as they ship: every number as in the table, and what was not released."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from careers import models
from careers.files import DATA
from careers.loading import load
from careers.oews import latest

pytestmark = pytest.mark.django_db

COLUMNS = {
    "employment": "tot_emp",
    "employment_rse": "emp_prse_pct",
    "mean_rse": "mean_prse_pct",
    "hourly_mean": "h_mean",
    "hourly_p10": "h_pct10",
    "hourly_p25": "h_pct25",
    "hourly_median": "h_median",
    "hourly_p75": "h_pct75",
    "hourly_p90": "h_pct90",
    "annual_mean": "a_mean",
    "annual_p10": "a_pct10",
    "annual_p25": "a_pct25",
    "annual_median": "a_median",
    "annual_p75": "a_pct75",
    "annual_p90": "a_pct90",
    "jobs_per_1000": "jobs_1000",
    "location_quotient": "loc_quotient",
}


def shipped() -> list[dict[str, str]]:
    """Read the shipped table by itself."""
    path = DATA / "oews" / "oews_29_2072_state.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_number_loaded_is_the_tables() -> None:
    load()
    rows = shipped()
    wages = {wage.area.postal: wage for wage in models.Wage.objects.select_related("area")}
    assert len(rows) == len(wages) == 55
    numbers = 0
    for row in rows:
        wage = wages[row["postal"]]
        assert (str(wage.release), wage.area.fips) == ("2025-05-01", row["fips"])
        for name, column in COLUMNS.items():
            value = getattr(wage, name)
            if row[column] in ("", "-"):
                assert value is None, (row["area"], column)
            else:
                assert value == Decimal(row[column]), (row["area"], column)
                numbers += 1
    # All of 53 areas but four of Vermont; the nation has no share of jobs to compare with.
    assert numbers == 53 * 17 - 4 + 15


def test_what_was_not_released_is_neither_zero_nor_missing() -> None:
    load()
    release = latest.read_release()
    assert release is not None
    vermont, islands = release.by_area["vermont"], release.by_area["virgin-islands"]
    assert (vermont.employment, vermont.annual_median) == (None, 57560)
    assert {getattr(islands, name) for name in COLUMNS} == {None}


def test_each_row_says_where_it_comes_from() -> None:
    load()
    wage = latest.read_nation()
    assert wage is not None
    assert str(wage) == "United States, May 2025"
    assert str(wage.provenance) == "BLS OEWS, May 15, 2026"
    assert (str(wage.review_by), wage.slug) == ("2027-04-30", "united-states-2025-05")


def change_table(folder: Path, old: str, new: str) -> None:
    path = folder / "oews" / "oews_29_2072_state.csv"
    text = path.read_bytes().decode()
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode())
