"""Moodle XML and Anki packages, opened by the programs' own or other people's parsers."""

import io
import sqlite3
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import given
from justhtml import JustHTML
from moodle_xml_parser.parser import parse_bytes

from quizzes import rulings
from quizzes.interchange import anki, markup, moodle
from quizzes.interchange.entries import Entry, entries_of, open_to_learners
from quizzes.itemspec import LETTERS, ItemSpec
from quizzes.models import Question
from quizzes.rendering import ReferenceContent
from tests.factories import make_question, make_questions, make_spec, set_cpt_switch
from tests.quizzes.specs import awkward, specs

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def entry(spec: ItemSpec, **changes: Any) -> Entry:
    """Return an entry of an item without a database."""
    made = Entry(
        spec=spec,
        area="an-area",
        area_name="Radiology / imaging",
        topic="a-topic",
        topic_name="A & B",
        accepted=frozenset(spec.answer),
        references=tuple(
            ReferenceContent(f"<i>{reference.source}", reference.section, reference.url)
            for reference in spec.references
        ),
    )
    return replace(made, **changes)


def words(html: str) -> list[str]:
    """Return the words that a browser shows of a fragment."""
    return list("".join(JustHTML(html).to_text().split()))


def parsed(xml: bytes) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314  (our own)


# --- Moodle -----------------------------------------------------------------------------

# Moodle's exporter writes these of a multiple-choice question, in this order.
SHAPE = (
    *("name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber"),
    *("single", "shuffleanswers", "answernumbering", "showstandardinstruction"),
    *("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"),
    *("answer", "answer", "answer", "answer", "tags"),
)


def test_moodle_xml_as_another_parser_reads_it() -> None:
    spec = make_spec(
        stem="Which code, **if any**, is <b>right</b>?",
        note="A note.",
        order="shuffle",
        cpt_content="yes",
        rationale="Because of `J0585`.",
    )
    found = parse_bytes(moodle.write([entry(spec)], "Open Book Coder"))
    (question,) = found["multichoice"]
    assert question.name == spec.key
    assert (question.single, question.shuffle_answers, question.answernumbering) == (
        *(True, True, "ABCD"),
    )
    assert [option.score_fraction for option in question.options] == [0, 100, 0, 0]
    for letter, option in zip(LETTERS, question.options, strict=True):
        assert option.answer == spec.options[letter].text  # type: ignore[index]
        assert option.feedback == spec.options[letter].reason  # type: ignore[index]
    assert "<strong>if any</strong>" in question.text_pre_parse
    assert "<p>A note.</p>" in question.text_pre_parse
    for text in ("<code>J0585</code>", "a-source: Section", "Code years", "registered trademark"):
        assert text in question.general_feedback


def test_moodle_questions_stand_in_a_category_for_their_topic() -> None:
    first, second, third = make_spec(), make_spec(), make_spec()
    other = entry(third, topic="other", topic_name="Other")
    quiz = parsed(moodle.write([entry(first), entry(second), other], "Site"))
    assert [question.get("type") for question in quiz] == [
        *("category", "multichoice", "multichoice", "category", "multichoice"),
    ]
    path = quiz.findtext("question/category/text")
    assert path == "$course$/top/Site/Radiology // imaging/A & B"
    assert quiz.findtext("question/idnumber") == first.key
    tags = [tag.text for tag in quiz.findall("question/tags/tag/text")]
    assert tags[:3] == ["an-area", "a-topic", first.rule]


@given(specs(texts=awkward) | specs())
def test_any_item_is_well_formed_and_says_everything(spec: ItemSpec) -> None:
    made = entry(spec)
    quiz = parsed(moodle.write([made], "Site <&> ]]>"))
    question = quiz[1]
    assert tuple(part.tag for part in question) == SHAPE
    assert question.findtext("questiontext/text") == moodle._allowed(
        markup.stem(made) + markup.note(made)
    )
    fractions = [answer.get("fraction") for answer in question.findall("answer")]
    assert fractions == ["100" if letter == spec.answer else "0" for letter in LETTERS]
    for letter, answer in zip(LETTERS, question.findall("answer"), strict=True):
        html = answer.findtext("text") or ""
        assert "<script" not in html
        assert html == moodle._allowed(markup.option(made, letter))
        assert (answer.findtext("feedback/text") or "") == moodle._allowed(
            markup.reason(made, letter)
        )


# --- Anki -------------------------------------------------------------------------------


def collection_of(folder: Path) -> Collection:
    return Collection(str(folder / "collection.anki2"))


