"""The page /careers/estimate/: form, reply, addresses that can be shared, bad input."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from careers import models
from careers.estimator.estimating import estimate
from careers.estimator.reading import read_inputs
from careers.estimator.tables import AreaPay, Attribute, Choices, Inputs, PayRow, PayTable
from careers.forms import EstimateForm
from careers.loading import load
from prepsite.content import pagecache, revision
from prepsite.content.files import ContentError
from tests.careers.factories import change, copy_files, make_wages, staff_client
from tests.careers.reading import text_of

pytestmark = pytest.mark.django_db

URL = "/careers/estimate/"
HTMX = {"HX-Request": "true"}
EVERYTHING = {
    "state": "ohio",
    "certification": "cpc",
    "specialty": "risk-adjustment",
    "experience": "mid-career",
    "work": "remote",
}


@pytest.fixture
def guide() -> None:
    """Load the guide and official wages for a few areas."""
    load()
    make_wages()


def page(client: Client, query: dict[str, Any] | str = "", status: int = 200) -> str:
    """Return the page for a query, rendered anew."""
    pagecache.pages.clear()
    address = f"{URL}?{query}" if isinstance(query, str) and query else URL
    response = client.get(address, query if isinstance(query, dict) else None)
    assert response.status_code == status
    return str(response.content.decode())


def result_of(html: str) -> str:
    """Return the reply's text."""
    return text_of(html[html.index('id="result"') : html.index('id="order"')])


@pytest.mark.usefixtures("guide")
def test_the_form_alone_is_public_and_may_be_indexed(client: Client) -> None:
    pagecache.pages.clear()
    response = client.get(URL)
    html = response.content.decode()
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert "noindex" not in html
    assert "csrf" not in html
    assert html.count("<select") == 5
    assert "Your estimate" not in html
    assert "Virgin Islands" in html


@pytest.mark.usefixtures("guide")
def test_another_parameter_asks_for_nothing(client: Client) -> None:
    assert "Your estimate" not in page(client, {"utm_source": "mail"})


@pytest.mark.usefixtures("guide")
def test_every_step_is_shown_with_its_source(client: Client) -> None:
    html = page(client, EVERYTHING)
    shown = result_of(html)
    assert '<meta name="robots" content="noindex">' in html
    # Ohio's median is 50,000 and the nation's 51,140; (48 × 55 × 48)^(1/3) = 50.23 and
    # (58 × 72 × 58)^(1/3) = 62.34, each over 48.78.
    assert "$51,000–$66,000" in shown
    assert "for remote work from Ohio; in the middle about $58,000." in shown
    for step in (
        "Official median, Ohio $50,000 $50,000 Official test wages, as of",
        "Official median, United States $51,140 $51,140 Official test wages",
        "Anchor $50,000 $51,140",
        "the guide’s own $48,780 $48,780 BLS, as quoted in Career guide 2026 (2026)",
        "CPC (AAPC): $48,000–$58,000, over $48,780 × 0.98 × 1.19 Career guide 2026, as of 2026",
        "Risk Adjustment/HCC: $55,000–$72,000, over $48,780 × 1.13 × 1.48 Career guide 2026",
        "Mid-career (3–7 years): $48,000–$58,000, over $48,780 × 0.98 × 1.19 Career guide 2026",
        "Their geometric mean × 1.03 × 1.28",
        "Anchor × factor, unrounded $51,484 $65,351",
        "Official 10th and 90th percentile $37,000 $81,150",
        "Kept within these $51,484 $65,351",
        "Rounded outwards $51,000 $66,000",
    ):
        assert step in shown, step
    assert "The range is $15,000 wide: 26% of its middle." in shown
    assert "mean wage for Ohio a relative standard error of 1.7%" in shown
    for step in (
        "Senior (8+ years) instead of Mid-career (3–7 years): about $4,000 more.",
        "Auditing instead of Risk Adjustment/HCC: about $2,000 more. Usual credential: CPMA",
        "CPC + management experience instead of CPC (AAPC): about",
    ):
        assert step in shown, step


@pytest.mark.usefixtures("guide")
def test_the_choices_stand_in_the_form_again(client: Client) -> None:
    html = page(client, EVERYTHING)
    assert re.findall(r'<option value="([^"]+)" selected>', html) == list(EVERYTHING.values())


