"""What operators' probes are told."""

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor


def test_healthz_touches_no_database(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_yes_when_all_migrations_are_there(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_that_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one"])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "why": "migrations missing"}


def test_readyz_says_that_the_database_is_unreachable(client, monkeypatch):
    def fail(*args: object) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed, user secret")

    monkeypatch.setattr(MigrationExecutor, "__init__", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ready": False, "why": "database unreachable"}


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
def test_probes_are_not_sent_to_https(client, url, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.post(url).status_code == 405
