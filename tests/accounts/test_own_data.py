"""Everything kept about somebody, as JSON and CSV: complete, safe, and only their own."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client

from prepsite.accounts import account_data, registry, takeout
from prepsite.accounts.models import Learner, User
from quizzes.models import Attempt, SeenQuestion, VersionStat
from tests.accounts.helpers import (
    answer_one,
    cookie_learner,
    make_question,
    make_user,
    page_of,
    sign_in,
    sign_up,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
# Paths to a user that hold nothing of a learner's: what staff did, or rows never written.
WORK_OF_STAFF = {LogEntry: "what staff did in the admin"}
NEVER_WRITTEN = {EmailConfirmation: "links are signed, not stored"}


def json_of(client: Client) -> dict[str, Any]:
    """Download the JSON export."""
    response = client.get("/accounts/export/json/")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in response.headers["Cache-Control"]
    data: dict[str, Any] = json.loads(response.content)
    return data


def csv_of(client: Client) -> dict[str, list[dict[str, str]]]:
    """Download the CSV export and read each of its tables."""
    response = client.get("/accounts/export/csv/")
    assert response.headers["Content-Type"] == "application/zip"
    assert "no-store" in response.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as folder:
        assert folder.testzip() is None
        assert all(folder.read(name).startswith(b"\xef\xbb\xbf") for name in folder.namelist())
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(folder.read(name).decode("utf-8-sig"), newline=""))
            )
            for name in folder.namelist()
        }


@pytest.fixture
def member(client: Client) -> Client:
    """A browser signed in to an account with answers, a passkey and two sessions."""
    make_question()
    elsewhere = Client(headers={"User-Agent": "=cmd|' /C calc'!A0"})
    sign_up(elsewhere, "ann@example.org")
    answer_one(client, "A")
    sign_in(client, "ann@example.org")
    user = User.objects.get()
    Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "My laptop", "credential": {"id": "s3cr3t"}}
    )
    Authenticator.objects.create(user=user, type="totp", data={"secret": "JBSWY3DP"})
    UserSession.objects.create(
        user=user, session_key="k" * 32, ip="203.0.113.9", user_agent="Old phone"
    )
    return client


def test_json_holds_all_of_the_account_and_no_secret(member):
    data = json_of(member)
    assert data["account"][0]["email"] == "ann@example.org"
    assert data["account"][0]["last_sign_in_at"]
    assert data["email_addresses"] == [
        {"email": "ann@example.org", "verified": False, "primary": True}
    ]
    assert [(key["kind"], key["name"]) for key in data["passkeys_and_codes"]] == [
        ("webauthn", "My laptop"),
        ("totp", "TOTP Authenticator"),
    ]
    assert "203.0.113.9" in {session["ip_address"] for session in data["open_sessions"]}
    assert [row["picked"] for row in data["answers"]] == ["A"]
    assert len(data["merges"]) == 1
    assert data["learner"][0]["theme"] == "auto"
    text = json.dumps(data)
    for secret in ("s3cr3t", "JBSWY3DP", "k" * 32, User.objects.get().password):
        assert secret not in text
    for key in UserSession.objects.values_list("session_key", flat=True):
        assert key not in text


def test_csv_says_the_same_with_formulae_defused(member):
    data, tables = json_of(member), csv_of(member)
    del data["exported_at"]
    assert set(tables) == {name for name, rows in data.items() if rows}
    for name, rows in tables.items():
        assert len(rows) == len(data[name]), name
        for row, original in zip(rows, data[name], strict=True):
            assert set(row) == set(original)
    browsers = [row["browser"] for row in tables["open_sessions"]]
    assert "'=cmd|' /C calc'!A0" in browsers


@pytest.mark.once
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_run_as_a_formula_is_text(start):
    tables: registry.Tables = {"t": [{"a": f"{start}1+1", "b": "fine – ü", "c": -5}]}
    with zipfile.ZipFile(io.BytesIO(takeout.as_csv_zip(tables, NOW))) as folder:
        text = io.StringIO(folder.read("t.csv").decode("utf-8-sig"), newline="")
    assert list(csv.DictReader(text)) == [{"a": f"'{start}1+1", "b": "fine – ü", "c": "-5"}]


def test_the_export_holds_nobody_elses(member):
    other = Client()
    sign_up(other, "bob@example.org")
    answer_one(other, "B")
    text = json.dumps(json_of(member))
    assert "bob@" not in text
    data = json_of(other)
    assert [row["picked"] for row in data["answers"]] == ["B"]
    assert "ann@" not in json.dumps(data)


def test_without_an_account_the_browsers_progress_is_exported(client):
    make_question()
    answer_one(client, "C")
    assert [row["picked"] for row in json_of(client)["answers"]] == ["C"]
    assert [row["picked"] for row in csv_of(client)["answers"]] == ["C"]
    page = page_of(client.get("/accounts/export/"))
    assert "1 answer in 1 session" in page
    assert "Forget this browser" in page


def test_where_nothing_is_kept_the_page_says_so(client):
    page = page_of(client.get("/accounts/export/"))
    assert "Nothing is kept about you" in page
    assert client.get("/accounts/export/json/").status_code == 404
    make_user()
    sign_in(client, "ann@example.org")
    assert "0 answers in 0 sessions" in page_of(client.get("/accounts/export/"))
    assert json_of(client)["account"]


@pytest.mark.parametrize("name", ["xml", "exe", "csv-zip", "JSON"])
def test_another_format_is_not_found(member, name):
    assert member.get(f"/accounts/export/{name}/").status_code == 404


def test_the_export_costs_the_same_with_many_rows(member, django_assert_num_queries):
    for number in (1, 8):
        for _ in range(number):
            make_question()
            answer_one(member)
        user = User.objects.get()
        for place in range(number):
            EmailAddress.objects.create(user=user, email=f"{number}-{place}@example.org")
        # The account and its groups, learner, addresses, keys, sessions; then six tables.
        with django_assert_num_queries(14):
            account_data.export(user)


def test_forgetting_the_browser_erases_and_empties_it(client):
    make_question()
    attempt = answer_one(client, "A")
    learner = cookie_learner(client)
    client.cookies["display"] = "dark.keys-on"
    statistics = list(VersionStat.objects.values())
    refused = client.post("/accounts/forget/", {})
    assert refused.status_code == 422
    assert "Tick the box" in page_of(refused)
    assert Learner.objects.filter(pk=learner.pk).exists()
    page = page_of(client.post("/accounts/forget/", {"sure": "on"}, follow=True))
    assert "Nothing is kept about you" in page
    assert client.cookies["learner"].value == client.cookies["display"].value == ""
    assert not Learner.objects.exists()
    assert not SeenQuestion.objects.exists()
    assert Attempt.objects.get(pk=attempt).learner is None
    assert list(VersionStat.objects.values()) == statistics
    # A second click, or a browser that nothing is known of.
    assert client.post("/accounts/forget/", {"sure": "on"}).url == "/accounts/export/"


def test_forgetting_a_browser_never_erases_an_account(member):
    learner = Learner.objects.get(user__isnull=False)
    response = member.post("/accounts/forget/", {"sure": "on"})
    assert response.url == "/accounts/delete/"
    assert Learner.objects.filter(pk=learner.pk).exists()
    assert json_of(member)["answers"]


def leads_to(model: type[Model], goals: set[type[Model]], seen: frozenset[type[Model]]) -> bool:
    """Tell whether foreign keys lead from a model to one of these."""
    if model in goals:
        return True
    targets = {
        field.related_model
        for field in model._meta.get_fields()
        if field.concrete and (field.many_to_one or field.one_to_one)
    }
    return any(
        leads_to(target, goals, seen | {model})
        for target in targets - seen - {model}
        if isinstance(target, type)
    )


def is_content(model: type[Model]) -> bool:
    """Tell whether a model is the site's own: the bank, or the history of an editor's work."""
    is_bank = model._meta.app_label == "quizzes" and not leads_to(model, {Learner}, frozenset())
    return is_bank or hasattr(model, "history_user")


def test_every_model_with_a_path_to_somebody_is_in_the_export():
    exported = {model for data in registry.handlers() for model in data.models}
    exported |= {Learner, *account_data.MODELS}
    # Which groups somebody is in stands in the row of the account.
    left_out = {*WORK_OF_STAFF, *NEVER_WRITTEN, User.groups.through, User.user_permissions.through}
    found = {
        model
        for model in apps.get_models(include_auto_created=True)
        if leads_to(model, {Learner, User}, frozenset()) and not is_content(model)
    }
    assert {Attempt, UserSession, Authenticator, EmailAddress} <= found
    assert {model._meta.label for model in found - exported - left_out} == set()


def test_every_column_of_a_learner_and_an_account_is_exported(member):
    data = json_of(member)
    # Written under other names, for people; or a number that means nothing to them.
    learner = {field.attname for field in Learner._meta.concrete_fields}
    assert learner - set(data["learner"][0]) == {"id", "user_id", "merged_into_id"}
    account = {field.attname for field in User._meta.concrete_fields}
    assert account - set(data["account"][0]) == {"id", "password", "last_login", "date_joined"}
