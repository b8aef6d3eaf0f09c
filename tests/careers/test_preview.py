"""Preview: the public page with the edit in it, and a database that is as it was."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client

from careers import models
from careers.loading import load
from careers.models import Entry
from careers.preview import mark
from prepsite.content import pagecache
from prepsite.content.models import PublicationState
from tests.careers.factories import make_state, staff_client
from tests.careers.test_admin import ENTRIES, change_url, form_of
from tests.factories import make_user
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db

# Where each table is to be seen; the others stand on the page of their section.
BANNER = "Preview: nothing is saved."
EDITED = {
    models.Page: {"title": "An edited title"},
    models.Section: {"title": "An edited title"},
    models.Source: {"name": "An edited title"},
    models.Question: {"question": "An edited title"},
    models.Resource: {"offers": "An edited title"},
    models.Area: {"name": "An edited title"},
    models.AdviceStage: {"title": "An edited title"},
    models.AdviceStep: {"text": "An edited title"},
    models.AiPoint: {"text": "An edited title"},
    models.OutlookDriver: {"text": "An edited title"},
    models.SourceComparison: {"counts": "An edited title"},
    models.SalaryFigure: {"label": "An edited title"},
    models.CertificationPay: {"status": "An edited title"},
    models.CertificationPremium: {"label": "An edited title"},
    models.CredentialStep: {"position": "7"},
    models.StatePay: {"state": "An edited title"},
    models.SpecialtyPay: {"specialty": "An edited title"},
    models.NicheFact: {"text": "An edited title"},
    models.WorkModel: {"pay_effect": "An edited title"},
    models.RemoteAdvantage: {"text": "An edited title"},
    models.LadderLevel: {"title": "An edited title"},
    models.AlternativePath: {"career": "An edited title"},
    models.OutlookFigure: {"label": "An edited title"},
    models.ExamFact: {"text": "An edited title"},
    models.ExamCost: {"label": "An edited title"},
    models.Wage: {"employment": "48765"},
}


def posted(row: Model, **changes: Any) -> dict[str, Any]:
    values = form_of(row, **{"position": 10} | changes)
    if getattr(row, "years_from", None) == 0:
        values["years_from"] = "0"  # form_of takes it for an empty box
    return values


def snapshot() -> dict[str, list[Any]]:
    """Return all rows of the guide, their history, the log and the revision."""
    tables: list[type[Model]] = [*apps.get_app_config("careers").get_models(), PublicationState]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in tables
    }


def row_of(model: type[Entry]) -> Entry:
    rows: Any = model._default_manager.order_by("position", "slug")
    if model is models.Wage:
        rows = rows.filter(area__slug="ohio")
    if model is models.Area:
        rows = rows.filter(slug="ohio")
    row = rows.first()
    assert isinstance(row, model)
    return row


@pytest.mark.parametrize("model", ENTRIES, ids=lambda model: model.__name__)
def test_each_form_is_shown_on_its_page_and_saves_nothing(model: type[Entry]) -> None:
    load()
    row = row_of(model)
    client = staff_client()
    form = client.get(change_url(row)).content.decode()
    assert f'formaction="{change_url(row, "preview")}" formtarget="_blank"' in form
    before = snapshot()
    response = client.post(change_url(row, "preview"), posted(row, **EDITED[model]))
    page = response.content.decode()
    assert response.status_code == 200
    assert BANNER in page, re.findall(r'class="errorlist.*?</ul>', page, re.DOTALL)
    value = next(iter(EDITED[model].values()))
    if model is not models.CredentialStep:
        assert (f"{int(value):,}" if value.isdigit() else value) in page
    assert snapshot() == before
    assert "no-store" in response["Cache-Control"]
    url = row.get_absolute_url().partition("#")[0]
    pagecache.pages.clear()
    public = Client().get(url).content.decode()
    assert BANNER not in public
    assert "An edited title" not in public
    heading = re.search(r"<h1.*?</h1>", public, re.DOTALL)
    if model not in (models.Page, models.Area):
        assert heading is not None
        assert heading[0] in page


@pytest.mark.parametrize(
    ("kind", "key", "page"),
    [
        (models.Question, "which-state", "/careers/questions/"),
        (models.Page, "ai", "/careers/ai/"),
        (models.StatePay, "california", "/careers/states/"),
        (models.SalaryFigure, "median-annual", "/careers/"),
        (models.SalaryFigure, "glassdoor-average", "/careers/why-sources-differ/"),
        (models.Wage, "ohio-2025-05", "/careers/states/ohio/"),
        (models.Area, "ohio", "/careers/states/ohio/"),
        (models.Wage, "united-states-2025-05", "/careers/"),
    ],
)
def test_it_is_the_page_that_holds_the_row(kind: type[Entry], key: str, page: str) -> None:
    load()
    row = kind._default_manager.get(slug=key)
    assert row.get_absolute_url().partition("#")[0] == page
    shown = staff_client().post(change_url(row, "preview"), posted(row)).content.decode()
    public = Client().get(page).content.decode()
    assert re.search(r"<title>.*?</title>", shown, re.DOTALL)[0] in public  # type: ignore[index]


def test_the_edited_row_is_marked() -> None:
    load()
    row = models.StatePay.objects.get(slug="california")
    page = (
        staff_client().post(change_url(row, "preview"), posted(row, low="62999")).content.decode()
    )
    assert '<tr id="statepay-california" data-previewed>' in page
    assert '<a href="#statepay-california">The edited row</a>' in page
    assert "$62,999" in page
    assert page.count("data-previewed") == 1


def test_a_new_row_is_shown_where_it_would_stand() -> None:
    load()
    source = models.Source.objects.get(slug="bls")
    client = staff_client()
    before = snapshot()
    form = {
        "slug": "atlantis",
        "state": "Atlantis",
        "end": "highest",
        "rank": "9",
        "low": "1234",
        "unit": "usd_year",
        "source": source.pk,
        "as_of": "2026-01-01",
        "position": "5",
        "as_of_precision": "year",
    }
    assert (
        'formaction="/admin/careers/statepay/add/preview/"'
        in client.get("/admin/careers/statepay/add/").content.decode()
    )
    page = client.post("/admin/careers/statepay/add/preview/", form).content.decode()
    assert '<tr id="statepay-atlantis" data-previewed>' in page
    assert "$1,234" in page
    assert snapshot() == before


def test_a_new_page_is_shown_before_there_is_one() -> None:
    load()
    page = staff_client().post(
        "/admin/careers/page/add/preview/",
        {
            "slug": "unions",
            "title": "Unions",
            "nav_title": "Unions",
            "position": "5",
            "description": "What unions do for coders.",
            "updated_on": "2026-11-24",
            "answer": "The median is [[salaries:median-annual]].",
        },
    )
    assert BANNER in page.content.decode()
    assert "<strong>$48,780 a year</strong>" in page.content.decode()
    assert Client().get("/careers/unions/").status_code == 404


def test_a_faulty_form_is_shown_again_with_all_that_was_typed() -> None:
    row = make_state()
    client = staff_client()
    before = snapshot()
    page = client.post(
        change_url(row, "preview"), posted(row, low="x", remark="Typed with <care>")
    ).content.decode()
    assert BANNER not in page
    assert "Enter a number." in page
    assert 'value="Typed with &lt;care&gt;"' in page
    assert f'action="{change_url(row)}"' in page
    assert snapshot() == before
    page = client.post("/admin/careers/statepay/add/preview/", {"state": "Utah"}).content.decode()
    assert "This field is required." in page
    assert 'value="Utah"' in page
    assert 'action="/admin/careers/statepay/add/"' in page


def test_texts_that_no_page_shows_say_so() -> None:
    area = models.Area.objects.create(slug="guam", fips="66", postal="GU", name="Guam")
    response = staff_client().post(change_url(area, "preview"), posted(area))
    assert "No public page shows this row yet" in response.content.decode()


def test_only_who_may_save_may_preview(client: Client) -> None:
    row = make_state()
    url = change_url(row, "preview")
    assert client.post(url, posted(row)).status_code == 302
    assert staff_client().get(url).status_code == 405
    assert staff_client().post("/admin/careers/statepay/0/preview/", {}).status_code == 404
    user = make_user(is_staff=True)
    sign_in_staff(client, user)
    user.user_permissions.set(Permission.objects.filter(codename="view_statepay"))
    assert client.post(url, posted(row)).status_code == 403
    assert "formaction" not in client.get(change_url(row)).content.decode()
    assert client.post("/admin/careers/statepay/add/preview/", {}).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename="change_statepay"))
    assert BANNER in client.post(url, posted(row)).content.decode()
    strict = Client(enforce_csrf_checks=True)
    sign_in_staff(strict, user)
    assert strict.post(url, posted(row)).status_code == 403


def test_a_preview_does_not_reach_later_visitors(client: Client) -> None:
    load()
    row = models.StatePay.objects.get(slug="california")
    boss = staff_client()
    client.get("/careers/states/")
    boss.post(change_url(row, "preview"), posted(row, low="62999"))
    boss.post(change_url(row), posted(row, remark="Something else."))
    page = client.get("/careers/states/").content.decode()
    assert "$62,999" not in page
    assert "Something else." in page


@pytest.mark.once
def test_only_the_element_itself_is_marked() -> None:
    html = '<head></head><main id="main"><p id="a-b">x</p><p id="a">y</p></main>'
    marked = mark(html, "a")
    assert '<p id="a-b">x</p><p id="a" data-previewed>y</p>' in marked
    assert '<a href="#a">The edited row</a>' in marked
    assert "The edited row" not in mark(html, "z")


def test_a_preview_costs_few_statements(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    load()
    row = models.StatePay.objects.get(slug="california")
    client = staff_client()
    client.post(change_url(row, "preview"), posted(row))
    with django_assert_max_num_queries(30):
        client.post(change_url(row, "preview"), posted(row))