@pytest.mark.usefixtures("guide")
def test_the_address_to_share_leads_to_the_same_result(client: Client) -> None:
    asked = EVERYTHING | {"specialty": "", "work": ""}
    html = page(client, asked)
    (address,) = re.findall(r'<input id="address" type="text" readonly value="([^"]+)">', html)
    address = unescape(address)
    assert address == (
        f"{settings.SITE_URL}{URL}?state=ohio&certification=cpc&experience=mid-career"
    )
    assert result_of(page(client, address.partition("?")[2])) == result_of(html)


@pytest.mark.usefixtures("guide")
def test_nothing_chosen_is_the_official_middle_half(client: Client) -> None:
    html = page(client, "state=&certification=&specialty=&experience=&work=")
    shown = result_of(html)
    assert "$43,000–$65,000" in shown
    assert "in the United States; in the middle about $54,000." in shown
    assert "Nothing chosen: the middle half $43,490 $64,820" in shown
    assert "Choose a certification, a specialty or your experience" in shown
    assert f"{URL}?state=" in html


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("value", ["atlantis", "x" * 5_000, "\0", "<script>", "ohio,texas"])
def test_an_unknown_value_is_said_at_its_field_and_the_others_stay(
    client: Client, value: str
) -> None:
    for name in EVERYTHING:
        html = page(client, EVERYTHING | {name: value}, status=400)
        assert re.findall(r'id="id_(\w+)_error"', html) == [name]
        assert re.findall(r'<select name="(\w+)"[^>]*aria-invalid="true"', html) == [name]
        assert "<script>" not in html
        kept = [kept for other, kept in EVERYTHING.items() if other != name]
        assert re.findall(r'<option value="([^"]+)" selected>', html) == kept
        assert "Your estimate" not in html
        assert '<meta name="robots" content="noindex">' in html


@pytest.mark.usefixtures("guide")
def test_an_area_without_wages_says_so_and_offers_the_nation(client: Client) -> None:
    html = page(client, {"state": "virgin-islands", "certification": "cpc", "work": "remote"})
    assert "BLS has not released a median wage for the Virgin Islands" in result_of(html)
    (link,) = re.findall(
        r'<a href="([^"]+)" rel="nofollow">Estimate for the whole United States', html
    )
    assert unescape(link) == f"{URL}?certification=cpc&work=remote"
    assert "$50,000–$61,000" in page(client, unescape(link).partition("?")[2])


@pytest.mark.usefixtures("guide")
def test_an_unusual_pair_explains_itself(client: Client) -> None:
    asked = {"certification": "cpc-and-management", "experience": "entry-level"}
    shown = result_of(page(client, asked))
    assert "“Entry level (0–2 years)” ($38,000–$44,000) and “CPC + management" in shown
    assert "$65,000–$85,000+; Heading a coding team or department) do not overlap" in shown
    assert "An unusual pair" not in result_of(page(client, EVERYTHING))


@pytest.mark.usefixtures("guide")
def test_a_specialty_without_its_credential_explains_itself(client: Client) -> None:
    asked = {"certification": "none", "specialty": "risk-adjustment"}
    assert "The guide names CRC (AAPC) as the usual one there" in result_of(page(client, asked))
    asked["certification"] = "cpc"
    assert "as the usual one there" not in result_of(page(client, asked))


@pytest.mark.usefixtures("guide")
def test_ends_beyond_official_pay_are_moved_and_say_so(client: Client) -> None:
    asked = {"state": "ohio", "certification": "cpc-and-management"}
    shown = result_of(page(client, asked))
    assert "Kept within these $66,625 $75,000 High end moved" in shown
    assert (
        "Cut where official pay ends (90th percentile); by the career guide’s figures alone it "
        "would be about $66,000–$88,000."
    ) in shown
    assert "of its middle" not in shown
    assert "The guide leaves the upper end of “CPC + management experience” open" in shown
    models.CertificationPay.objects.filter(slug="cpc-and-management").update(low=90000, high=99000)
    shown = result_of(page(client, asked))
    assert "Your choices point above the 90th percentile" in shown
    assert "By the career guide’s figures alone it would be about $92,000–$105,000." in shown
    assert "$75,000–$75,000" in shown


