"""The pages of the guide: every figure with its source, few queries, sound markup."""

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from careers import models
from careers.builders import BUILDERS
from careers.loading import load
from careers.models import Block
from careers.references import REFERENCE
from careers.schema import KINDS
from prepsite.content import pagecache, revision
from tests.careers.factories import make_page, make_section, make_source, make_state, sourced
from tests.careers.reading import text_of

pytestmark = pytest.mark.django_db

URL = "/careers/"
QUERIES = 6
BYTES = 40_000


def get_page(client: Client, url: str = URL) -> str:
    """Return a page's HTML, rendered anew."""
    pagecache.pages.clear()
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def urls() -> list[str]:
    """Return the addresses of all pages of the guide."""
    return [page.get_absolute_url() for page in models.Page.objects.all()]


def whole_guide(client: Client) -> str:
    """Return the articles of all pages, one after the other."""
    pages = [get_page(client, url) for url in urls()]
    return "".join(page[page.index("<h1") : page.index('<nav class="toc"')] for page in pages)


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
    load()
    for url in urls():
        assert getattr(client, method)(url).status_code == 405


@pytest.mark.parametrize("path", ["nowhere/", "overview/", "Outlook/", "outlook/x/"])
def test_an_unknown_page_is_not_found(client: Client, path: str) -> None:
    load()
    assert client.get(URL + path).status_code == 404


def test_every_figure_stands_in_its_row(client: Client) -> None:
    load()
    html = whole_guide(client)
    for figure in figures():
        if isinstance(figure, models.SalaryFigure) and not figure.in_overview:
            # Shown only where sources are compared.
            comparison = figure.comparisons.get()
            assert figure.amount in element(html, comparison.anchor)
        else:
            assert figure.amount in element(html, figure.anchor)


def test_every_figure_is_where_its_address_says(client: Client) -> None:
    load()
    for figure in figures():
        url, anchor = figure.get_absolute_url().split("#")
        assert f'id="{anchor}"' in get_page(client, url)


def test_every_sentence_of_the_files_is_on_a_page(client: Client) -> None:
    load()
    guide = text_of(whole_guide(client))
    wanted = [
        value
        for kind in KINDS
        for row in kind.model._default_manager.values()
        for name, value in row.items()
        if name in {"text", "label", "remark", "route", "skills", "pay_effect", "job_access"}
        or name in {"counts", "effect", "offers", "title", "headline", "question"}
    ]
    missing = [value for value in wanted if text_of(str(value)) not in guide]
    assert missing == []
    assert len(wanted) > 100


def test_every_text_is_on_a_page(client: Client) -> None:
    load()
    guide = text_of(whole_guide(client))
    texts = [
        html
        for model, name in (
            (models.Page, "answer_html"),
            (models.Section, "body_html"),
            (models.Section, "note_html"),
            (models.Question, "answer_html"),
        )
        for html in model._default_manager.values_list(name, flat=True)
    ]
    pieces = [
        text_of(piece)
        for html in texts
        for paragraph in re.split(r"</?(?:p|li|ul|ol|h3)>", html)
        for piece in REFERENCE.sub("|", paragraph).split("|")
    ]
    assert [piece for piece in pieces if piece not in guide] == []


def test_numbers_inside_the_prose_of_the_guide_are_on_a_page(client: Client) -> None:
    load()
    html = whole_guide(client)
    guide = text_of(html)
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
        assert phrase in guide, phrase
    assert "10+ years" in element(html, "alternativepath-consultant")
    assert "$55,000–$72,000" in guide[guide.index("Pay: ") :]


def test_every_figure_has_its_source_and_date_beside_it(client: Client) -> None:
    load()
    html = whole_guide(client)
    tables = re.findall(r'<div class="table-scroll".*?</div>.*?(?=<div|</section)', html, re.DOTALL)
    assert len(tables) > 10
    for table in tables:
        # Official wages say their one source below; their rows need no address of their own.
        rows = re.findall(r"<tr id.*?</tr>", table, re.DOTALL)
        assert rows or '<table class="data wages">' in table
        places = rows if "Source and date" in table else [table[table.index("</table>") :]]
        for place in places:
            assert re.search(r'/careers/sources/#source-[a-z0-9-]+">', place)
            assert re.search(r"as of \w|as quoted in", text_of(place))
            assert re.search(r"checked \w+ \d+, \d{4}", text_of(place))
    quoted = "as quoted in Career guide 2026 (2026)"
    assert f"BLS, {quoted}" in element(html, "salaryfigure-median-annual")
    assert f"AAPC salary survey, {quoted}" in element(
        html, "certificationpremium-three-certifications"
    )
    assert f"Glassdoor, {quoted}" in element(html, "sourcecomparison-glassdoor-average")


def test_each_link_inside_the_guide_leads_somewhere(client: Client) -> None:
    load()
    pages = {url: get_page(client, url) for url in urls()}
    for url, html in pages.items():
        for link in set(re.findall(r'href="((?:/careers/[^"?]*)?#[^"]+|/careers/[^"?#]*)"', html)):
            path, _, anchor = link.partition("#")
            target = pages.get(path or url) or get_page(client, path)
            assert not anchor or f'id="{anchor}"' in target, f"{url}: {link}"


def test_each_page_names_all_pages_in_order(client: Client) -> None:
    load()
    wanted = urls()
    for url in wanted:
        html = get_page(client, url)
        nav = html[html.index('<nav class="toc"') :]
        nav = nav[: nav.index("</nav>")]
        links = re.findall(r'href="([^"]+)"( aria-current="page")?', nav)
        assert [address for address, _ in links] == wanted
        assert [address for address, current in links if current] == [url]


