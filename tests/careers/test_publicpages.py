"""What the guide's pages say of themselves: their days, their feed, their pictures."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from careers.loading import load
from careers.models import FigureChange, Page
from careers.publicpages import public_pages
from prepsite.content import revision
from prepsite.discovery.pagemeta import PageMeta
from tests.site.heads import head_of

pytestmark = pytest.mark.django_db

FEED = "/careers/changes/feed/"


def change(**values: Any) -> FigureChange:
    """Save a change of a state's figure, as of a day long ago."""
    fields = {
        "at": datetime(2027, 5, 6, 15, tzinfo=UTC),
        "kind": FigureChange.Kind.CHANGED,
        "model": "statepay",
        "slug": "ohio",
        "label": "Ohio <median>",
        "before": "$40,000",
        "after": "$41,000",
        "source": "BLS, May 2026",
    }
    row = FigureChange.objects.create(**fields | values)
    revision.bump()
    return row


def get(path: str) -> str:
    return str(Client().get(path).content.decode())


def pages() -> dict[str, PageMeta]:
    return {meta.path: meta for meta in public_pages()}


def test_pages_of_the_guide_lead_to_it() -> None:
    load()
    for path in ("/careers/", "/careers/states/"):
        assert head_of(get(path)).feeds == [FEED]
    assert head_of(get("/about/")).feeds == []


def test_a_changed_figure_changes_the_pages_that_show_it() -> None:
    load()
    Page.objects.update(updated_on=date(2026, 1, 2))
    change()
    change(model="salaryfigure", at=datetime(2027, 6, 7, 15, tzinfo=UTC))
    change(model="nothing-known", at=datetime(2027, 8, 8, 15, tzinfo=UTC))
    days = {path: meta.modified_on for path, meta in pages().items()}
    assert days["/careers/states/"] == days["/careers/states/texas/"] == date(2027, 5, 6)
    assert days["/careers/"] == days["/careers/why-sources-differ/"] == date(2027, 6, 7)
    assert days["/careers/resources/"] == date(2026, 1, 2)
    # What the page says of itself is what the sitemap says of it.
    for path in ("/careers/", "/careers/states/", "/careers/states/texas/", "/careers/resources/"):
        node = head_of(get(path)).node("Article")
        assert node
        assert node["dateModified"] == str(days[path])


def test_the_picture_of_the_overview_shows_its_key_figure() -> None:
    load()
    found = pages()
    headline = found["/careers/"].headline
    assert headline
    assert headline.amount == "$48,780 a year"
    assert "BLS" in headline.source
    assert found["/careers/states/"].headline is None
    state = found["/careers/states/ohio/"].headline
    assert state
    assert state.amount in head_of(get("/careers/states/ohio/")).properties["og:image:alt"]
    assert state.label == "Official median in Ohio, May 2025"
    # BLS released nothing there, so there is nothing to show.
    assert found["/careers/states/virgin-islands/"].headline is None
    properties = head_of(get("/careers/")).properties
    assert "$48,780 a year" in properties["og:image:alt"]
