"""The content revision, and the switch that withdraws everything naming CPT codes."""

import time

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from prepsite.accounts.models import User
from prepsite.content import revision
from prepsite.content.models import PublicationState
from tests.accounts.helpers import PASSWORD, make_question, page_of
from tests.staff import sign_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser with a superuser signed in."""
    sign_in_staff(client, User.objects.create_superuser("boss@example.org", PASSWORD))
    revision.bump()
    return client


def test_a_site_without_content_has_revision_zero_and_shows_everything():
    PublicationState.objects.all().delete()
    assert revision.current() == revision.Publication(0, show_cpt_content=True)


def test_a_bump_raises_the_revision_by_one():
    revision.bump()
    before = revision.current().revision
    revision.bump()
    assert revision.current().revision == before + 1
    assert PublicationState.objects.count() == 1


def test_the_revision_is_read_once_a_second(django_assert_num_queries, monkeypatch):
    revision.bump()
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with django_assert_num_queries(1):
        revision.current()
        now = 1_000.99
        revision.current()
    with django_assert_num_queries(1):
        now = 1_001.0
        revision.current()


def test_another_processs_edit_is_seen_after_a_second(monkeypatch):
    revision.bump()
    now = 1_000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    before = revision.current().revision
    PublicationState.objects.update(revision=before + 5)
    now = 1_000.9
    assert revision.current().revision == before
    now = 1_001.0
    assert revision.current().revision == before + 5


def test_there_is_only_one_state():
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationState.objects.create(pk=2)


def test_the_switch_withdraws_cpt_questions_from_all_pages_at_once(staff):
    make_question(stem="Plain question?")
    make_question(stem="Question on 99213?", cpt_content="yes")
    reader = Client()
    assert "2 original questions" in page_of(reader.get("/"))
    before = revision.current().revision
    url = "/admin/content/publicationstate/1/change/"
    assert "show content that names CPT codes" in page_of(staff.get(url)).lower().replace(
        "cpt codes", "CPT codes"
    )
    assert staff.post(url, {}).status_code == 302
    assert revision.current().revision == before + 1
    assert not revision.current().show_cpt_content
    assert "1 original questions" in page_of(reader.get("/"))
    staff.post(url, {"show_cpt_content": "on"})
    assert revision.current() == revision.Publication(before + 2, show_cpt_content=True)
    assert "2 original questions" in page_of(reader.get("/"))


def test_the_switch_is_not_added_and_not_deleted(staff):
    assert staff.get("/admin/content/publicationstate/").status_code == 200
    assert staff.get("/admin/content/publicationstate/add/").status_code == 403
    assert staff.post("/admin/content/publicationstate/1/delete/", {}).status_code == 403


def test_the_revision_is_not_set_by_hand(staff):
    before = revision.current().revision
    fields = {"show_cpt_content": "on", "revision": "999"}
    staff.post("/admin/content/publicationstate/1/change/", fields)
    assert revision.current().revision == before + 1