def test_each_block_has_a_builder_and_is_shipped() -> None:
    load()
    assert set(BUILDERS) == set(Block)
    assert set(models.Section.objects.exclude(block="").values_list("block", flat=True)) == set(
        Block
    )


def test_each_page_is_cheap_and_small(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    load()
    for url in urls():
        revision.current()
        with django_assert_max_num_queries(QUERIES):
            assert len(get_page(client, url).encode()) < BYTES, url


def test_queries_do_not_grow_with_the_rows(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    load()
    page = models.Page.objects.get(slug="overview")
    for number in range(3):
        source = make_source(name=f"Survey {number}")
        make_state(source=source, quoted_in=make_source())
        stage = models.AdviceStage.objects.create(slug=f"stage-{number}", title="Later")
        path = models.AlternativePath.objects.create(**sourced(career="Writer", low=1))
        models.AdviceStep.objects.create(**sourced(stage=stage, path=path, text="Write."))
        make_section(page=page)
    for url in urls():
        with django_assert_max_num_queries(QUERIES):
            get_page(client, url)


def test_a_repeated_visit_costs_no_query(
    client: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    load()
    get_page(client)
    revision.current()
    with django_assert_num_queries(0):
        client.get(URL)


def test_a_page_without_sections_stands(client: Client) -> None:
    make_page(slug="hours", title="Hours of work", answer="Mostly by day.")
    html = get_page(client, "/careers/hours/")
    assert "Hours of work" in html
    assert "Mostly by day." in html


def test_a_figure_named_in_a_text_stands_there_with_its_source(client: Client) -> None:
    page = make_page(slug="east", answer="Coders there earn [[states:maine]].")
    make_section(page=page, slug="states", block="states", body="[[states:maine]] at best.")
    make_state(slug="maine", low=51000, source=make_source(name="Survey", slug="survey"))
    html = get_page(client, "/careers/east/")
    figure = (
        '<a href="/careers/east/#statepay-maine"><strong>$51,000 a year</strong></a> '
        '<span class="source-note">(Survey, 2026)</span>'
    )
    assert f"Coders there earn {figure}." in html
    assert f"{figure} at best." in html
    models.StatePay.objects.all().delete()
    assert "Coders there earn (figure withdrawn)." in get_page(client, "/careers/east/")


@pytest.fixture
def states() -> str:
    """Return the address of a page with the guide's states."""
    page = make_page(slug="states-page")
    make_section(page=page, slug="states", block="states")
    return "/careers/states-page/"


def test_a_table_of_mixed_sources_names_them_row_by_row(client: Client, states: str) -> None:
    survey = make_source(name="Survey")
    make_state(slug="one", source=survey)
    make_state(slug="two", source=survey, rank=2)
    html = get_page(client, states)
    assert "Source of all figures in this table: Survey, as of 2026." in text_of(html)
    make_state(slug="three", source=make_source(name="Census"), rank=3, as_of_precision="day")
    html = get_page(client, states)
    assert "Survey, as of 2026" in element(html, "statepay-one")
    assert "Census, as of January 1, 2026" in element(html, "statepay-three")
    assert "Source of all figures" not in html


def test_a_table_of_mixed_units_names_them_row_by_row(client: Client, states: str) -> None:
    make_state(slug="one", low=50000)
    assert "$50,000" in (row := element(get_page(client, states), "statepay-one"))
    assert "a year" not in row
    make_state(slug="two", low="25.50", unit="usd_hour", rank=2)
    html = get_page(client, states)
    assert "$50,000 a year" in element(html, "statepay-one")
    assert "$25.50 an hour" in element(html, "statepay-two")


def test_texts_are_escaped(client: Client) -> None:
    page = make_page(slug="unsafe", title="<i>", answer="<script>y</script>", nav_title="<s>")
    make_section(page=page, slug="states", block="states", body="<script>x</script>", note="<b>")
    make_state(slug="oregon", state="<u>Oregon</u>", source=make_source(name="<em>S</em>"))
    make_section(page=page, body="[[states:oregon]]", title="<tt>")
    html = get_page(client, "/careers/unsafe/")
    for tag in ("<i>", "<script>x", "<script>y", "<b>", "<u>", "<s>", "<tt>", "<em>"):
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
    for url in urls():
        outline = _Outline()
        outline.feed(get_page(client, url))
        assert outline.headings.count(1) == 1
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps)
        assert [name for name, times in Counter(outline.ids).items() if times > 1] == []
        assert not [values for _, values in outline.tags if "style" in values]
        heads = [values for tag, values in outline.tags if tag == "th"]
        assert all(values.get("scope") in {"col", "row"} for values in heads)
        regions = [values for _, values in outline.tags if values.get("class") == "table-scroll"]
        tables = [values for tag, values in outline.tags if tag == "table"]
        assert len(regions) == len(tables)
        for region in regions:
            assert (region["role"], region["tabindex"]) == ("region", "0")
            assert region["aria-labelledby"] in outline.ids


def test_amounts_are_set_as_numbers(client: Client) -> None:
    load()
    cells = re.findall(r"<td([^>]*)>([^<]*)</td>", whole_guide(client))
    amounts = [attributes for attributes, text in cells if re.match(r"[~$]*\d", text)]
    assert len(amounts) > 60
    assert set(amounts) == {' class="num"'}


def test_a_block_of_a_newer_release_leaves_its_section_without_a_table(client: Client) -> None:
    page = make_page(slug="newer")
    make_section(page=page, title="Told anew", body="Still read.", block="not_yet")
    response = client.get("/careers/newer/")
    assert response.status_code == 200
    assert "Still read." in response.content.decode()
