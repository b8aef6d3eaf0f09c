"""What our templates must not hold, and what they may weigh."""

import gzip
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.accounts.helpers import make_question, page_of
from tests.site.processes import ROOT

MAX_BYTES = 60_000
TAGS = re.compile(r"\{[%{#].*?[%}#]\}", re.DOTALL)


@pytest.mark.once
@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style attribute", r"<[^>]*\sstyle\s*="),
        ("an event attribute", r"<[^>]*\son[a-z]+\s*="),
        ("a style element", r"<style[\s>]"),
        ("a script of its own", r"<script(?![^>]*\ssrc=)[^>]*>"),
        ("an address that runs", r"javascript:"),
        ("a file from elsewhere", r"<(?:script|link|img)[^>]*(?:src|href)=[\"']?(?:https?:)?//"),
    ],
)
def test_no_template_holds(what, pattern):
    # A mail brings its style along: there is nothing it could load.
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "email" not in path.parts]
    assert len(templates) > 20
    guilty = [
        str(path.relative_to(ROOT))
        for path in templates
        if re.search(pattern, TAGS.sub("", path.read_text(encoding="utf-8")), re.IGNORECASE)
    ]
    assert guilty == [], f"these hold {what}"


@pytest.mark.django_db
def test_styles_and_scripts_of_a_question_page_are_light():
    make_question()
    page = page_of(Client().get("/practice/new/"))
    links = re.findall(r'<script[^>]*\ssrc="([^"]+)"', page)
    links += re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert any("htmx" in link for link in links)
    assert any(link.endswith(".css") for link in links)
    weights = {}
    for link in links:
        assert link.startswith(settings.STATIC_URL)
        path = finders.find(link.removeprefix(settings.STATIC_URL).partition("?")[0])
        assert isinstance(path, str), f"{link} is not there"
        with open(path, "rb") as file:  # noqa: PTH123
            weights[link] = len(gzip.compress(file.read()))
    assert sum(weights.values()) < MAX_BYTES, weights


@pytest.mark.once
def test_style_sheets_load_nothing_from_elsewhere():
    for path in (ROOT / "static").rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//|@import", path.read_text()), path.name
