"""Up to four states side by side."""

import re
from itertools import islice

import pytest
from django.test import Client

from careers.loading import load
from tests.careers.test_states import areas, dollars, get, jobs, official, text_of

pytestmark = pytest.mark.django_db
URL = "/careers/states/compare/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _guide() -> None:
    load()


def address(*slugs: str) -> str:
    return f"{URL}?{'&'.join(f'state={slug}' for slug in slugs)}"


def compared(html: str) -> dict[str, dict[str, str]]:
    """Return what the table says of each column, by measure."""
    table = html[html.index('<table class="data wages compared">') :]
    head, body = table[: table.index("</table>")].split("</thead>")
    names = [
        text_of(name).removesuffix(" Remove")
        for name in re.findall(r'<th scope="col">(.*?)</th>', head)[1:]
    ]
    columns: dict[str, dict[str, str]] = {name: {} for name in names}
    for label, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', body):
        values = re.findall(r"<td>(.*?)</td>", cells)
        for name, value in zip(names, values, strict=True):
            columns[name][label] = value
    return columns


def test_every_figure_compared_is_the_official_one(client: Client) -> None:
    rows = official()
    slugs = iter(areas())
    seen = set()
    while four := list(islice(slugs, 4)):
        columns = compared(get(client, address(*four)))
        names = [rows[slug]["area"] for slug in four]
        assert list(columns) == [*names, "United States"]
        for row, said in zip(
            [*(rows[slug] for slug in four), rows["national"]], columns.values(), strict=True
        ):
            assert said["Median, a year"] == dollars(row["a_median"], "not released")
            for label, column in (("10th", "10"), ("25th", "25"), ("75th", "75"), ("90th", "90")):
                official_value = dollars(row[f"a_pct{column}"], "not released")
                assert said[f"{label} percentile, a year"] == official_value
            assert said["Mean, a year"] == dollars(row["a_mean"], "not released")
            assert said["Jobs"] == jobs(row["tot_emp"], "not released")
            hourly = f"${float(row['h_median']):.2f}" if row["h_median"] else "not released"
            assert said["Median, an hour"] == hourly
            error = f"{row['mean_prse_pct']}%" if row["mean_prse_pct"] else "not released"
            assert said["Error of the mean"] == error
        seen.update(names)
    assert len(seen) == 54


def test_ranks_stand_beside_the_states_alone(client: Client) -> None:
    columns = compared(get(client, address("district-of-columbia", "guam", "virgin-islands")))
    assert [said["Rank by median"] for said in columns.values()] == ["1 of 51", "–", "–", "–"]


def test_without_a_state_the_form_explains_itself(client: Client) -> None:
    for url in (URL, address("", "", ""), f"{URL}?other=1"):
        html = get(client, url)
        assert html.count("<select") == 4
        assert "Choose states above" in html
        assert "<table" not in html
    assert "noindex" not in get(client, URL)


def test_a_state_named_twice_is_shown_once(client: Client) -> None:
    html = get(client, address("ohio", "ohio", "", "united-states", "texas"))
    assert list(compared(html)) == ["Ohio", "Texas", "United States"]
    assert re.findall(r'value="([\w-]+)" selected', html) == ["ohio", "texas"]
    assert "error" not in re.findall(r'class="(\w+)"', html)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_an_unknown_state_is_named_and_the_others_stay(
    client: Client, headers: dict[str, str]
) -> None:
    response = client.get(address("ohio", "<b>mars", "texas"), headers=headers)
    assert response.status_code == 400
    html = response.content.decode()
    assert "There is no state “&lt;b&gt;mars”" in html
    assert "<b>" not in html
    assert list(compared(html)) == ["Ohio", "Texas", "United States"]


def test_beyond_four_are_left_out_and_named(client: Client) -> None:
    html = get(client, address("ohio", "texas", "utah", "maine", "iowa", "guam"))
    assert list(compared(html)) == ["Ohio", "Texas", "Utah", "Maine", "United States"]
    assert "Left out: Iowa, Guam." in text_of(html)


def test_what_was_not_released_is_said(client: Client) -> None:
    columns = compared(get(client, address("vermont", "virgin-islands")))
    assert columns["Vermont"]["Jobs"] == "not released"
    assert columns["Vermont"]["Median, a year"] == "$57,560"
    islands = columns["Virgin Islands"]
    assert {islands[label] for label in islands if label != "Rank by median"} == {"not released"}


def test_strips_of_all_share_one_drawing(client: Client) -> None:
    html = get(client, address("ohio", "texas"))
    drawing = html[html.index("<figure") : html.index("</figure>")]
    for name in ("Ohio", "Texas", "United States"):
        assert f">{name}</text>" in drawing
    assert html.count("<figure") == 1


def test_each_column_can_be_taken_out(client: Client) -> None:
    html = get(client, address("ohio", "texas"))
    links = re.findall(r'href="([^"]+)" aria-label="Remove (\w+)"', html)
    assert links == [(address("texas"), "Ohio"), (address("ohio"), "Texas")]


def test_htmx_gets_the_comparison_alone_and_a_short_address(client: Client) -> None:
    response = client.get(address("ohio", "", "texas", ""), headers=HTMX)
    html = response.content.decode()
    assert "<select" not in html
    assert "<title>Medical coding pay: Ohio, Texas | " in html
    assert list(compared(html)) == ["Ohio", "Texas", "United States"]
    assert response.headers["HX-Push-Url"] == address("ohio", "texas")
    assert "HX-Request" in response.headers["Vary"]


def test_a_comparison_is_not_indexed(client: Client) -> None:
    html = get(client, address("ohio"))
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html
