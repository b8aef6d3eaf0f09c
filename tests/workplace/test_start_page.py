"""The staff's start page: what needs doing, in which order, and for whom."""

from datetime import date

import pytest
from django.test import Client

from prepsite.content import workqueue
from prepsite.content.workqueue import WorkQueue
from quizzes import workqueues
from tests.factories import make_user
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Client) -> Client:
    sign_in_staff(client, make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def two_queues(monkeypatch):
    def provide(user, today):
        yield WorkQueue("Questions", "Things to read", 3, "/read/", "Read them.", date(2026, 2, 3))
        yield WorkQueue("Questions", "Things that are done", 0, "/done/", "Never seen.")

    monkeypatch.setattr(workqueue, "_providers", {"test": provide})


def test_start_page_counts_the_work_and_links_only_where_there_is_some(boss, two_queues):
    page = boss.get("/admin/").content.decode()
    assert '<a href="/read/">Things to read</a>' in page
    assert "oldest from February 3, 2026" in page
    assert "Read them." in page
    assert "Things that are done" in page
    assert "/done/" not in page
    assert "Never seen." not in page


def test_questions_and_careers_stand_before_the_rest(boss):
    page = boss.get("/admin/").content.decode()
    places = [page.index(f'class="app-{label} ') for label in ("quizzes", "careers", "content")]
    assert places == sorted(places)
    assert places[-1] < page.index('class="app-accounts ')


def test_nobody_looks_into_second_factors_or_sessions(boss):
    for table in ("mfa/authenticator", "usersessions/usersession"):
        assert table not in boss.get("/admin/").content.decode()
        assert boss.get(f"/admin/{table}/").status_code == 404


def test_guide_is_for_everybody_at_work_and_for_nobody_else(client):
    sign_in_staff(client, make_user(is_staff=True))
    page = client.get("/admin/guide/").content.decode()
    assert "<h1>Guide for editors</h1>" in page
    for anchor in set(page.split('href="#')[1:]):
        name = anchor.partition('"')[0]
        assert name == "content-start" or f'id="{name}"' in page
    assert Client().get("/admin/guide/").status_code == 302


def test_what_staff_did_stands_in_the_log(boss):
    boss.post("/admin/auth/group/add/", {"name": "Proof-readers"})
    page = boss.get("/admin/admin/logentry/").content.decode()
    assert "Proof-readers" in page
    assert "Added" in page
    assert boss.post("/admin/admin/logentry/add/").status_code == 403


def test_password_is_changed_on_the_account_page(boss):
    assert boss.get("/admin/password_change/").url == "/accounts/password/change/"


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match="registered its work queues already"):
        workqueue.register("quizzes", workqueues.queues)
