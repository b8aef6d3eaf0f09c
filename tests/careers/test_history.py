"""Every change of a row has who, when and what, and can be taken back."""

import importlib
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from careers import models
from careers.loading import REASON, load
from careers.schema import KINDS
from prepsite.content import revision
from prepsite.content.models import LoadedDigest
from tests.careers.factories import change, copy_files, make_source, make_state, staff_client
from tests.careers.test_admin import change_url, form_of
from tests.factories import make_user
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db
STATES = "/admin/careers/statepay/"


def records(row: Any) -> list[tuple[str, str | None, bool]]:
    """Return kind, reason and whether somebody is named, the latest first."""
    return [
        (record.history_type, record.history_change_reason, record.history_user is not None)
        for record in row.history.all()
    ]


def test_a_load_is_in_the_history_and_a_second_one_adds_nothing(tmp_path: Any) -> None:
    before = revision.current().revision
    load()
    assert revision.current().revision == before + 1
    for kind in KINDS:
        history = kind.model.history
        assert history.count() == kind.model._default_manager.count()
        assert set(history.values_list("history_type", "history_change_reason")) == {("+", REASON)}
    LoadedDigest.objects.all().delete()
    assert not load().changed
    assert models.StatePay.history.count() == models.StatePay.objects.count()
    folder = copy_files(tmp_path)
    change(folder / "states.yaml", "low: 62300", "low: 62400")
    load(folder=folder)
    row = models.StatePay.objects.get(slug="california")
    assert records(row) == [("~", REASON, False), ("+", REASON, False)]
    assert revision.current().revision == before + 2


def test_an_edit_says_who_and_what_and_can_be_undone() -> None:
    row = make_state(slug="oregon", remark="Rain.")
    client = staff_client()
    client.post(change_url(row), form_of(row, low="99999", remark="", position=10))
    assert records(row)[0] == ("~", None, True)
    page = client.get(change_url(row, "history")).content.decode()
    assert "<del>50000.00</del>" in page
    assert "<ins>99999.00</ins>" in page
    assert "<ins>empty</ins>" in page
    first = row.history.last()
    assert first is not None
    url = change_url(row, "history") + f"{first.pk}/return/"
    assert client.get(url).status_code == 405
    page = client.post(url, follow=True).content.decode()
    assert "Returned to the state of" in page
    row.refresh_from_db()
    assert (int(row.low), row.remark) == (50000, "Rain.")
    assert len(records(row)) == 3
    assert "is in this state already" in client.post(url, follow=True).content.decode()
    assert len(records(row)) == 3


def test_a_state_that_no_longer_fits_is_not_returned_to() -> None:
    row = make_state()
    first = row.history.get()
    gone = row.source
    row.source = make_source()
    row.save()
    gone.delete()
    url = change_url(row, "history") + f"{first.pk}/return/"
    page = staff_client().post(url, follow=True).content.decode()
    assert "This state does not fit what is here now" in page
    row.refresh_from_db()
    assert row.source != gone


def test_who_may_only_look_changes_nothing(client: Client) -> None:
    row = make_state(remark="First.")
    first = row.history.get()
    row.remark = "Second."
    row.save()
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_statepay"))
    sign_in_staff(client, user)
    history = change_url(row, "history")
    assert client.post(f"{history}{first.pk}/return/").status_code == 403
    # simple-history's own way back asks a looker for no more than a look.
    fields = form_of(row, remark="Third.", position=10)
    assert client.post(f"{history}{first.pk}/", fields).status_code == 302
    row.refresh_from_db()
    assert row.remark == "Second."
    page = client.get(history).content.decode()
    assert "<ins>Second.</ins>" in page
    assert "Return to this state" not in page
    row.delete()
    deleted = models.StatePay.history.get(history_type="-")
    assert client.post(f"{STATES}deleted/{deleted.pk}/").status_code == 403
    assert "Bring back" not in client.get(f"{STATES}deleted/").content.decode()
    assert not models.StatePay.objects.exists()


def test_deleted_rows_come_back_once() -> None:
    rows = [make_state(slug=slug) for slug in ("oregon", "ohio")]
    client = staff_client()
    fields = {
        "action": "delete_selected",
        "_selected_action": [row.pk for row in rows],
        "post": "yes",
    }
    client.post(STATES, fields)
    assert not models.StatePay.objects.exists()
    assert {
        record.history_user is None for record in models.StatePay.history.filter(history_type="-")
    } == {False}
    assert f'href="{STATES}deleted/"' in client.get(STATES).content.decode()
    page = client.get(f"{STATES}deleted/").content.decode()
    assert page.count("Bring back</button>") == 2
    record = models.StatePay.history.get(history_type="-", slug="ohio")
    history = client.get(f"{STATES}{record.id}/history/").content.decode()
    assert "This row is deleted." in history
    url = f"{STATES}deleted/{record.pk}/"
    client.post(url)
    assert "is back already" in client.post(url, follow=True).content.decode()
    row = models.StatePay.objects.get()
    assert (row.slug, row.pk) == ("ohio", record.id)
    assert records(row)[0] == ("+", "Brought back", True)
    make_state(slug="oregon")
    other = models.StatePay.history.get(history_type="-", slug="oregon")
    page = client.post(f"{STATES}deleted/{other.pk}/", follow=True).content.decode()
    assert "This state does not fit what is here now" in page
    assert client.post(f"{STATES}deleted/{row.history.last().pk}/").status_code == 404


def test_reviewed_today_sets_the_next_review_and_leaves_history() -> None:
    rows = [make_state(slug=slug) for slug in ("oregon", "ohio")]
    fields = {"action": "reviewed", "_selected_action": [row.pk for row in rows]}
    client = staff_client()
    page = client.post(STATES, fields, follow=True).content.decode()
    assert "2 rows reviewed; the next review is on" in page
    for row in rows:
        row.refresh_from_db()
        assert row.review_by is not None
        assert 360 < (row.review_by - timezone.localdate()).days < 370
        assert records(row)[0] == ("~", "Reviewed", True)
    client.post(STATES, fields)
    assert len(records(rows[0])) == 2
    assert LogEntry.objects.count() == 2


def test_rows_of_before_get_a_first_state() -> None:
    row = make_state()
    row.history.all().delete()
    migration = importlib.import_module("careers.migrations.0003_first_states")
    migration.write_first_states(apps, None)
    record = row.history.get()
    assert (record.history_type, record.low, record.source_id) == ("+", 50000, row.source_id)
    younger = {"Page", "Question", "Area", "Wage", "ExamFact", "ExamCost", "CredentialStep"}
    assert set(migration.MODELS) == {kind.model.__name__ for kind in KINDS} - younger
