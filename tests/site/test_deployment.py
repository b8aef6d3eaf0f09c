"""The files that run the site in public, and what it says and sends there."""

import json
import re
import shlex
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.test import Client

from prepsite.server import server_command
from tests.site.processes import ROOT, run

HERE = ROOT / "prepsite" / "deployment"
UNITS = sorted(HERE.glob("*.service"))
PRODUCTION = {
    "SITE_URL": "https://example.org",
    "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
    "DATABASE_URL": "postgresql://site:password@127.0.0.1:1/site",
    "CACHE_URL": "redis://127.0.0.1:1/0",
    "EMAIL_HOST": "mail.example.org",
    "TRUST_PROXY": "yes",
}
SERVER = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "1"]


def unit(path: Path) -> dict[str, dict[str, str]]:
    """Return a unit's sections; of a directive that stands twice, the last."""
    parser = ConfigParser(strict=False, interpolation=None, delimiters=["="])
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return {name: dict(parser[name]) for name in parser.sections()}


def instructions() -> Iterator[tuple[str, str]]:
    """Yield the Dockerfile's instructions with their arguments, lines joined."""
    text = re.sub(r"\\\n\s*", "", (HERE / "Dockerfile").read_text())
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            yield name, rest


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "compose.yaml").read_text())
    return found


def assert_command_line(words: list[str]) -> None:
    """Fail unless this is a command of manage.py that takes these arguments."""
    name, *arguments = words
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(arguments)


