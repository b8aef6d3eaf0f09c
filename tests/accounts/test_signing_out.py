"""Signing out on a shared computer leaves nothing behind."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.helpers import answer_one, make_question, make_user, page_of, sign_in, sign_up
from tests.site.pages import argument_free_urls

pytestmark = pytest.mark.django_db


def test_signing_out_empties_the_browser(client):
    make_question()
    make_user()
    answer_one(client)
    sign_in(client, "ann@example.org")
    client.cookies["display"] = "dark.keys-off"
    response = client.post("/accounts/logout/")
    assert response.headers["Clear-Site-Data"] == '"storage"'
    left = {name for name, cookie in client.cookies.items() if cookie.value}
    assert left <= {"csrftoken"}
    assert not Session.objects.exists()
    page = page_of(client.get("/progress/"))
    assert "Added to your account" not in page
    assert "ann@example.org" not in page


def test_only_signing_out_clears_storage(client):
    make_user()
    assert "Clear-Site-Data" not in sign_in(client, "ann@example.org").headers
    assert "Clear-Site-Data" not in client.get("/accounts/").headers


def test_going_back_after_signing_out_finds_no_page_of_a_member():
    make_question()
    member = Client()
    sign_up(member, "ann@example.org")
    attempt = answer_one(member)
    urls = set(argument_free_urls()) - {"/healthz", "/readyz", "/accounts/exam-date/"}
    urls |= {f"/practice/{attempt}/{part}" for part in ("", "1/", "2/", "summary/")}
    urls |= {"/accounts/export/json/", "/accounts/export/csv/", "/no-such-page/"}
    assert len(urls) > 25
    kept = {
        url: caching
        for url in sorted(urls)
        if "no-store" not in (caching := member.get(url).headers.get("Cache-Control", ""))
    }
    assert kept == {}


def test_going_back_finds_no_page_of_a_learner_without_an_account():
    make_question()
    learner = Client()
    attempt = answer_one(learner)
    for url in ("/", "/practice/", "/progress/", f"/practice/{attempt}/1/", "/accounts/export/"):
        assert "no-store" in learner.get(url).headers["Cache-Control"], url
