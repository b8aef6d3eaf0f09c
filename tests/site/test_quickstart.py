"""The one command that makes a fresh clone run."""

import builtins
import getpass
import json
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError
from django.test import Client

from prepsite.accounts.models import User
from prepsite.management.commands.quickstart import Command
from tests.accounts.helpers import make_user
from tests.site.processes import run

ADD_AN_ANSWER = """
from django.utils import timezone
from prepsite.accounts.models import Learner
from quizzes.models import Answer, Attempt, QuestionVersion
now = timezone.now()
version = QuestionVersion.objects.first()
attempt = Attempt.objects.create(learner=Learner.objects.create(), title="Kept", seed=1)
Answer.objects.create(attempt=attempt, slot=1, version=version, correct=True, first_try=True,
    picked=version.choices.get(is_key=True), answered_at=now)
"""
# The last key given tells rows that stayed from rows that were deleted and written again.
COUNT = """
import json
from django.apps import apps
from django.db.models import Max
print(json.dumps({
    m._meta.label: (m._base_manager.count(), m._base_manager.aggregate(last=Max("pk"))["last"])
    for m in apps.get_models()
}, default=str))
"""


def shell(program: str, folder: Path) -> str:
    """Run a program in the site's shell and return what it printed."""
    result = run("manage.py", "shell", "--no-imports", "-c", program, VAR_DIR=str(folder))
    assert result.returncode == 0, result.stderr
    return result.stdout


def count(folder: Path) -> dict[str, tuple[int, object]]:
    """Return how many rows each model has, and the last of their keys."""
    return {label: tuple(found) for label, found in json.loads(shell(COUNT, folder)).items()}


def prepare(folder: Path) -> str:
    """Run the command without serving; return what it printed."""
    result = run("manage.py", "quickstart", "--prepare-only", VAR_DIR=str(folder))
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.once
def test_the_second_start_skips_what_is_there_and_loses_nothing(tmp_path):
    printed = prepare(tmp_path)
    for step in ("Database", "Code sets", "Questions", "Career guide", "Static files", "Ready"):
        assert step in printed
    loads = ("Loading ICD-10-CM", "HCPCS Level II:", "Places of service:", "Checks", " new, ")
    assert [load for load in loads if load not in printed] == []
    shell(ADD_AN_ANSWER, tmp_path)
    secret = (tmp_path / "secret_key").read_text()
    before = count(tmp_path)
    assert before["codes.IcdEntry"][0] > 98_000
    assert before["quizzes.Question"][0] > 100
    assert before["quizzes.Answer"][0] == before["accounts.Learner"][0] == 1
    manifest = (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns
    printed = prepare(tmp_path)
    assert [load for load in loads if load in printed] == []
    assert "Questions: unchanged since the last load." in printed
    assert "careers: the files are unchanged" in printed
    assert count(tmp_path) == before
    assert (tmp_path / "secret_key").read_text() == secret
    assert (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns == manifest
    assert before["accounts.User"][0] == 0, "there is a default account"


def ask_for_admin(monkeypatch: pytest.MonkeyPatch, email: str, password: str) -> str:
    """Let the command ask for a staff account and return what it printed."""
    monkeypatch.setattr(builtins, "input", lambda _: email)
    monkeypatch.setattr(getpass, "getpass", lambda _: password)
    out = StringIO()
    Command(stdout=out)._make_admin()
    return out.getvalue()


@pytest.mark.django_db
def test_the_staff_account_can_sign_in_and_its_address_is_verified(monkeypatch):
    printed = ask_for_admin(monkeypatch, " Boss@Example.org ", "quiet-otter-41")
    assert "boss@example.org has an account" in printed
    assert "quiet-otter-41" not in printed
    user = User.objects.get(email="boss@example.org")
    assert user.is_staff
    assert user.is_superuser
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("boss@example.org", True, True)
    browser = Client()
    fields = {"login": "boss@example.org", "password": "quiet-otter-41"}
    answer = browser.post("/accounts/login/?next=/admin/", fields)
    assert answer.headers["Location"] == "/admin/"
    assert browser.get("/admin/", follow=True).redirect_chain[-1] == ("/accounts/staff/", 302)
    link = printed.splitlines()[-1]
    assert link.startswith("http://localhost:8000/accounts/staff/link/")
    browser.post(link.removeprefix("http://localhost:8000"))
    assert "Choose your second factor" in browser.get("/accounts/staff/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "password", "complaint"),
    [
        ("boss@example.org", "short", "too short"),
        ("boss@example.org", "password123", "too common"),
        ("boss@example.org", "8264017395", "entirely numeric"),
        ("otterkeeper1@example.org", "otterkeeper1", "too similar"),
        ("boss@example.org", "", "too short"),
        ("no-address", "quiet-otter-41", "valid email address"),
        ("", "quiet-otter-41", "valid email address"),
    ],
)
def test_a_weak_password_or_a_wrong_address_makes_no_account(
    monkeypatch, email, password, complaint
):
    with pytest.raises(CommandError, match=complaint):
        ask_for_admin(monkeypatch, email, password)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_an_account_that_is_there_is_not_made_staff_behind_its_back(monkeypatch):
    make_user("ann@example.org")
    with pytest.raises(CommandError, match="has an account already"):
        ask_for_admin(monkeypatch, "ANN@example.org", "quiet-otter-41")
    assert not User.objects.get().is_staff
