"""Settings from the environment: what is refused, and what follows from what."""

import json
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from prepsite.local_secret import read_or_make_secret
from tests.site.processes import ROOT, environment, run

pytestmark = pytest.mark.once
SECRET = "only-for-tests-" + "y" * 40
PRINT = """
import json
from prepsite import settings as s
names = ["DEBUG", "LOCAL_MODE", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
    "LEARNER_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS", "SITE_URL", "MAILERS", "CACHES", "DATABASES"]
found = {name: getattr(s, name) for name in names}
found["proxy"] = getattr(s, "SECURE_PROXY_SSL_HEADER", None)
found["secret"] = s.SECRET_KEY
print(json.dumps(found))
"""


def settings_with(tmp_path: Path, **values: str) -> dict:
    """Return some settings as a process with these variables sees them."""
    result = run("-c", PRINT, VAR_DIR=str(tmp_path), **values)
    assert result.returncode == 0, result.stderr
    found: dict = json.loads(result.stdout)
    return found


def test_on_a_fresh_machine_the_site_is_local_and_debug_is_off(tmp_path):
    found = settings_with(tmp_path)
    assert found["LOCAL_MODE"] is True
    assert found["DEBUG"] is False
    assert found["secret"] == (tmp_path / "secret_key").read_text()
    assert found["DATABASES"]["default"]["NAME"] == str(tmp_path / "site.sqlite3")
    assert found["SESSION_COOKIE_SECURE"] is False
    assert found["SECURE_SSL_REDIRECT"] is False
    assert found["proxy"] is None


def test_production_refuses_to_start_without_its_secret(tmp_path):
    for values in ({"DATABASE_URL": "postgres://u:p@db/x"}, {"SECRET_KEY": ""}):
        result = run("manage.py", "check", VAR_DIR=str(tmp_path), **values)
        assert result.returncode != 0
        assert "SECRET_KEY" in result.stderr
        assert not (tmp_path / "secret_key").exists()


def test_production_runs_with_its_secret_and_makes_none(tmp_path):
    found = settings_with(tmp_path, SECRET_KEY=SECRET)
    assert found["secret"] == SECRET
    assert found["LOCAL_MODE"] is False
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("DEBUG", "2"),
        ("TRUST_PROXY", "ja"),
        ("EMAIL_USE_TLS", "enabled"),
        ("EMAIL_PORT", "smtp"),
        ("DATABASE_URL", "no-address"),
        ("DATABASE_URL", "mysql://u:p@db/x"),
        ("CACHE_URL", "no-address"),
        ("LOG_LEVEL", "LOUD"),
        ("TIME_ZONE", "Mars/Base"),
        ("SITE_URL", "example.org"),
    ],
)
def test_an_odd_value_is_refused(tmp_path, name, value):
    values = {"SECRET_KEY": SECRET, "EMAIL_HOST": "mail.example", name: value}
    result = run("manage.py", "check", VAR_DIR=str(tmp_path), **values)
    assert result.returncode != 0
    assert name in result.stderr or value in result.stderr or value.upper() in result.stderr


@pytest.mark.parametrize(("value", "expected"), [("yes", True), ("False", False), ("", False)])
def test_a_switch_is_read(tmp_path, value, expected):
    found = settings_with(tmp_path, SECRET_KEY=SECRET, DEBUG=value, TRUST_PROXY=value)
    assert found["DEBUG"] is expected
    assert bool(found["proxy"]) is expected


def test_mail_is_encrypted_unless_switched_off(tmp_path):
    for value, expected in (("", True), ("no", False)):
        found = settings_with(
            tmp_path, SECRET_KEY=SECRET, EMAIL_HOST="mail.example", EMAIL_USE_TLS=value
        )
        assert found["MAILERS"]["smtp"]["OPTIONS"]["use_tls"] is expected
        assert found["MAILERS"]["default"]["OPTIONS"] == {"deliver_with": "smtp"}


def test_an_https_address_switches_the_cookies_to_secure(tmp_path):
    found = settings_with(tmp_path, SECRET_KEY=SECRET, SITE_URL="https://coder.example/")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LEARNER_COOKIE_SECURE"):
        assert found[name] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert found["SITE_URL"] == "https://coder.example"
    assert "coder.example" in found["ALLOWED_HOSTS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://coder.example"]


def test_a_cache_address_replaces_the_files(tmp_path):
    files = settings_with(tmp_path, SECRET_KEY=SECRET)["CACHES"]["default"]
    assert files["LOCATION"] == str(tmp_path / "cache")
    redis = settings_with(tmp_path, SECRET_KEY=SECRET, CACHE_URL="redis://cache:6379/1")
    assert redis["CACHES"]["default"]["LOCATION"] == "redis://cache:6379/1"


def test_deployment_warnings_name_what_is_left_to_do(tmp_path):
    result = run("manage.py", "check", "--deploy", VAR_DIR=str(tmp_path), SECRET_KEY=SECRET)
    for number in ("prepsite.W001", "prepsite.W003"):
        assert number in result.stderr
    good = run(
        *("manage.py", "check", "--deploy"),
        VAR_DIR=str(tmp_path),
        SECRET_KEY=SECRET,
        SITE_URL="https://coder.example",
        TRUST_PROXY="yes",
        EMAIL_HOST="mail.example",
    )
    assert good.returncode == 0
    assert "prepsite." not in good.stderr


def test_the_local_secret_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "secret_key"
    first = read_or_make_secret(path)
    assert len(first) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make_secret(path) == first
    assert [entry.name for entry in path.parent.iterdir()] == ["secret_key"]
    assert read_or_make_secret(tmp_path / "other" / "secret_key") != first


def test_an_empty_secret_is_refused_and_says_what_to_do(tmp_path):
    path = tmp_path / "secret_key"
    path.write_text("\n")
    with pytest.raises(RuntimeError, match=r"is empty\. Delete it"):
        read_or_make_secret(path)


def test_processes_that_start_together_end_up_with_one_secret(tmp_path):
    path = tmp_path / "secret_key"
    program = (
        "import sys, time; from pathlib import Path;"
        "from prepsite.local_secret import read_or_make_secret as make;"
        "time.sleep(max(0, float(sys.argv[2]) - time.time()));"
        "print(make(Path(sys.argv[1])))"
    )
    start = str(time.time() + 2)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(path), start],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    secrets = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    assert secrets == {path.read_text()}
    assert len(secrets.pop()) >= 50


def test_a_secret_made_meanwhile_by_another_process_wins(tmp_path, monkeypatch):
    path = tmp_path / "secret_key"
    exists = Path.exists

    def late(self: Path) -> bool:
        if self == path and not exists(path):
            path.write_text("the other one")
            return False
        return exists(self)

    monkeypatch.setattr(Path, "exists", late)
    assert read_or_make_secret(path) == "the other one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret_key"]


def test_the_databases_tls_options_stay_beside_the_pool(tmp_path):
    url = "postgresql://user@db.example/site?sslmode=verify-full"
    code = (
        "from prepsite.settings import DATABASES; import json;"
        "print(json.dumps(DATABASES['default']['OPTIONS']))"
    )
    result = run("-c", code, VAR_DIR=str(tmp_path), SECRET_KEY=SECRET, DATABASE_URL=url)
    assert json.loads(result.stdout) == {"sslmode": "verify-full", "pool": {"timeout": 5}}