@pytest.mark.once
def test_production_settings_pass_every_check(tmp_path):
    result = run("manage.py", "check", "--deploy", VAR_DIR=str(tmp_path), **PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
    assert result.stderr == ""


@pytest.mark.once
@pytest.mark.parametrize("left_out", ["EMAIL_HOST", "TRUST_PROXY", "SITE_URL"])
def test_each_of_them_is_missed(tmp_path, left_out):
    values = {name: value for name, value in PRODUCTION.items() if name != left_out}
    result = run("manage.py", "check", "--deploy", VAR_DIR=str(tmp_path), **values)
    assert "no issues" not in result.stdout
    assert "prepsite.W" in result.stderr


@pytest.mark.once
def test_https_for_hosts_below_is_a_promise_that_only_the_operator_makes(tmp_path):
    code = (
        "import json; from prepsite import settings as s; print(json.dumps("
        "[s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD,"
        " s.SILENCED_SYSTEM_CHECKS]))"
    )
    found = run("-c", code, VAR_DIR=str(tmp_path), **PRODUCTION)
    silenced = ["security.W005", "security.W021"]
    assert json.loads(found.stdout) == [31_536_000, False, False, silenced]
    promised = PRODUCTION | {"HSTS_SECONDS": "300", "HSTS_SUBDOMAINS": "yes", "HSTS_PRELOAD": "yes"}
    found = run("-c", code, VAR_DIR=str(tmp_path), **promised)
    assert json.loads(found.stdout) == [300, True, True, []]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    ["/", "/practice/new/", "/accounts/login/", "/healthz", "/nowhere/", "/static/css/tokens.css"],
)
def test_every_response_carries_the_fixed_headers(url):
    for _ in range(2):
        response = Client().get(url)
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in response["Permissions-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in response


@pytest.mark.once
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_is_locked_up_and_runs_what_there_is(path):
    service = unit(path)["Service"]
    assert service["User"] == "openbookcoder"
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "openbookcoder"
    assert service["StateDirectoryMode"] == "0700"
    assert service["CapabilityBoundingSet"] == ""
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert service[name] == "yes", name
    assert service["EnvironmentFile"] == "/etc/openbookcoder.env"
    assert "VAR_DIR=/var/lib/openbookcoder" in service["Environment"].split()
    for line in (service["ExecStart"], service.get("ExecStartPre", "")):
        if "manage.py" in line:
            assert_command_line(shlex.split(line.split("manage.py", 1)[1]))


@pytest.mark.once
def test_the_service_stops_whole_and_starts_again():
    service = unit(HERE / "openbookcoder.service")["Service"]
    assert service["KillMode"] == "control-group"
    assert service["Restart"] == "on-failure"
    assert "quickstart --prepare-only" in service["ExecStartPre"]
    assert "--host 127.0.0.1" in service["ExecStart"]


@pytest.mark.once
@pytest.mark.parametrize("path", sorted(HERE.glob("*.timer")), ids=lambda path: path.name)
def test_a_timer_has_its_service_and_catches_up(path):
    assert path.with_suffix(".service") in UNITS
    timer = unit(path)["Timer"]
    assert timer["OnCalendar"]
    assert timer["Persistent"] == "true"


@pytest.mark.once
def test_all_ways_serve_alike():
    by_hand = server_command(8000)
    (command,) = [rest for name, rest in instructions() if name == "CMD"]
    in_the_image = json.loads(command)
    in_the_unit = shlex.split(unit(HERE / "openbookcoder.service")["Service"]["ExecStart"])
    for name, value in zip(SERVER[::2], SERVER[1::2], strict=True):
        for words in (by_hand, in_the_image, in_the_unit):
            assert words[words.index(name) + 1] == value
    for words in (in_the_image, in_the_unit):
        start = words.index("granian") + 1
        options = {word for word in words[start:] if word.startswith("--")}
        helped = run("-m", "granian", "--help").stdout
        assert {option for option in options if option not in helped} == set()


@pytest.mark.once
def test_the_image_holds_no_secret_and_runs_as_nobody_in_particular():
    lines = list(instructions())
    assert [rest for name, rest in lines if name == "USER"] == ["site"]
    (probe,) = [rest for name, rest in lines if name == "HEALTHCHECK"]
    program = json.loads(probe.split("CMD ", 1)[1])
    assert "/healthz" in program[-1]
    compile(program[-1], "probe", "exec")
    assert not [rest for name, rest in lines if name in {"ENV", "ARG"} and "SECRET" in rest]
    assert any("--no-dev" in rest and "--locked" in rest for name, rest in lines if name == "RUN")


@pytest.mark.once
def test_the_image_gets_the_rooms_and_nothing_of_this_machine():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*", "what is not named must stay out"
    named = {line[1:] for line in lines if line.startswith("!")}
    assert named >= {"careers", "quizzes", "prepsite", "static", "templates", "manage.py"}
    assert all((ROOT / name).exists() for name in named)
    assert not named & {"var", ".git", ".env", ".venv", "tests"}


@pytest.mark.once
def test_compose_prepares_once_and_then_serves_twice():
    services = compose()["services"]
    assert {"db", "cache", "prepare", "app1", "app2", "proxy", "backup"} == services.keys()
    for name in ("app1", "app2"):
        needed = services[name]["depends_on"]
        assert needed["prepare"]["condition"] == "service_completed_successfully"
        assert f"{name}:8000" in (HERE / "Caddyfile").read_text()
    assert [name for name in services if "ports" in services[name]] == ["proxy"]
    for name in ("prepare", "backup"):
        command = services[name]["command"]
        assert command[:2] == ["python", "manage.py"]
        assert_command_line(command[2:])
    # pg_dump must not be older than the server.
    (packages,) = [rest for name, rest in instructions() if "postgresql-client" in rest]
    version = services["db"]["image"].removeprefix("postgres:")
    assert f"postgresql-client-{version}" in packages


@pytest.mark.once
def test_no_secret_is_written_down():
    for name in ("compose.yaml", "environment.example"):
        text = (HERE / name).read_text()
        for variable in ("SECRET_KEY", "POSTGRES_PASSWORD", "EMAIL_PASSWORD"):
            for value in re.findall(rf"^\s*{variable}\s*[=:](.*)$", text, re.MULTILINE):
                assert value.strip() == "" or value.strip().startswith("${"), (name, value)
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.once
def test_every_setting_in_the_example_is_one():
    settings = (ROOT / "prepsite" / "settings.py").read_text()
    names = set(
        re.findall(r"^#?([A-Z_]+)=", (HERE / "environment.example").read_text(), re.MULTILINE)
    )
    assert len(names) > 8
    assert {name for name in names if f'"{name}"' not in settings} == {"POSTGRES_PASSWORD"}


@pytest.mark.once
@pytest.mark.parametrize("page", [ROOT / "README.md", HERE / "README.md"], ids=["main", "deploy"])
def test_the_pages_name_commands_and_files_that_exist(page):
    text = page.read_text()
    named = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert named
    assert named <= get_commands().keys()
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert target.startswith("http") or (page.parent / target).exists(), target
