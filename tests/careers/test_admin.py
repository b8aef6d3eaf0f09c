"""The admin: every model is there, an edit shows at once, a faulty one is refused."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.forms import model_to_dict
from django.test import Client

from careers import models
from careers.loading import load
from careers.models import Entry
from prepsite.content import revision
from prepsite.content.models import LoadedDigest
from tests.careers.factories import make_section, make_state, staff_client

pytestmark = pytest.mark.django_db

ENTRIES = [
    model for model in apps.get_app_config("careers").get_models() if issubclass(model, Entry)
]
MODELS: list[type[Model]] = [*ENTRIES, models.LoadedRow]


def form_of(row: Model, **changes: object) -> dict[str, object]:
    """Return what the change form of a row posts."""
    values = model_to_dict(row) | changes
    return {name: value for name, value in values.items() if value not in (None, False)}


def change_url(row: Model, action: str = "change") -> str:
    return f"/admin/careers/{row._meta.model_name}/{row.pk}/{action}/"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_model_can_be_listed_searched_and_opened(model: type[Model]) -> None:
    load()
    client = staff_client()
    row = model._default_manager.first()
    assert row is not None
    base = f"/admin/careers/{model._meta.model_name}/"
    assert client.get(base, {"q": "e"}).status_code == 200
    assert client.get(f"{base}{row.pk}/change/").status_code == 200
    assert admin.site.get_model_admin(model).search_fields


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_however_long(
    model: type[Model], django_assert_max_num_queries: type
) -> None:
    load()
    client = staff_client()
    # Session, user, two counts, the rows, and the choices of the filters.
    with django_assert_max_num_queries(14):
        client.get(f"/admin/careers/{model._meta.model_name}/")


def test_sources_are_found_by_typing() -> None:
    load()
    client = staff_client()
    response = client.get(
        "/admin/autocomplete/",
        {"app_label": "careers", "model_name": "statepay", "field_name": "source", "term": "bls"},
    )
    assert "BLS" in [result["text"] for result in response.json()["results"]]


def test_view_on_site_leads_to_the_row(client: Client) -> None:
    load()
    row = models.StatePay.objects.get(slug="california")
    assert row.get_absolute_url() == "/careers/states/#statepay-california"
    assert 'id="statepay-california"' in client.get("/careers/states/").content.decode()
    assert models.Section.objects.get(slug="ai").get_absolute_url() == "/careers/ai/#ai"
    assert models.Page.objects.get(slug="ai").get_absolute_url() == "/careers/ai/"
    assert models.Page.objects.get(slug="overview").get_absolute_url() == "/careers/"


@pytest.mark.parametrize("model", ENTRIES, ids=lambda model: model.__name__)
def test_every_row_can_be_viewed_on_the_site(model: type[Entry], client: Client) -> None:
    load()
    rows = list(model._default_manager.all())
    for row in rows:
        url, _, anchor = row.get_absolute_url().partition("#")
        response = client.get(url)
        assert response.status_code == 200
        assert not anchor or f'id="{anchor}"' in response.content.decode()
    kind = ContentType.objects.get_for_model(model).pk
    response = staff_client().get(f"/admin/r/{kind}/{rows[0].pk}/")
    assert response["Location"] == f"http://testserver{rows[0].get_absolute_url()}"


def test_an_edit_shows_on_the_page_and_survives_a_load(client: Client) -> None:
    load()
    row = models.StatePay.objects.get(slug="california")
    assert "$62,300" in client.get("/careers/states/").content.decode()
    response = staff_client().post(change_url(row), form_of(row, low="62999"))
    assert response.status_code == 302
    assert "$62,999" in client.get("/careers/states/").content.decode()
    LoadedDigest.objects.all().delete()
    assert load().kept == ["states: california: low edited in the admin"]
    assert "$62,999" in client.get("/careers/states/").content.decode()


def test_edited_prose_is_rendered(client: Client) -> None:
    load()
    row = models.Section.objects.get(slug="ai")
    staff_client().post(change_url(row), form_of(row, body="It *changes* the job."))
    assert "It <em>changes</em> the job." in client.get("/careers/ai/").content.decode()


def test_a_deletion_shows_on_the_page(client: Client) -> None:
    load()
    row = models.StatePay.objects.get(slug="hawaii")
    assert "$55,400" in client.get("/careers/states/").content.decode()
    staff_client().post(change_url(row, "delete"), {"post": "yes"})
    assert "$55,400" not in client.get("/careers/states/").content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_saving_and_deleting_raise_the_revision(model: type[Model]) -> None:
    load()
    row = model._default_manager.last()
    assert row is not None
    before = revision.current().revision
    row.save()
    expected = before if model is models.LoadedRow else before + 1
    assert revision.current().revision == expected
    if model not in (models.Source, models.Page, models.Area):
        row.delete()
        assert (revision.current().revision > expected) == (model is not models.LoadedRow)


def test_a_source_with_figures_cannot_be_deleted() -> None:
    row = make_state()
    response = staff_client().post(change_url(row.source, "delete"), {"post": "yes"})
    assert response.status_code == 200
    assert models.Source.objects.filter(pk=row.source_id).exists()


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"low": "5", "high": "4"}, "The upper end must be above the lower one."),
        ({"low": "-5"}, "greater than or equal to 0"),
        ({"low": ""}, "This field is required."),
        ({"low": "1.234"}, "no more than 2 decimal places"),
        ({"as_of": "2026"}, "Enter a valid date."),
    ],
)
def test_a_wrong_figure_is_refused(changes: dict[str, str], complaint: str) -> None:
    row = make_state()
    response = staff_client().post(change_url(row), form_of(row, **changes))
    assert response.status_code == 200
    assert complaint in response.content.decode()


def test_a_source_is_not_quoted_in_itself() -> None:
    row = make_state()
    response = staff_client().post(change_url(row), form_of(row, quoted_in=row.source_id))
    assert "A source is quoted in another work" in response.content.decode()


def test_an_upper_end_needs_a_lower_one() -> None:
    load()
    row = models.RemoteAdvantage.objects.get(slug="freer-hours")
    response = staff_client().post(change_url(row), form_of(row, high="5"))
    assert "An upper end or a headline needs an amount." in response.content.decode()


@pytest.mark.parametrize("years", [{"years_from": "5", "years_to": "2"}, {"years_to": "2"}])
def test_years_stand_in_order(years: dict[str, str]) -> None:
    load()
    row = models.LadderLevel.objects.get(slug="director")
    response = staff_client().post(change_url(row), form_of(row, years_from="") | years)
    assert "The last year must come after the first." in response.content.decode()


def test_a_block_is_shown_by_one_section_only() -> None:
    make_section(title="First", block="ladder")
    row = make_section(slug="second")
    response = staff_client().post(change_url(row), form_of(row, block="ladder"))
    assert "The section First shows it already." in response.content.decode()


def test_the_key_stays_once_saved() -> None:
    row = make_state(slug="oregon")
    staff_client().post(change_url(row), form_of(row, slug="washington"))
    row.refresh_from_db()
    assert row.slug == "oregon"


def test_what_the_loader_remembers_is_only_shown() -> None:
    load()
    row = models.LoadedRow.objects.first()
    assert row is not None
    client = staff_client()
    assert client.post(change_url(row), {"slug": "x"}).status_code == 403
    assert client.post(change_url(row, "delete"), {"post": "yes"}).status_code == 403
    assert client.get("/admin/careers/loadedrow/add/").status_code == 403
