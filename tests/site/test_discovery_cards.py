"""Pictures of pages: one for each public page, all of their text inside, drawn once."""

import io
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from careers.models import Page
from prepsite.content import revision
from prepsite.discovery import drawing, listing, views
from prepsite.discovery.cards import HEIGHT, WIDTH, Card, card_of, page_of
from prepsite.discovery.pagemeta import Headline, PageMeta, Site, trail
from tests.site.pages import make_content

SITE = Site("Open Book Coder", "https://example.org")
MAX_BYTES = 40_000
SAMPLES = [
    Card("/", SITE.name, "Pay", None),
    Card("/x/", SITE.name, "Medical coding pay by state", Headline("$48,780", "Median", "BLS")),
    Card("/x/", SITE.name, "What medical coders earn, and where the work leads " * 2, None),
]


def metas() -> list[PageMeta]:
    return [meta for pages in listing.sections().values() for meta in pages]


def opened(response: Any) -> Image.Image:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(response.content))


def assert_fits(card: Card) -> None:
    """Check that all ink lies within the margins and no two lines touch."""
    lines = drawing.lay_out(card)
    boxes = [line.box for line in lines if line.text.strip()]
    for left, top, right, bottom in boxes:
        assert 60 <= left <= right <= drawing.RIGHT + 8
        assert 40 <= top <= bottom <= HEIGHT - 20
    for above, below in pairwise(boxes[1:]):
        assert above[3] <= below[1] + 1, card
    if card.headline:
        # The title ends above the rule, the figure stands below it.
        assert all(box[3] < drawing.RULE_TOP for box in boxes[:-3])
        assert all(box[1] > drawing.RULE_TOP for box in boxes[-3:])


@pytest.mark.django_db
def test_every_public_page_has_a_small_picture_of_its_own():
    make_content()
    seen: dict[bytes, str] = {}
    names: dict[str, str] = {}
    for meta in metas():
        card = card_of(meta, Site(settings.SITE_NAME, settings.SITE_URL))
        response: Any = Client().get(card.path)
        picture = opened(response)
        assert picture.size == (WIDTH, HEIGHT) == (1200, 630)
        assert picture.mode == "P"
        assert len(response.content) < MAX_BYTES, meta.path
        assert_fits(card)
        assert response.content not in seen, (meta.path, seen[response.content])
        seen[response.content] = meta.path
        assert card.path not in names
        names[card.path] = meta.path
    assert len(seen) > 20


@pytest.mark.parametrize("card", SAMPLES)
def test_text_fits(card):
    assert_fits(card)


words = st.text(
    st.characters(codec="latin-1", exclude_categories=("C", "Z")), min_size=1, max_size=40
)
texts = st.lists(words, min_size=1, max_size=30).map(" ".join)


@hypothesis_settings(max_examples=20)
@given(texts, texts, st.none() | st.builds(Headline, texts, texts, texts))
def test_whatever_staff_write_fits(name, title, headline):
    assert_fits(Card("/x/", name, title, headline))


def test_a_short_title_is_large_and_a_long_one_is_whole():
    def title_of(card: Card) -> list[drawing.Line]:
        return [line for line in drawing.lay_out(card)[1:] if line.style.weight == 600]

    short, long = (title_of(Card("/x/", SITE.name, text, None)) for text in ("Pay", "Pay by " * 20))
    assert short[0].style.size == max(drawing.TITLE_SIZES)
    assert long[0].style.size < short[0].style.size
    assert " ".join(line.text for line in long) == ("Pay by " * 20).strip()


def test_the_fonts_know_every_letter_of_the_pages():
    """Letters that a font lacks are all drawn as the same empty box."""
    letters = "".join(chr(code) for code in range(33, 127)) + "’‘“”–—…®é"
    for style in (drawing.serif(60), drawing.sans(60)):
        font = drawing._font(style)
        missing = bytes(font.getmask("\ufffe"))
        assert [letter for letter in letters if bytes(font.getmask(letter)) == missing] == []


def test_what_is_drawn_shows():
    plain, titled, with_figure = (drawing.draw(card) for card in SAMPLES)
    assert len({plain, titled, with_figure}) == 3
    # Paper at the margin, ink where the title stands.
    picture = Image.open(io.BytesIO(plain)).convert("RGB")
    assert picture.getpixel((20, 300)) == (255, 253, 248)
    title = picture.crop((80, 200, 400, 300))
    assert min(title.convert("L").tobytes()) < 80


@pytest.mark.django_db
def test_a_picture_is_drawn_once(monkeypatch):
    drawn = []

    def draw(card: Card) -> bytes:
        drawn.append(card)
        return b"picture"

    monkeypatch.setattr(views, "draw", draw)
    for query in ("", "?v=old", "?title=Buy", "?v=1&v=2"):
        assert Client().get(f"/cards/about.png{query}").content == b"picture"
    tag = f'"{drawn[0].digest}"'
    again = Client().get("/cards/about.png", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert len(drawn) == 1
    cache.clear()
    # Whoever has the picture needs none to be drawn.
    assert Client().get("/cards/about.png", headers={"If-None-Match": tag}).status_code == 304
    assert len(drawn) == 1


@pytest.mark.django_db
def test_everybody_may_keep_a_picture_for_as_long_as_it_is_the_same(monkeypatch):
    monkeypatch.setattr(views, "draw", lambda card: card.title.encode())
    make_content()

    def address() -> str:
        (meta,) = [meta for meta in metas() if meta.path == "/careers/states/"]
        return card_of(meta, Site(settings.SITE_NAME, settings.SITE_URL)).path

    old = address()
    response = Client().get(old)
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Vary" not in response.headers
    assert not response.cookies
    tag = {"If-None-Match": response.headers["ETag"]}
    assert "immutable" in Client().get(old, headers=tag).headers["Cache-Control"]
    refused = Client().get(old, headers={"If-Match": '"other"'})
    assert refused.status_code == 412
    assert "max-age" not in refused.headers.get("Cache-Control", "")
    Page.objects.filter(slug="states").update(title="Pay, state by state")
    revision.bump()
    assert address() != old
    assert Client().get(address()).content == b"Pay, state by state"
    # A link shared before the change shows the page as it is now, and is asked for again soon.
    kept = Client().get(old)
    assert kept.content == b"Pay, state by state"
    assert kept.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/cards/no-such-page.png",
        "/cards/practice.png",
        "/cards/accounts/login.png",
        "/cards/errata/anatomy.png",
        "/cards/careers/no-such-page.png",
        "/cards/about/.png",
        "/cards//about.png",
        "/cards/ABOUT.png",
        "/cards/about.gif",
        "/cards/home/x.png",
        "/cards/%0a.png",
        "/cards/../about.png",
    ],
)
def test_there_is_no_picture_of_anything_else(path):
    make_content()
    assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_a_picture_takes_no_form():
    assert Client().post("/cards/home.png").status_code == 405
    assert Client().head("/cards/home.png").status_code == 200


def test_a_name_leads_back_to_its_page():
    for path in ("/", "/about/", "/careers/states/new-york/"):
        meta = PageMeta("x", "x", path, trail(("x", path)) if path != "/" else ())
        name = card_of(meta, SITE).path.removeprefix("/cards/").partition(".png?v=")[0]
        assert page_of(name) == path
