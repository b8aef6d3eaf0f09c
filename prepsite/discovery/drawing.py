"""Cards as PNG: laid out by measuring the text, drawn with the site's own fonts."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from prepsite.discovery.cards import HEIGHT, WIDTH, Card

# The light theme's tokens, see static/css/tokens.css.
PAPER, INK, INK_SOFT, RULE, ACCENT = "#fffdf8", "#211d19", "#5a5249", "#d9d0c1", "#14507f"
TABS = ("#9b4a2f", "#86591a", "#8a3f78", "#14507f", "#1d6b66", "#2f6b3b")

LEFT, RIGHT = 88, 1080
MARK_TOP, MARK_SIZE = 72, 84
TITLE_TOP = 200
# Where the title must end; a figure needs the room below it.
TITLE_END, TITLE_END_WITH_FIGURE = 560, 408
TITLE_SIZES = (84, 76, 68, 60, 52, 46, 40, 34)
LINE_HEIGHT = 1.16
RULE_TOP = 440
# Enough for ink on paper with smooth edges; more only makes the file larger.
COLOURS = 64
# The mark is drawn this much larger and then reduced, which smooths its edges.
OVERSIZE = 4


@dataclass(frozen=True)
class Style:
    """A font of the site at a size in pixels; weights are those of its variable axis."""

    file: str
    size: int
    weight: int
    colour: str


@dataclass(frozen=True)
class Line:
    """A line of text with the box that its ink needs: left, top, right, bottom."""

    text: str
    style: Style
    x: int
    y: int

    @property
    def box(self) -> tuple[float, float, float, float]:
        left, top, right, bottom = _font(self.style).getbbox(self.text)
        return self.x + left, self.y + top, self.x + right, self.y + bottom


@lru_cache(maxsize=32)
def _font(style: Style) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(settings.BASE_DIR / "static/fonts" / style.file, style.size)
    font.set_variation_by_axes([style.weight])
    return font


def serif(size: int, weight: int = 600, colour: str = INK) -> Style:
    return Style("source-serif-4.woff2", size, weight, colour)


def sans(size: int, weight: int = 400, colour: str = INK_SOFT) -> Style:
    return Style("source-sans-3.woff2", size, weight, colour)


def wrap(text: str, style: Style, width: int) -> list[str]:
    """Return text in lines no wider than ``width`` pixels; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if _font(style).getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _cut(word, style, width)
        lines += full
    return [*lines, line] if line else lines


def _cut(word: str, style: Style, width: int) -> Iterator[str]:
    """Yield a word in pieces that fit: one, unless it is wider than a line."""
    piece = ""
    for char in word:
        if piece and _font(style).getlength(piece + char) > width:
            yield piece
            piece = ""
        piece += char
    yield piece


def lay_out(card: Card) -> list[Line]:
    """Return all text of a card with its places; every line lies within the margins."""
    lines = [
        Line(_shortened(card.site_name, sans(40, 600, INK), 880), sans(40, 600, INK), 196, 88),
        *_title(card.title, TITLE_END_WITH_FIGURE if card.headline else TITLE_END),
    ]
    if figure := card.headline:
        width = RIGHT - LEFT
        amount, label, source = serif(64, 700, ACCENT), sans(30, 600, INK), sans(26)
        lines += [
            Line(_shortened(figure.amount, amount, width), amount, LEFT, RULE_TOP + 12),
            Line(_shortened(figure.label, label, width), label, LEFT, RULE_TOP + 92),
            Line(_shortened(figure.source, source, width), source, LEFT, RULE_TOP + 132),
        ]
    return lines


def _title(title: str, end: int) -> list[Line]:
    """Return the title in the largest type in which it fits, cut only in the smallest."""
    for size in TITLE_SIZES:
        style = serif(size)
        step = round(size * LINE_HEIGHT)
        room = (end - TITLE_TOP) // step
        texts = wrap(title, style, RIGHT - LEFT)
        if len(texts) <= room:
            break
    if len(texts) > room:
        texts = [*texts[: room - 1], _shortened(" ".join(texts[room - 1 :]), style, RIGHT - LEFT)]
    return [Line(text, style, LEFT, TITLE_TOP + step * row) for row, text in enumerate(texts)]


def _shortened(text: str, style: Style, width: int) -> str:
    """Return a text that fits in one line, its end left out if need be."""
    if _font(style).getlength(text) <= width:
        return text
    while text and _font(style).getlength(f"{text}…") > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def draw(card: Card) -> bytes:
    """Return a card as a PNG of 1200 by 630 pixels."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    _draw_tabs(canvas)
    image.paste(_mark(), (LEFT, MARK_TOP))
    if card.headline:
        canvas.line([(LEFT, RULE_TOP), (RIGHT, RULE_TOP)], fill=RULE, width=3)
    for line in lay_out(card):
        canvas.text((line.x, line.y), line.text, fill=line.style.colour, font=_font(line.style))
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_tabs(canvas: ImageDraw.ImageDraw) -> None:
    """Draw the edge tabs of a well-used code book."""
    canvas.line([(1136, 0), (1136, HEIGHT)], fill=RULE, width=2)
    step = HEIGHT // len(TABS)
    for row, colour in enumerate(TABS):
        top = row * step + 14
        box = (1136, top, 1188, top + step - 28)
        canvas.rounded_rectangle(box, 10, fill=colour, corners=(False, True, True, False))


@lru_cache(maxsize=1)
def _mark() -> Image.Image:
    """Return the open book of static/img/mark.svg."""
    scale = MARK_SIZE * OVERSIZE / 32
    image = Image.new("RGB", (MARK_SIZE * OVERSIZE,) * 2, PAPER)
    canvas = ImageDraw.Draw(image)

    def at(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * scale, y * scale) for x, y in points]

    def page(side: int) -> list[tuple[float, float]]:
        # The left page's curves; the right page mirrors them.
        top = _curve((6, 8.5), (10, 7), (13, 7.5), (16, 9.5))
        foot = _curve((16, 24.5), (13, 22.5), (10, 22), (6, 23.5))
        return [(x if side < 0 else 32 - x, y) for x, y in top + foot]

    canvas.rounded_rectangle((0, 0, 32 * scale, 32 * scale), 6 * scale, fill=ACCENT)
    canvas.polygon(at(page(-1)), fill=PAPER)
    canvas.polygon(at(page(1)), fill="#e3d9c6")
    for top in (11, 15.5):
        canvas.rectangle((26 * scale, top * scale, 28.5 * scale, (top + 3) * scale), fill="#e8b04a")
    return image.resize((MARK_SIZE, MARK_SIZE), Image.Resampling.LANCZOS)


type Point = tuple[float, float]


def _curve(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    """Return points on a cubic Bézier curve."""
    points = []
    for step in range(25):
        t = step / 24
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        corners = (start, first, second, end)
        points.append(
            (
                sum(w * corner[0] for w, corner in zip(weights, corners, strict=True)),
                sum(w * corner[1] for w, corner in zip(weights, corners, strict=True)),
            )
        )
    return points
