"""Items as Moodle XML: multiple-choice questions under a category for each topic."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from xml.etree import ElementTree as ET

from django.utils.html import format_html
from django.utils.safestring import SafeString

from quizzes.interchange import markup
from quizzes.interchange.entries import Entry
from quizzes.itemspec import LETTERS

# XML 1.0 has no place for these, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class MoodleFile:
    """A file for Moodle's import of questions."""

    def get_title(self) -> str:
        return "Moodle XML"

    def get_extension(self) -> str:
        return "xml"

    def get_content_type(self) -> str:
        return "application/xml"

    def write(self, entries: Sequence[Entry], site_name: str, now: datetime) -> bytes:
        """Return the file; the same entries give the same file at any time."""
        return write(entries, site_name)


def write(entries: Iterable[Entry], site_name: str) -> bytes:
    """Return the questions, in UTF-8; ``site_name`` is the category above all others."""
    quiz = ET.Element("quiz")
    for (area, topic), members in groupby(entries, key=lambda e: (e.area_name, e.topic_name)):
        # A slash divides categories; doubled it is a slash.
        names = [name.replace("/", "//") for name in (site_name, area, topic)]
        question = ET.SubElement(quiz, "question", type="category")
        _text(question, "category", f"$course$/top/{'/'.join(names)}")
        info = f"<p>{markup.LICENCE}</p>"
        _text(question, "info", info, format="html")
        for entry in members:
            quiz.append(_question(entry))
    ET.indent(quiz)
    content: bytes = ET.tostring(quiz, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _question(entry: Entry) -> ET.Element:
    question = ET.Element("question", type="multichoice")
    _text(question, "name", entry.spec.key)
    _text(question, "questiontext", markup.stem(entry) + markup.note(entry), format="html")
    _text(question, "generalfeedback", _general_feedback(entry), format="html")
    right = [letter for letter in LETTERS if letter in entry.accepted]
    settings = {
        "defaultgrade": "1",
        "penalty": "0.3333333",
        "hidden": "0",
        "idnumber": entry.spec.key,
        "single": "true",
        "shuffleanswers": "true" if entry.spec.order == "shuffle" else "false",
        "answernumbering": "ABCD",
        "showstandardinstruction": "0",
    }
    for name, value in settings.items():
        ET.SubElement(question, name).text = value
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        _text(question, name, "", format="html")
    for letter in LETTERS:
        fraction = "100" if letter in right else "0"
        answer = ET.SubElement(question, "answer", fraction=fraction, format="html")
        ET.SubElement(answer, "text").text = _allowed(markup.option(entry, letter))
        _text(answer, "feedback", markup.reason(entry, letter), format="html")
    tags = ET.SubElement(question, "tags")
    for tag in _tags(entry):
        _text(tags, "tag", tag)
    return question


def _general_feedback(entry: Entry) -> SafeString:
    parts = format_html("<p>{}</p>", markup.validity(entry))
    if notice := markup.notice(entry):
        parts += format_html("<p>{}</p>", notice)
    return markup.rationale(entry) + markup.references(entry) + parts


def _tags(entry: Entry) -> list[str]:
    spec = entry.spec
    errors = [option.error for option in spec.options.values() if option.error]
    tags = [entry.area, entry.topic, spec.rule, f"difficulty {spec.difficulty}", *errors]
    return list(dict.fromkeys(tags))


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    element = ET.SubElement(parent, name, attributes)
    ET.SubElement(element, "text").text = _allowed(text)


def _allowed(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
