"""Items as an Anki package: a note for each, which a later import updates."""

import hashlib
import io
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

import genanki
from django.utils.html import format_html, format_html_join

from quizzes.interchange import markup
from quizzes.interchange.entries import Entry
from quizzes.itemspec import LETTERS

# Anki knows a kind of note by its number; another number makes another kind beside it.
MODEL_ID = 1_583_047_926
FIELDS = (
    *("Key", "Stem", "Note", "Options", "Answer", "Rationale", "Reasons"),
    *("References", "Validity", "Notice"),
)
FRONT = '{{Stem}}{{#Note}}<div class="note">{{Note}}</div>{{/Note}}{{Options}}'
BACK = (
    '{{FrontSide}}<hr id="answer"><div class="key">{{Answer}}</div>{{Rationale}}{{Reasons}}'
    '<div class="small">{{References}}<p>{{Validity}}</p>{{#Notice}}<p>{{Notice}}</p>{{/Notice}}'
    "<p>{{Key}}</p></div>"
)
CSS = """
.card { max-width: 42em; margin: 0 auto; font: 1.15rem/1.5 Georgia, serif; text-align: left; }
.note { padding: 0 1em; border-left: 3px solid #888; }
.key { font-weight: bold; }
.small { font-size: 0.8em; }
code { font-family: monospace; }
"""


class AnkiFile:
    """A package for Anki's File > Import."""

    def get_title(self) -> str:
        return "Anki"

    def get_extension(self) -> str:
        return "apkg"

    def get_content_type(self) -> str:
        return "application/octet-stream"

    def write(self, entries: Sequence[Entry], site_name: str, now: datetime) -> bytes:
        """Return the package; Anki takes a note as newer by ``now``."""
        return write(entries, site_name, now)


def write(entries: Sequence[Entry], site_name: str, now: datetime) -> bytes:
    """Return a package with a deck for each area below one for the site."""
    model = genanki.Model(
        MODEL_ID,
        "CPC question",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Question", "qfmt": FRONT, "afmt": BACK}],
        css=CSS,
    )
    decks: dict[str, genanki.Deck] = {}
    for entry in entries:
        if entry.area not in decks:
            name = f"{site_name}::{entry.area_name}"
            decks[entry.area] = genanki.Deck(deck_id(entry.area), name, markup.LICENCE)
        decks[entry.area].add_note(
            genanki.Note(model, _fields(entry), guid=guid(entry.spec.key), tags=_tags(entry))
        )
    return _package(list(decks.values()), now)


def deck_id(area: str) -> int:
    """Return the lasting number of an area's deck."""
    digest = hashlib.sha256(f"openbookcoder deck {area}".encode()).digest()
    return (1 << 30) + int.from_bytes(digest[:4]) % (1 << 30)


def guid(key: str) -> str:
    """Return the lasting name of an item's note, by which Anki finds the one to update."""
    name: str = genanki.guid_for("openbookcoder", key)
    return name


def _fields(entry: Entry) -> list[str]:
    right = [letter for letter in LETTERS if letter in entry.accepted]
    options = format_html_join(
        "", "<li>{}</li>", ((markup.option(entry, letter),) for letter in LETTERS)
    )
    answer = format_html_join(
        "", "<p>{}: {}</p>", ((letter, markup.option(entry, letter)) for letter in right)
    )
    reasons = format_html_join(
        "",
        "<p><b>{}</b> {}</p>",
        ((letter, markup.reason(entry, letter)) for letter in LETTERS if letter not in right),
    )
    texts = [
        entry.spec.key,
        markup.stem(entry),
        markup.note(entry),
        format_html('<ol type="A">{}</ol>', options),
        answer,
        markup.rationale(entry),
        reasons,
        markup.references(entry),
        format_html("{}", markup.validity(entry)),
        format_html("{}", markup.notice(entry)),
    ]
    # Anki runs [sound:…] and [latex]…, and ends a field at the unit separator.
    return [text.replace("[", "&#91;").replace("\x1f", " ") for text in texts]


def _tags(entry: Entry) -> list[str]:
    spec = entry.spec
    return [f"{entry.area}::{entry.topic}", f"rule::{spec.rule}", f"difficulty::{spec.difficulty}"]


def _package(decks: list[genanki.Deck], now: datetime) -> bytes:
    """Return what genanki's write_to_file writes, without the copy that it leaves in /tmp."""
    seconds = now.timestamp()
    with closing(sqlite3.connect(":memory:")) as connection:
        ids = itertools.count(int(seconds * 1000))
        genanki.Package(decks).write_to_db(connection.cursor(), seconds, ids)
        connection.commit()
        collection = connection.serialize()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("collection.anki2", collection)
        package.writestr("media", json.dumps({}))
    return file.getvalue()
