"""The one command that makes a fresh clone run."""

import builtins
import getpass
import json
import time
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
COUNT = """
import json
from django.apps import apps
print(json.dumps({m._meta.label: m._base_manager.count() for m in apps.get_models()}))
"""


def shell(program: str, folder: Path) -> str:
    """Run a program in the site's shell and return what it printed."""
    result = run("manage.py", "shell", "--no-imports", "-c", program, VAR_DIR=str(folder))
    assert result.returncode == 0, result.stderr
    return result.stdout


def prepare(folder: Path) -> tuple[str, float]:
    """Run the command without serving; return what it printed and the seconds it took."""
    started = time.monotonic()
    result = run("manage.py", "quickstart", "--prepare-only", VAR_DIR=str(folder))
    assert result.returncode == 0, result.stderr
    return result.stdout, time.monotonic() - started


@pytest.mark.once
def test_the_second_start_is_quick_and_loses_nothing(tmp_path):
    printed, _ = prepare(tmp_path)
    for step in ("Database", "Code sets", "Questions", "Career guide", "Static files", "Ready"):
        assert step in printed
    shell(ADD_AN_ANSWER, tmp_path)
    secret = (tmp_path / "secret_key").read_text()
    before = json.loads(shell(COUNT, tmp_path))
    assert before["codes.IcdEntry"] > 98_000
    assert before["quizzes.Question"] > 100
    assert before["quizzes.Answer"] == before["accounts.Learner"] == 1
    manifest = (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns
    _, seconds = prepare(tmp_path)
    assert seconds < 5
    assert json.loads(shell(COUNT, tmp_path)) == before
    assert (tmp_path / "secret_key").read_text() == secret
    assert (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns == manifest
    assert before["accounts.User"] == 0, "there is a default account"


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
