"""The official wages as they ship: every number as in the table, and what was not released."""

import csv
import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from careers import models
from careers.files import DATA
from careers.loading import load
from careers.oews import latest
from prepsite.content.files import ContentError
from tests.careers.factories import change, copy_files

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


def shown(area: str) -> models.Wage | None:
    """Return an area's row in the release that pages show."""
    release = latest.read_release()
    return release.by_area.get(area) if release else None


def test_each_row_says_where_it_comes_from() -> None:
    load()
    wage = shown("united-states")
    assert wage is not None
    assert str(wage) == "United States, May 2025"
    assert str(wage.provenance) == "BLS OEWS, May 15, 2026"
    assert (str(wage.review_by), wage.slug) == ("2027-05-31", "united-states-2025-05")


def test_the_median_among_the_compared_sources_is_the_tables() -> None:
    load()
    (nation,) = [row for row in shipped() if row["postal"] == "US"]
    figure = models.SalaryFigure.objects.get(slug="oews-median-annual")
    assert figure.low == Decimal(nation["a_median"])
    assert (figure.source.slug, figure.dated) == ("bls-oews", "May 15, 2026")


def test_the_overview_shows_the_nations_wages_beside_the_guides(client: Client) -> None:
    load()
    page = client.get("/careers/").content.decode()
    table = page[page.index('id="official-pay-table"') :]
    table = table[: table.index("</section>")]
    (nation,) = [row for row in shipped() if row["postal"] == "US"]
    for name in ("mean", "pct10", "pct25", "median", "pct75", "pct90"):
        assert f"${float(nation[f'a_{name}']):,.0f}</td>" in table
        assert f"${nation[f'h_{name}']}</td>" in table
    assert "194,720 jobs" in table
    assert "May 2025" in table
    assert '/careers/sources/#source-bls-oews">BLS OEWS</a>, as of May 15, 2026' in table
    assert "checked November 24, 2026" in table
    assert "48,780" not in table
    wage = shown("united-states")
    assert wage is not None
    assert wage.get_absolute_url() == f"/careers/#{wage.anchor}"
    assert page.count(f'id="{wage.anchor}"') == 1


def make_wage(area: str, median: int | None, release: str = "2025-05-01") -> models.Wage:
    """Save a row for an area that is loaded."""
    return models.Wage.objects.create(
        slug=f"{area}-{release[:7]}",
        area=models.Area.objects.get(slug=area),
        source=models.Source.objects.get(slug="bls-oews"),
        as_of=dt.date(2026, 5, 15),
        release=dt.date.fromisoformat(release),
        annual_median=median,
    )


def test_ranks_are_by_median_and_shared_by_equals() -> None:
    load()
    models.Wage.objects.all().delete()
    medians = {
        "ohio": 50_000,
        "texas": 60_000,
        "iowa": 50_000,
        "utah": 40_000,
        "district-of-columbia": 70_000,
        "vermont": None,
        "guam": 90_000,
        "united-states": 55_000,
    }
    wages = [make_wage(area, median) for area, median in medians.items()]
    assert latest.ranks(wages) == {
        "district-of-columbia": 1,
        "texas": 2,
        "ohio": 3,
        "iowa": 3,
        "utah": 5,
    }


def test_all_states_are_ranked_and_no_territory() -> None:
    load()
    release = latest.read_release()
    assert release is not None
    assert len(release.ranks) == 51
    # The highest median of the table, read by itself.
    states = [row for row in shipped() if row["postal"] not in ("US", "GU", "PR", "VI")]
    states.sort(key=lambda row: -int(row["a_median"]))
    assert [release.by_area[slug].area.postal for slug in list(release.ranks)[:3]] == [
        row["postal"] for row in states[:3]
    ]
    assert max(release.ranks.values()) <= 51


def test_pages_show_the_newest_release_that_is_whole(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    load()
    make_wage("united-states", 99, "2026-05-01")
    assert month_shown() == "2025-05"
    make_wage("ohio", 99, "2026-05-01")
    with django_assert_num_queries(1):
        assert month_shown() == "2026-05"
    models.Wage.objects.get(slug="united-states-2026-05").delete()
    assert month_shown() == "2025-05"
    models.Wage.objects.get(slug="united-states-2025-05").delete()
    assert month_shown() == "2026-05"


def month_shown() -> str:
    release = latest.read_release()
    assert release is not None
    assert [wage.area.position for wage in release.wages] == sorted(
        wage.area.position for wage in release.wages
    )
    assert {wage.source.name for wage in release.wages} == {"BLS OEWS"}
    return f"{release.month:%Y-%m}"


def test_reading_costs_one_statement(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    assert latest.read_release() is None
    load()
    with django_assert_num_queries(1):
        wage = shown("vermont")
        assert wage is not None
        assert (wage.area.name, str(wage.provenance)) == ("Vermont", "BLS OEWS, May 15, 2026")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("2330,5.0,", "2,330,5.0,", "row 3: has 24 cells, and there are 23 columns."),
        ("2330,5.0,", "x2330,5.0,", "row 3, column TOT_EMP: 'x2330' is not a number"),
        ("2330,5.0,", "-2330,5.0,", "row 3, column TOT_EMP: '-2330' is not a number"),
        ("2330,5.0,", "0,5.0,", "row 3, column TOT_EMP (Alabama): 0 must be above zero."),
        ("54,WV", "55,WV", "row 51, column POSTAL: the code 55 is Wisconsin (WI), but"),
        ("May 2025,state,54", "May 2024,state,54", "row 51, column RELEASE: this row is of May"),
        ("tot_emp:8", "tot_emp:5", "row 48, column FOOTNOTES: the footnote 'tot_emp:5' is not"),
        (",loc_quotient,", ",lq,", "these columns are missing: LOC_QUOTIENT."),
    ],
)
def test_a_fault_in_the_table_is_named_by_row_and_column(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    folder = copy_files(tmp_path)
    path = folder / "oews" / "oews_29_2072_state.csv"
    text = path.read_bytes().decode()
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode())
    with pytest.raises(ContentError) as caught:
        load(folder=folder)
    assert f"{path}: {complaint}" in str(caught.value)
    assert not models.Wage.objects.exists()


def test_a_head_and_a_table_go_together(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    head = folder / "oews" / "oews_29_2072_state.yaml"
    change(head, "source: bls-oews", "source: bls-oes")
    with pytest.raises(ContentError, match=r"source: 'bls-oes' is not in sources\.yaml"):
        load(folder=folder)
    change(head, "source: bls-oes", "origin: bls-oews")
    with pytest.raises(ContentError, match=r"state\.yaml: origin: this field may not stand"):
        load(folder=folder)
    head.unlink()
    with pytest.raises(ContentError, match=r"state\.yaml: .*No such file"):
        load(folder=folder)


def test_a_changed_number_is_taken_and_an_edit_is_kept(tmp_path: Path) -> None:
    folder = copy_files(tmp_path)
    load(folder=folder)
    path = folder / "oews" / "oews_29_2072_state.csv"
    # The third decimal counts too.
    change(path, "1.101,0.88", "1.102,0.88")
    assert load(folder=folder).updated == 1
    wage = models.Wage.objects.get(slug="alabama-2025-05")
    assert wage.jobs_per_1000 == Decimal("1.102")
    assert [record.history_type for record in wage.history.all()] == ["~", "+"]
    wage.jobs_per_1000 = Decimal("1.103")
    wage.save()
    change(path, "1.102,0.88", "1.104,0.88")
    report = load(folder=folder)
    assert report.kept == ["wages: alabama-2025-05: jobs_per_1000 edited in the admin"]