@pytest.mark.usefixtures("guide")
def test_a_low_end_below_official_pay_says_where_it_was_cut(client: Client) -> None:
    models.CertificationPay.objects.filter(slug="none").update(low=20000, high=44000)
    shown = result_of(page(client, {"state": "ohio", "certification": "none"}))
    assert "cut where official pay ends." in shown
    assert "in the middle about" not in shown
    assert "Cut where official pay ends (10th percentile); by the career guide’s" in shown
    assert "about $20,000–$46,000." in shown
    assert "of its middle" not in shown


@pytest.mark.usefixtures("guide")
def test_an_area_is_named_as_a_sentence_needs_it(client: Client) -> None:
    asked = {"state": "district-of-columbia", "certification": "cpc"}
    shown = result_of(page(client, asked))
    assert "before tax, in the District of Columbia; in the middle" in shown
    assert "mean wage for the District of Columbia a relative" in shown
    assert "remote work from the District of Columbia;" in result_of(
        page(client, asked | {"work": "remote"})
    )


@pytest.mark.usefixtures("guide")
def test_crawlers_are_not_led_from_estimate_to_estimate(client: Client) -> None:
    for asked in (EVERYTHING, {"state": "virgin-islands"}):
        html = page(client, asked)
        result = html[html.index('id="result"') : html.index('id="order"')]
        links = re.findall(r'<a href="/careers/estimate/\?[^>]*>', result)
        assert links
        assert all('rel="nofollow"' in link for link in links)


@pytest.mark.usefixtures("guide")
def test_a_table_that_contradicts_the_order_is_raised_and_says_so(client: Client) -> None:
    models.CertificationPay.objects.filter(slug="cpc").update(low=30000, high=40000)
    shown = result_of(page(client, {"certification": "cpc"}))
    assert "“CPC (AAPC)” pays less than one that ranks below it" in shown
    assert "× 0.74 × 0.86" in shown


@pytest.mark.usefixtures("guide")
def test_htmx_gets_the_reply_and_the_address_to_push(client: Client) -> None:
    response = client.get(URL, EVERYTHING | {"work": ""}, headers=HTMX)
    html = response.content.decode()
    assert html.strip().startswith('<div id="result"')
    assert "<form" not in html
    assert "<html" not in html
    assert response["HX-Push-Url"] == (
        f"{URL}?state=ohio&certification=cpc&specialty=risk-adjustment&experience=mid-career"
    )
    assert "HX-Request" in response["Vary"]
    assert "public" not in response["Cache-Control"]
    whole = page(client, EVERYTHING | {"work": ""})
    assert text_of(html) in text_of(whole)
    current = {"HX-Current-URL": f"http://testserver{response['HX-Push-Url']}"}
    again = client.get(URL, EVERYTHING | {"work": ""}, headers=HTMX | current)
    assert "HX-Push-Url" not in again
    assert again["HX-Replace-Url"] == response["HX-Push-Url"]
    restored = client.get(URL, EVERYTHING, headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


@pytest.mark.usefixtures("guide")
def test_htmx_is_led_to_the_page_that_says_what_is_wrong(client: Client) -> None:
    response = client.get(URL, {"state": "atlantis"}, headers=HTMX)
    assert response["HX-Redirect"] == f"{URL}?state=atlantis"


@pytest.mark.usefixtures("guide")
def test_it_costs_few_statements_and_bytes(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for query in ({}, EVERYTHING, {"state": "virgin-islands"}):
        revision.forget()
        with django_assert_max_num_queries(6):
            html = page(client, query)
        assert len(html.encode()) < 40_000


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)(URL).status_code == 405


def test_it_stands_before_anything_is_loaded(client: Client) -> None:
    assert "being put in place" in page(client, EVERYTHING)
    load()
    models.Wage.objects.all().delete()
    assert "Official wages are not loaded yet" in page(client, EVERYTHING)


@pytest.mark.usefixtures("guide")
def test_an_edit_of_the_order_shows_at_once(client: Client) -> None:
    asked = {"certification": "cpc-and-specialty"}
    assert "CPC + CCS instead of" not in result_of(page(client, asked))
    lower, higher = (
        models.CertificationPay.objects.get(slug=slug)
        for slug in ("cpc-and-specialty", "cpc-and-ccs")
    )
    fields = {"slug": "new", "position": 70, "lower": lower.pk, "higher": higher.pk}
    add = "/admin/careers/credentialstep/add/"
    assert staff_client().post(add, fields).status_code == 302
    assert "CPC + CCS instead of CPC + specialty" in result_of(page(client, asked))
    fields |= {"slug": "back", "lower": higher.pk, "higher": lower.pk}
    refused = staff_client().post(add, fields)
    assert "ranks above CPC + specialty certification already" in unescape(refused.content.decode())
    fields |= {"slug": "same", "higher": higher.pk}
    assert "or is the same" in staff_client().post(add, fields).content.decode()
    assert not models.CredentialStep.objects.filter(slug__in=["back", "same"]).exists()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("lower: ccs, higher: cpc-and-ccs", "lower: cpc, higher: none", "ranks above 'none'"),
        ("lower: ccs, higher: cpc-and-ccs", "lower: ccs, higher: ccs", "or is the same"),
        ("lower: ccs, higher: cpc-and-ccs", "lower: cpc, higher: cpc-and-ccs", "stands twice"),
        ("lower: ccs, higher: cpc-and-ccs", "lower: ccs, higher: knight", "is not in"),
    ],
)
def test_wrong_steps_in_the_file_are_refused(
    tmp_path: Any, old: str, new: str, complaint: str
) -> None:
    folder = copy_files(tmp_path)
    change(folder / "credential_steps.yaml", old, new)
    with pytest.raises(ContentError, match=f"item 'ccs-to-both': higher: .*{complaint}"):
        load(folder=folder)


