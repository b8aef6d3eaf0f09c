"""The page /careers/: every figure with its source, few queries, sound markup."""

import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client

from careers import models
from careers.guide import BUILDERS, read_guide
from careers.loading import load
from careers.models import Block
from careers.schema import KINDS
from prepsite.content import pagecache, revision
from tests.careers.factories import make_section, make_source, make_state, sourced

pytestmark = pytest.mark.django_db

URL = "/careers/"
# One for each model of a shown section, and no more.
QUERIES = len(KINDS)


def get_page(client: Client) -> str:
    """Return the page's HTML, rendered anew."""
    pagecache.pages.clear()
    response = client.get(URL)
    assert response.status_code == 200
    return str(response.content.decode())


def text_of(html: str) -> str:
    """Return what a reader sees, in single spaces."""
    inline = re.sub(r"</?(a|b|em|strong|span)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inline)).split())


def element(html: str, anchor: str) -> str:
    """Return the text of the row or point with this id."""
    match = re.search(rf'<(tr|li) id="{re.escape(anchor)}">(.*?)</\1>', html, re.DOTALL)
    assert match, f"nothing on the page has the id {anchor}"
    return text_of(match[2])


def figures() -> list[models.Figure]:
    return [
        row
        for kind in KINDS
        if issubclass(kind.model, models.Figure)
        for row in kind.model._default_manager.select_related("source", "quoted_in")
    ]


def test_it_works(client: Client) -> None:
    load()
    response = client.get(URL)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert "Cookie" in response["Vary"]


def test_it_works_before_anything_is_loaded(client: Client) -> None:
    assert "<h1>" in get_page(client)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(URL).status_code == 405


def test_every_figure_stands_in_its_row(client: Client) -> None:
    load()
    html = get_page(client)
    for figure in figures():
        if isinstance(figure, models.SalaryFigure) and not figure.in_overview:
            # Shown only where sources are compared.
            comparison = figure.comparisons.get()
            assert figure.amount in element(html, comparison.anchor)
        else:
            assert figure.amount in element(html, figure.anchor)


def test_every_sentence_of_the_files_is_on_the_page(client: Client) -> None:
    load()
    page = text_of(get_page(client))
    wanted = [
        value
        for kind in KINDS
        for row in kind.model._default_manager.values()
        for name, value in row.items()
        if name in {"text", "label", "remark", "route", "skills", "pay_effect", "job_access"}
        or name in {"counts", "effect", "offers", "title", "headline", "note_html", "body_html"}
    ]
    missing = [value for value in wanted if text_of(str(value)) not in page]
    assert missing == []
    assert len(wanted) > 100


def test_numbers_inside_the_prose_of_the_guide_are_on_the_page(client: Client) -> None:
    load()
    html = get_page(client)
    page = text_of(html)
    for phrase in (
        "Extra pay of CPC holders over uncertified coders: ~20–25%",
        "~14,800 jobs a year",
        "~240,000 jobs",
        "40%+ since 2020",
        "$3,000–$8,000 a year",
        "Clinical Documentation Improvement (CDI): $70,000–$95,000 a year",
        "$82,816 a year",
        "Projected growth, 2024–2034",
        "Year 1–2",
        "Year 2–5",
        "Year 5+",
        "Top 10%",
        "51 areas",
    ):
        assert phrase in page, phrase
    assert "10+ years" in element(html, "alternativepath-consultant")
    assert "$55,000–$72,000" in page[page.index("Pay: ") :]


def test_every_figure_has_its_source_and_date_beside_it(client: Client) -> None:
    load()
    html = get_page(client)
    guide = "Career guide 2026, as of 2026"
    for table in re.findall(
        r'<div class="table-scroll".*?</div>.*?(?=<div|</section)', html, re.DOTALL
    ):
        rows = re.findall(r"<tr id.*?</tr>", table, re.DOTALL)
        assert rows
        if "Source and date" not in table:
            assert f"Source of all figures in this table: {guide}." in text_of(table)
            continue
        for row in rows:
            assert guide in text_of(row) or "as quoted in Career guide 2026 (2026)" in text_of(row)
    quoted = "as quoted in Career guide 2026 (2026)"
    assert f"BLS, {quoted}" in element(html, "salaryfigure-median-annual")
    assert f"AAPC salary survey, {quoted}" in element(
        html, "certificationpremium-three-certifications"
    )
    assert f"Glassdoor, {quoted}" in element(html, "sourcecomparison-glassdoor-average")


def test_each_source_link_leads_to_the_list_of_sources(client: Client) -> None:
    load()
    html = get_page(client)
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links - ids == set()
    assert {f"source-{slug}" for slug in ("career-guide-2026", "bls", "aapc", "glassdoor")} <= links


def test_the_contents_list_names_every_section_in_order(client: Client) -> None:
    load()
    html = get_page(client)
    nav = html[html.index('<nav class="toc"') :]
    nav = nav[: nav.index("</nav>")]
    sections = re.findall(r'<section id="([^"]+)"', html)
    assert re.findall(r'href="#([^"]+)"', nav) == sections
    assert len(sections) == 16


def test_each_block_has_a_builder_and_is_shipped() -> None:
    load()
    assert set(BUILDERS) == set(Block)
    assert set(models.Section.objects.values_list("block", flat=True)) == set(Block)


def test_nothing_is_fetched_twice(
    client: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    load()
    with django_assert_num_queries(QUERIES):  # type: ignore[attr-defined]
        read_guide()
    get_page(client)
    revision.current()
    with django_assert_num_queries(QUERIES):  # type: ignore[attr-defined]
        get_page(client)


def test_queries_do_not_grow_with_the_rows(
    django_assert_num_queries: Callable[..., object],
) -> None:
    load()
    for number in range(3):
        source = make_source(name=f"Survey {number}")
        make_state(source=source, quoted_in=make_source())
        stage = models.AdviceStage.objects.create(slug=f"stage-{number}", title="Later")
        path = models.AlternativePath.objects.create(**sourced(career="Writer", low=1))
        models.AdviceStep.objects.create(**sourced(stage=stage, path=path, text="Write."))
        make_section()
    with django_assert_num_queries(QUERIES):  # type: ignore[attr-defined]
        read_guide()


def test_a_repeated_visit_costs_no_query(
    client: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    load()
    get_page(client)
    revision.current()
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        client.get(URL)


def test_a_table_of_mixed_sources_names_them_row_by_row(client: Client) -> None:
    make_section(slug="states", block="states")
    survey = make_source(name="Survey")
    make_state(slug="one", source=survey)
    make_state(slug="two", source=survey, rank=2)
    html = get_page(client)
    assert "Source of all figures in this table: Survey, as of 2026." in text_of(html)
    make_state(slug="three", source=make_source(name="Census"), rank=3, as_of_precision="day")
    html = get_page(client)
    assert "Survey, as of 2026" in element(html, "statepay-one")
    assert "Census, as of January 1, 2026" in element(html, "statepay-three")
    assert "Source of all figures" not in html


def test_a_table_of_mixed_units_names_them_row_by_row(client: Client) -> None:
    make_section(slug="states", block="states")
    make_state(slug="one", low=50000)
    assert "$50,000" in (row := element(get_page(client), "statepay-one"))
    assert "a year" not in row
    make_state(slug="two", low="25.50", unit="usd_hour", rank=2)
    html = get_page(client)
    assert "$50,000 a year" in element(html, "statepay-one")
    assert "$25.50 an hour" in element(html, "statepay-two")


def test_texts_are_escaped(client: Client) -> None:
    make_section(slug="states", block="states", title="<i>", body="<script>x</script>", note="<b>")
    make_state(state="<u>Oregon</u>")
    html = get_page(client)
    for tag in ("<i>", "<script>x", "<b>", "<u>"):
        assert tag not in html


class _Outline(HTMLParser):
    """Collects what the checks of the markup need."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if identity := values.get("id"):
            self.ids.append(identity)


def test_the_markup_is_sound(client: Client) -> None:
    load()
    outline = _Outline()
    outline.feed(get_page(client))
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)
    assert [name for name, times in Counter(outline.ids).items() if times > 1] == []
    assert not [values for _, values in outline.tags if "style" in values]
    heads = [values for tag, values in outline.tags if tag == "th"]
    assert heads
    assert all(values.get("scope") in {"col", "row"} for values in heads)
    regions = [values for _, values in outline.tags if values.get("class") == "table-scroll"]
    tables = [values for tag, values in outline.tags if tag == "table"]
    assert len(regions) == len(tables) == 11
    for region in regions:
        assert (region["role"], region["tabindex"]) == ("region", "0")
        assert region["aria-labelledby"] in outline.ids


def test_amounts_are_set_as_numbers(client: Client) -> None:
    load()
    html = get_page(client)
    cells = re.findall(r"<td([^>]*)>([^<]*)</td>", html)
    amounts = [attributes for attributes, text in cells if re.match(r"[~$]*\d", text)]
    assert len(amounts) > 60
    assert set(amounts) == {' class="num"'}
