"""The table of official wages: orders, filter, ticks, in the whole page and by htmx."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from careers.loading import load
from careers.states.table import COLUMNS
from tests.careers.test_states import URL, get, table_of, text_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _guide() -> None:
    load()


def number(text: str) -> int | None:
    return None if text == "n/r" else int(re.sub(r"\D", "", text))


def column(client: Client, key: str, order: str) -> list[Any]:
    """Return a column's values from top to bottom, None for what was not released."""
    table = table_of(get(client, f"{URL}?sort={key}&order={order}"))
    assert len(table) == 54
    if key == "area":
        return list(table)
    place = list(COLUMNS).index(key) - 1
    return [number(cells[place]) for cells in table.values()]


@pytest.mark.parametrize("key", COLUMNS)
def test_each_column_sorts_both_ways_and_gaps_stand_last(client: Client, key: str) -> None:
    rising = column(client, key, "asc")
    falling = column(client, key, "desc")
    known = [value for value in rising if value is not None]
    assert known == sorted(known)
    assert rising[: len(known)] == known
    assert falling[: len(known)] == known[::-1]
    gaps = {"area": 0, "employment": 2}.get(key, 1)
    assert len(known) == 54 - gaps
    assert falling[len(known) :] == [None] * gaps


def test_the_headings_links_sort_and_turn_the_order_round(client: Client) -> None:
    html = get(client, URL)
    assert re.findall(r'aria-sort="(\w+)"><a id="sort-(\w+)"', html) == [("descending", "median")]
    links = dict(re.findall(r'<a id="sort-(\w+)" href="([^"]+)"', html))
    assert list(links) == list(COLUMNS)
    assert links["median"].endswith("?sort=median&amp;order=asc")
    assert links["area"].endswith("?sort=area&amp;order=asc")
    turned = get(client, unescape(links["median"]))
    assert 'aria-sort="ascending"><a id="sort-median"' in turned
    assert next(iter(table_of(turned))) == "Puerto Rico"
    # And back to the table's own address.
    assert f'<a id="sort-median" href="{URL}"' in turned


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ohio", ["Ohio"]),
        ("OH", ["Ohio"]),
        (" new ", ["New Hampshire", "New Jersey", "New Mexico", "New York"]),
        ("d.c.", ["District of Columbia"]),
        ("or", ["Oregon"]),
        ("carolina", ["North Carolina", "South Carolina"]),
        ("west v", ["West Virginia"]),
    ],
)
def test_the_filter_finds_by_beginning_or_postal_code(
    client: Client, query: str, names: list[str]
) -> None:
    html = client.get(URL, {"q": query, "sort": "area"}).content.decode()
    assert list(table_of(html)) == names
    assert f"{len(names)} of 54 areas" in html


def test_a_filter_without_a_match_says_so_and_offers_all(client: Client) -> None:
    html = get(client, f"{URL}?q=%3Ci%3Eatlantis&sort=area&state=ohio")
    assert "No area is called “&lt;i&gt;atlantis”" in html
    assert "<i>" not in html
    assert 'value="&lt;i&gt;atlantis"' in html
    reset = re.findall(r'<a href="([^"]+)"[^>]*>Show all 54</a>', html)[0]
    assert dict(parse_qsl(urlsplit(unescape(reset)).query)) == {
        "sort": "area",
        "order": "asc",
        "state": "ohio",
    }
    assert len(table_of(get(client, unescape(reset)))) == 54


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("sort=wages", "no such column"),
        ("sort=median&order=up", "asc or desc"),
        ("q=" + "x" * 41, "at most 40 letters"),
        ("q=%00", "Null characters"),
        ("sort=annual_median'--", "no such column"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_wrong_wish_is_answered_with_a_message_and_the_table(
    client: Client, query: str, message: str, headers: dict[str, str]
) -> None:
    response = client.get(f"{URL}?{query}", headers=headers)
    assert response.status_code == 400
    html = response.content.decode()
    assert message in html
    assert len(table_of(html)) == 54


def test_ticks_survive_sorting_and_filtering(client: Client) -> None:
    html = get(client, f"{URL}?state=texas&state=ohio&state=ohio&state=mars&q=ohio")
    boxes = re.findall(r'value="([\w-]+)"(?: aria-label="[^"]+")? checked>', html)
    assert boxes == ["texas", "ohio"]
    assert "Also ticked:" in html
    assert "mars" not in html
    link = re.findall(r'<a id="sort-area" href="([^"]+)"', html)[0]
    assert [value for name, value in parse_qsl(unescape(link)) if name == "state"] == [
        "texas",
        "ohio",
    ]


def test_the_form_works_without_scripts(client: Client) -> None:
    html = get(client, f"{URL}?sort=area&order=desc")
    form = html[html.index('<form class="state-table"') : html.index("</form>")]
    assert f'action="{URL}#state-wages" method="get"' in form
    assert '<input type="hidden" name="sort" value="area">' in form
    assert '<input type="hidden" name="order" value="desc">' in form
    assert f'formaction="{URL}compare/"' in form
    assert form.count('type="checkbox" name="state"') == 54
    # The table's own order needs no words in the address.
    assert 'name="sort"' not in get(client, URL)


def test_htmx_gets_the_rows_alone_and_the_address(
    client: Client,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    with django_assert_max_num_queries(2):
        response = client.get(f"{URL}?sort=area&order=asc&q=&state=utah", headers=HTMX)
    html = response.content.decode()
    assert html.strip().startswith("<div hx-swap-oob")
    assert 'id="state-rows"' in html
    assert "<h1" not in html
    assert "54 areas, A to Z" in text_of(html)
    assert response.headers["HX-Push-Url"] == f"{URL}?sort=area&order=asc&state=utah"
    assert "HX-Request" in response.headers["Vary"]
    assert "no-cache" in response.headers["Cache-Control"]


def test_letters_typed_are_no_steps_to_go_back_to(client: Client) -> None:
    typed = client.get(f"{URL}?q=ohio", headers=HTMX | {"HX-Trigger": "state-filter"})
    assert typed.headers["HX-Replace-Url"] == f"{URL}?q=ohio"
    assert "HX-Push-Url" not in typed.headers


def test_going_back_in_history_gets_the_whole_page(client: Client) -> None:
    again = HTMX | {"HX-History-Restore-Request": "true"}
    html = client.get(f"{URL}?q=ohio", headers=again).content.decode()
    assert "<h1" in html
    assert "hx-swap-oob" not in html


def test_a_sorted_or_filtered_page_names_the_plain_one_as_its_address(client: Client) -> None:
    for query in ("", "?q=ohio", "?sort=area", "?state=ohio"):
        assert f'<link rel="canonical" href="{settings.SITE_URL}{URL}">' in get(client, URL + query)


def test_the_map_says_what_the_table_says(client: Client) -> None:
    html = get(client, URL)
    links = dict(
        re.findall(rf'<a href="{URL}([\w-]+)/" aria-label="[^":]+: (\$[\d,]+) median"', html)
    )
    assert len(links) == 51
    table = {re.sub(r"\W+", "-", name).lower(): cells[0] for name, cells in table_of(html).items()}
    assert links == {slug: median for slug, median in table.items() if slug in links}
    assert html.index("state-map") < html.index("state-wages")
    assert 'href="#state-wages"' in html
    assert 'id="state-wages"' in html