@pytest.mark.usefixtures("guide")
def test_the_shipped_tables_follow_their_orders_by_themselves() -> None:
    inputs = read_inputs(models.CredentialStep.objects.for_page())
    assert inputs is not None
    for attribute, table in inputs.tables.items():
        assert len(table.steps) >= 3, attribute
        for key in table.rows:
            assert not table.levelled(key).raised
    assert [row.label for row in inputs.tables[Attribute.EXPERIENCE].rows.values()] == [
        "Entry level (0–2 years)",
        "Mid-career (3–7 years)",
        "Senior (8+ years)",
    ]
    general = [
        key for key in inputs.tables[Attribute.SPECIALTY].rows if key != "general-outpatient"
    ]
    assert inputs.tables[Attribute.SPECIALTY].steps == {
        ("general-outpatient", key) for key in general
    }


@pytest.mark.usefixtures("guide")
def test_only_the_newest_release_counts() -> None:
    before = read_inputs(models.CredentialStep.objects.for_page())
    make_wages(year=2032, ohio=60_000)
    after = read_inputs(models.CredentialStep.objects.for_page())
    assert before is not None
    assert after is not None
    assert (before.areas["ohio"].median, after.areas["ohio"].median) == (50_000, 60_000)


@pytest.mark.usefixtures("guide")
def test_rows_that_cannot_be_set_in_relation_stay_out(client: Client) -> None:
    models.CertificationPay.objects.filter(slug="cpc").update(unit="usd_hour")
    assert "CPC (AAPC)</option>" not in page(client)
    models.SalaryFigure.objects.filter(slug="median-annual").update(low=0)
    assert "nothing to compute with" in page(client)


KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)


@given(st.data())
def test_any_choices_come_back_from_their_own_address(data: st.DataObject) -> None:
    keys = data.draw(st.lists(KEYS, min_size=1, unique=True))
    rows = {key: PayRow(key, key, *(data.draw(st.fractions(1, 10**6)),) * 2) for key in keys}

    nation = AreaPay("nation", "Nation", 50_000, 40_000, 45_000, 60_000, 80_000)
    inputs = Inputs(
        next(iter(rows.values())),
        nation,
        {key: AreaPay(key, key, 49_000) for key in keys},
        {attribute: PayTable(rows) for attribute in Attribute},
    )
    open_or_key = st.sampled_from(["", *keys])
    work = data.draw(st.sampled_from(["", "on-site", "hybrid", "remote"]))
    choices = Choices(*[*(data.draw(open_or_key) for _ in range(4)), work])
    query = QueryDict(choices.query)
    assert EstimateForm.is_asked(query)
    form = EstimateForm(query, inputs=inputs)
    assert form.is_valid(), form.errors
    assert form.choices() == choices
    assert form.choices().query == choices.query
    assert estimate(inputs, form.choices()) == estimate(inputs, choices)
