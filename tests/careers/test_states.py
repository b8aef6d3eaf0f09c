"""Pay by state: every official figure as BLS released it, and honest where there is none."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html import unescape

import pytest
from django.test import Client
from django.utils.text import slugify

from careers import models
from careers.files import DATA
from careers.loading import load
from prepsite.content import pagecache, revision
from tests.careers.factories import make_state

pytestmark = pytest.mark.django_db

URL = "/careers/states/"
STATEMENTS = 6
BYTES = 40_000
# Headings of the table, and the columns of the official table that stand under them.
TABLE = {
    "Median": "a_median",
    "10th percentile": "a_pct10",
    "90th percentile": "a_pct90",
    "Mean": "a_mean",
    "Jobs": "tot_emp",
}
LEVELS = {
    "10th percentile": "pct10",
    "25th percentile": "pct25",
    "Median": "median",
    "75th percentile": "pct75",
    "90th percentile": "pct90",
    "Mean": "mean",
}


@pytest.fixture(autouse=True)
def _guide() -> None:
    load()


def official() -> dict[str, dict[str, str]]:
    """Read the official table by itself: rows by the last part of their addresses."""
    path = DATA / "oews" / "oews_29_2072_state.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {slugify(row["area"]): row for row in csv.DictReader(file)}


def areas() -> dict[str, dict[str, str]]:
    return {slug: row for slug, row in official().items() if row["postal"] != "US"}


def get(client: Client, url: str, *, status: int = 200, **headers: str) -> str:
    """Return an answer's HTML, rendered anew."""
    pagecache.pages.clear()
    response = client.get(url, headers=headers)
    assert response.status_code == status
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def lines_of(html: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the first table's body, its tick box left out."""
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    for row in body.split("<tr>")[1:]:
        yield [text_of(cell) for cell in re.split(r"<t[dh][^>]*>", row)[1:]]


def table_of(html: str) -> dict[str, list[str]]:
    """Return the cells of the table of states by the state's name."""
    return {name: cells for _, name, *cells in lines_of(html)}


def dollars(text: str, missing: str) -> str:
    return f"${int(text):,}" if text not in ("", "-") else missing


def jobs(text: str, missing: str) -> str:
    return f"{int(text):,}" if text not in ("", "-") else missing


def test_every_figure_of_the_table_is_the_official_one(client: Client) -> None:
    html = get(client, URL)
    table = table_of(html)
    wanted = {
        row["area"]: [
            (jobs if column == "tot_emp" else dollars)(row[column], "n/r")
            for column in TABLE.values()
        ]
        for row in areas().values()
    }
    assert len(wanted) == 54
    assert table == wanted
    head = text_of(html[html.index("<thead>") : html.index("</thead>")])
    assert head == f"Compare Area {' '.join(TABLE)}"
    assert "n/r: not released" in html


def test_every_figure_of_a_states_page_is_the_official_one(client: Client) -> None:
    nation = official()["national"]
    for slug, row in areas().items():
        html = get(client, f"{URL}{slug}/")
        if slug == "virgin-islands":
            assert "<table" not in html
            continue
        table = {cells[0]: cells[1:] for cells in lines_of(html)}
        assert len(table) == len(LEVELS)
        for label, column in LEVELS.items():
            (cells,) = [cells for name, cells in table.items() if name.startswith(label)]
            hourly = f"${float(row[f'h_{column}']):,.2f}"
            assert cells == [
                hourly,
                dollars(row[f"a_{column}"], ""),
                dollars(nation[f"a_{column}"], ""),
            ]
        facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", html))
        assert facts["Jobs"] == jobs(row["tot_emp"], "not released")
        assert facts["Jobs in 1,000"] == (row["jobs_1000"].strip("-") or "not released")
        assert facts["Location quotient"] == (row["loc_quotient"].strip("-") or "not released")
        assert facts["Error of the mean"] == f"{row['mean_prse_pct']}%"


def test_the_short_answer_tells_the_rank_and_what_it_means(client: Client) -> None:
    medians = {
        slug: int(row["a_median"])
        for slug, row in areas().items()
        if row["area_type"] == "state"
        and row["a_median"]
        and slug not in ("guam", "puerto-rico", "virgin-islands")
    }
    assert len(medians) == 51
    for slug, median in medians.items():
        html = get(client, f"{URL}{slug}/")
        answer = text_of(html[html.index("<h1") : html.index('<div class="guide-layout">')])
        higher = sum(other > median for other in medians.values())
        lower = sum(other < median for other in medians.values())
        assert f"${median:,} a year" in answer
        assert f"number {higher + 1} of 51" in answer
        if higher and lower:
            assert f"{higher} pay more and {lower} pay less" in answer
        else:
            assert ("none pays less" if higher else "none pays more") in answer
    assert "the nation's median is $150 higher" in get(client, f"{URL}ohio/").replace("&#x27;", "'")


def test_what_was_not_released_is_said(client: Client) -> None:
    vermont = get(client, f"{URL}vermont/")
    assert "<dt>Jobs</dt><dd>not released</dd>" in vermont
    assert "$57,560 a year" in vermont
    islands = text_of(get(client, f"{URL}virgin-islands/"))
    assert "released no median for the Virgin Islands in its May 2025 survey" in islands
    assert "$51,140 a year" in islands
    assert "$0" not in islands
    for slug in ("guam", "puerto-rico"):
        page = text_of(get(client, f"{URL}{slug}/"))
        assert "as a territory it is not ranked among the states" in page
        assert "Next higher median" not in page


def test_jobs_without_wages_are_shown(client: Client) -> None:
    models.Wage.objects.filter(area__slug="virgin-islands").update(employment=120)
    html = get(client, f"{URL}virgin-islands/")
    page = text_of(html)
    assert "BLS released no wages for the Virgin Islands in May 2025, only that" in page
    assert "counted 120 jobs" in page
    assert "no number of jobs" not in page
    assert "<dt>Jobs</dt><dd>120</dd>" in html
    assert "<table" not in html
    models.Wage.objects.filter(area__slug="virgin-islands").update(employment=None)
    html = get(client, f"{URL}virgin-islands/")
    assert "no wages and no number of jobs for the Virgin Islands" in html
    assert "<dt>Jobs</dt>" not in html


def test_hourly_wages_alone_are_shown(client: Client) -> None:
    models.Wage.objects.filter(area__slug="virgin-islands").update(
        hourly_median="21.37", mean_rse="2.5"
    )
    html = get(client, f"{URL}virgin-islands/")
    table = {cells[0]: cells[1:] for cells in lines_of(html)}
    assert table["Median half earn less, half more"][:2] == ["$21.37", "not released"]
    page = text_of(html)
    assert "The official median in the Virgin Islands is $21.37 an hour" in page
    assert "BLS released no wages" not in html
    assert "Error of the mean 2.5% BLS asks a sample of employers." in page
    assert "no official" not in page


def test_neighbours_and_ranks_lead_on(client: Client) -> None:
    ohio = get(client, f"{URL}ohio/")
    table = ohio[ohio.index('id="neighbours-table"') :]
    rows = {cells[0]: cells[1:] for cells in lines_of(table)}
    assert list(rows) == ["Kentucky", "Michigan", "Indiana", "West Virginia", "Pennsylvania"]
    assert rows["Kentucky"] == ["$48,410", "$2,580 (5%) lower"]
    assert f'href="{URL}compare/?state=ohio&amp;state=kentucky&amp;state=michigan' in ohio
    assert 'href="/careers/estimate/?state=ohio"' in ohio
    assert "neighbours-table" not in get(client, f"{URL}hawaii/")
    # From the first to the last by rank and back, each step to another median.
    medians = {f"{URL}{slug}/": row["a_median"] for slug, row in areas().items()}
    ranked = models.Area.objects.filter(kind__in=["state", "district"])
    values = sorted({int(medians[area.get_absolute_url()]) for area in ranked}, reverse=True)
    assert len(values) < 51
    url = f"{URL}district-of-columbia/"
    for rel, wanted in (("next", values), ("prev", values[::-1])):
        seen = [url]
        while found := re.search(rf'href="([^"]+)" rel="{rel}"', get(client, url)):
            url = found[1]
            seen.append(url)
        assert [int(medians[url]) for url in seen] == wanted
    assert (
        'href="/careers/states/idaho/"'
        not in get(client, f"{URL}oklahoma/").partition('class="by-rank"')[2].partition("</ul>")[0]
    )


def test_the_guides_figure_stands_apart_with_its_source(client: Client) -> None:
    with_figure = models.StatePay.objects.exclude(area=None)
    assert with_figure.count() == models.StatePay.objects.count() == 15
    for figure in with_figure.select_related("area"):
        assert figure.area
        html = get(client, f"{URL}{figure.area.slug}/")
        part = html[html.index('id="guide-figure"') :]
        part = text_of(part[: part.index("</section>")])
        assert figure.amount in part
        assert "Career guide 2026" in part
        assert "BLS" not in part
    assert 'id="guide-figure"' not in get(client, f"{URL}ohio/")


def test_two_figures_of_the_guide_both_stand_on_the_page(client: Client) -> None:
    area = models.Area.objects.get(slug="ohio")
    make_state(area=area, state="Ohio", low=41234)
    make_state(area=area, state="Ohio", low=56789, rank=2)
    html = get(client, f"{URL}ohio/")
    assert "$41,234 a year" in html
    assert "$56,789 a year" in html


def test_each_figure_has_source_release_and_day_of_the_check(client: Client) -> None:
    for url in (URL, f"{URL}ohio/", f"{URL}compare/?state=ohio"):
        page = text_of(get(client, url))
        assert "May 2025" in page
        assert re.search(r"BLS OEWS , as of May 15, 2026; checked \w+ \d+, 2026", page)
        assert "https://www.bls.gov/oes/" in get(client, url)


def test_rows_checked_on_other_days_or_corrected_say_so(client: Client) -> None:
    wages = models.Wage.objects.filter(release__year=2025)
    wages.update(checked_on=dt.date(2026, 6, 1))
    wages.filter(area__slug="ohio").update(checked_on=dt.date(2026, 7, 9))
    for url in (URL, f"{URL}compare/?state=ohio&state=texas"):
        page = text_of(get(client, url))
        assert page.count("checked between June 1, 2026 and July 9, 2026") == 1
    assert "checked June 1, 2026" in text_of(get(client, f"{URL}compare/?state=texas"))
    # The nation stands beside it.
    assert "between June 1" in text_of(get(client, f"{URL}compare/?state=ohio"))
    wages.filter(area__slug="ohio").update(as_of=dt.date(2026, 7, 1))
    for url in (URL, f"{URL}compare/?state=texas&state=ohio"):
        page = text_of(get(client, url))
        assert "as of May 15, 2026; checked June 1, 2026" in page
        assert "as of July 1, 2026; checked July 9, 2026" in page
    caption = get(client, URL).partition("<figcaption")[2].partition("</figcaption>")[0]
    assert "Source: BLS OEWS, May 15, 2026; BLS OEWS, July 1, 2026." in caption
    wages.filter(area__slug="texas").update(checked_on=None)
    page = text_of(get(client, f"{URL}compare/?state=texas"))
    assert "as of May 15, 2026; look it up" in page


@pytest.mark.parametrize("slug", ["nowhere", "Ohio", "oh", "us"])
def test_an_unknown_state_is_not_found(client: Client, slug: str) -> None:
    get(client, f"{URL}{slug}/", status=404)


def test_the_nation_has_the_overview(client: Client) -> None:
    assert client.get(f"{URL}united-states/").headers["Location"] == "/careers/"


def test_pages_before_any_wages_are_loaded(client: Client) -> None:
    models.Wage.objects.all().delete()
    html = get(client, URL)
    assert "Washington D.C." in html
    assert 'id="state-wages"' not in html
    assert "figure" not in re.findall(r"<(\w+)", html)
    for url in ("ohio/", "compare/", "compare/?state=ohio"):
        get(client, URL + url, status=404)
    assert client.get(URL, headers={"HX-Request": "true"}).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    for url in (URL, f"{URL}ohio/", f"{URL}compare/"):
        assert getattr(client, method)(url).status_code == 405


def test_titles_and_descriptions_are_each_states_own(client: Client) -> None:
    titles, descriptions = set(), set()
    for slug in areas():
        html = get(client, f"{URL}{slug}/")
        titles.add(re.findall(r"<title>(.+?)</title>", html)[0])
        (description,) = re.findall(r'<meta name="description" content="([^"]+)"', html)
        assert 50 <= len(unescape(description)) <= 160
        descriptions.add(description)
    assert len(titles) == len(descriptions) == 54


def test_pages_are_cheap_and_small(
    client: Client,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    four = "&".join(f"state={slug}" for slug in ("ohio", "texas", "utah", "maine"))
    eight = "&".join(f"state={slug}" for slug in list(areas())[:8])
    for url in (
        *(URL, f"{URL}?sort=employment&order=asc", f"{URL}?q=new", f"{URL}?{eight}"),
        *(f"{URL}district-of-columbia/", f"{URL}tennessee/", f"{URL}compare/?{four}"),
    ):
        revision.current()
        with django_assert_max_num_queries(STATEMENTS):
            html = get(client, url)
        assert len(html.encode()) < BYTES, url


def test_a_page_is_kept_for_everybody_and_an_edit_shows(client: Client) -> None:
    html = get(client, f"{URL}ohio/")
    assert "$50,990" in html
    wage = models.Wage.objects.get(area__slug="ohio")
    wage.annual_median = 50_000
    wage.save()
    revision.bump()
    assert "$50,000 a year" in client.get(f"{URL}ohio/").content.decode()


def test_a_newer_release_takes_over_and_the_older_one_stays(client: Client) -> None:
    for wage in models.Wage.objects.exclude(area__slug="texas").select_related("area"):
        wage.pk, wage.slug = None, f"{wage.area.slug}-2026-05"
        wage.release = wage.release.replace(year=2026)
        wage.annual_median = 80_000 if wage.area.slug == "ohio" else wage.annual_median
        wage.save()
    page = text_of(get(client, f"{URL}ohio/"))
    assert "Official wages, May 2026" in page
    assert "$80,000 a year" in page
    # Texas is not in it, and no older figure fills its place.
    assert "number 1 of 50" in page
    assert "Texas" not in table_of(get(client, URL))
    get(client, f"{URL}texas/", status=404)
    assert models.Wage.objects.filter(release__year=2025).count() == 55