def import_into(collection: Collection, folder: Path, package: bytes) -> Any:
    path = folder / "items.apkg"
    path.write_bytes(package)
    request = ImportAnkiPackageRequest(
        package_path=str(path), options=ImportAnkiPackageOptions(merge_notetypes=True)
    )
    return collection.import_anki_package(request).log


@pytest.mark.once
def test_anki_opens_the_package_and_a_later_one_updates_its_notes(tmp_path: Path) -> None:
    items = [entry(make_spec(stem=f"Which is <b>right</b> {n}?", note="A note.")) for n in range(3)]
    items.append(entry(make_spec(cpt_content="yes"), area="other", area_name="Other"))
    collection = collection_of(tmp_path)
    log = import_into(collection, tmp_path, anki.write(items, "Open Book Coder", NOW))
    assert len(log.new) == 4
    assert {deck.name for deck in collection.decks.all_names_and_ids()} >= {
        "Open Book Coder::Radiology / imaging",
        "Open Book Coder::Other",
    }
    first = items[0].spec
    (note_id,) = collection.find_notes(f"Key:{first.key}")
    card = collection.get_note(note_id).cards()[0]
    front, back = card.question(), card.answer()
    assert "Which is &lt;b&gt;right&lt;/b&gt; 0?" in front
    assert "A note." in front
    assert first.rationale not in front
    for letter in "ACD":
        assert first.options[letter].text in front  # type: ignore[index]
        assert first.options[letter].reason in back  # type: ignore[index]
    for text in (f"B: {first.options['B'].text}", first.rationale, "Section", "Code years"):
        assert text in back
    assert "registered trademark" not in back
    (cpt_note,) = collection.find_notes(f"Key:{items[3].spec.key}")
    assert "registered trademark" in collection.get_note(cpt_note).cards()[0].answer()

    # A second import with one better rationale and one more item.
    better = first.model_copy(update={"rationale": "Far better."})
    items = [replace(items[0], spec=better), *items[1:], entry(make_spec())]
    log = import_into(
        collection, tmp_path, anki.write(items, "Open Book Coder", NOW + timedelta(days=1))
    )
    assert (len(log.new), len(log.updated)) == (1, 4)
    assert collection.note_count() == collection.card_count() == 5
    assert "Far better." in collection.get_note(note_id)["Rationale"]
    assert len([model for model in collection.models.all() if model["name"] == "CPC question"]) == 1
    collection.close()


def fields_of(package: bytes) -> dict[str, str]:
    """Return the fields of the only note in a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    (row,) = connection.execute("SELECT flds FROM notes").fetchall()
    connection.close()
    return dict(zip(anki.FIELDS, row[0].split("\x1f"), strict=True))


@given(specs(texts=awkward))
def test_no_text_of_an_item_means_something_to_anki(spec: ItemSpec) -> None:
    fields = fields_of(anki.write([entry(spec)], "Site", NOW))
    for field in fields.values():
        assert "[" not in field
        assert "<b>" not in field.replace("<p><b>", "")
    made = entry(spec)
    assert words(fields["Stem"]) == words(markup.stem(made))


def test_guids_and_decks_never_change() -> None:
    """Learners who imported an earlier package would get every note twice."""
    assert anki.guid("drug-units-01") == "C#`N~z58.e"
    assert anki.deck_id("hcpcs") == 1_954_283_730
    assert anki.MODEL_ID == 1_583_047_926


# --- what goes into them ----------------------------------------------------------------


@pytest.mark.django_db
def test_learners_get_what_is_published_and_not_withdrawn() -> None:
    public = make_question()
    cpt = make_question(cpt_content="yes")
    make_question(status="draft", blind_solves=[])
    make_question(status="retired")
    assert set(open_to_learners(Question.objects.all())) == {public, cpt}
    set_cpt_switch(show=False)
    assert set(open_to_learners(Question.objects.all())) == {public}


@pytest.mark.django_db
def test_a_ruling_counts_in_what_is_exported() -> None:
    question = make_question()
    assert question.current
    rulings.rule(question.current, accepted="BC", reason="Both.")
    (made,) = entries_of(Question.objects.all())
    assert made.accepted == {"B", "C"}
    quiz = parsed(moodle.write([made], "Site"))
    assert [answer.get("fraction") for answer in quiz[1].findall("answer")] == [
        *("0", "100", "100", "0"),
    ]


@pytest.mark.django_db
def test_more_items_cost_no_more_statements(django_assert_num_queries: Any) -> None:
    make_questions(2)
    with django_assert_num_queries(5):
        assert len(entries_of(Question.objects.all())) == 2
    make_questions(4)
    with django_assert_num_queries(5):
        assert len(entries_of(Question.objects.all())) == 6
