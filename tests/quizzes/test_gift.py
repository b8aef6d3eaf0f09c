"""GIFT: our own questions as another parser sees them, and files that others wrote."""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygiftparser import parser as peer
from pygiftparser.utils import transformSpecials

from prepsite.content.exchange.formats import FileFault
from prepsite.content.exchange.resource import Outcomes
from quizzes import publication
from quizzes.contentfiles import read_bank
from quizzes.exchange import ItemResource
from quizzes.interchange import giftsyntax
from quizzes.interchange.drafts import Wishes
from quizzes.interchange.foreignhtml import to_markdown
from quizzes.interchange.gift import GiftFile, write_question
from quizzes.items import ItemError, spec_of
from quizzes.itemspec import UNNAMED, UNWRITTEN, StatusName
from quizzes.models import Question, Status, Topic
from tests.factories import make_question, make_source, make_topic
from tests.quizzes.specs import awkward

pytestmark = pytest.mark.django_db

FOREIGN = r"""
// question: 12  name: Insulin
::Insulin units::[html]<p>One unit of <b>J1815</b> stands for 5 units. How many for 40\: ?</p>{
	~<p>5</p>#Divided by eight.
	=<p>8</p>#Right!
	~%-50%<p>40</p>
	~%0%<p>1 \= 1</p>
	####<p>40 \\ 5 is 8.</p>
}
"""
CHOSEN = (
    *("topic", "rule", "difficulty", "payer_context", "code_year", "valid_from", "valid_to"),
    *("cpt_content", "order", "references"),
)


def imported(text: str, **choices: Any) -> Outcomes:
    """Import a GIFT file at once, with a topic and a reference for all unless told otherwise."""
    wishes = Wishes(
        choices.pop("topic", "a-topic"),
        choices.pop("reference", "a-source | Section 9"),
        date(2026, 11, 24),
    )
    table = GiftFile().create_dataset(text.encode())
    return ItemResource(wishes=wishes, **choices).import_data(table)


def exported() -> str:
    return GiftFile().export_data(ItemResource().export())


def said(outcomes: Outcomes) -> list[tuple[int, str]]:
    """Return the line and the words of every refusal."""
    return [
        (report.number, " ".join(filter(None, problem)))
        for report in outcomes.reports
        for problem in report.problems
    ]


@pytest.fixture
def _frame() -> None:
    make_topic()
    make_source()


def test_another_parser_finds_the_same_question() -> None:
    question = make_question(
        stem=r"Is 2 = 1 + 1 {always} ~ or # not: never \ ever?",
        note="HISTORY: a fall.\n\nEXAM: a bruise.",
        rationale="Because 50% = a half, and\n\na = b.",
    )
    (found,) = peer.parseFile(io.StringIO(exported().split("\n\n", 1)[1]))
    spec = spec_of(question)
    assert found.title == spec.key
    assert found.markup == "markdown"
    # The peer takes escapes away only where it writes HTML.
    assert r"Is 2 \= 1 + 1 \{always\} \~ or \# not\: never" in found.text
    assert "EXAM" in found.text
    assert [answer.answer for answer in found.answers.answers] == [
        option.text for option in spec.options.values()
    ]
    assert [answer.fraction for answer in found.answers.answers] == [0, 100, 0, 0]
    assert [answer.feedback for answer in found.answers.answers] == [
        option.reason for option in spec.options.values()
    ]
    assert "Because 50% \\= a half" in found.generalFeedback


@pytest.mark.once
def test_another_parser_reads_every_item_that_is_shipped() -> None:
    for item in read_bank().items:
        cells = ItemResource().cells_wanted((item.spec, Topic(slug=item.topic)))
        (found,) = peer.parseFile(io.StringIO(write_question(cells)))
        assert found.title == item.spec.key
        for option, answer in zip(item.spec.options.values(), found.answers.answers, strict=True):
            assert transformSpecials(answer.answer) == option.text
            assert transformSpecials(answer.feedback) == option.reason
            assert answer.fraction == (100 if not option.error else 0)
        assert transformSpecials(found.generalFeedback) == item.spec.rationale


@given(st.lists(awkward, min_size=1, max_size=5))
def test_a_text_is_one_line_that_comes_back(texts: list[str]) -> None:
    for text in texts:
        written = giftsyntax.escape(text)
        assert not set(written) & {"\n", "\r"}
        assert giftsyntax.unescape(written).split() == text.split()


@pytest.mark.usefixtures("_frame")
def test_a_foreign_question_becomes_a_draft_that_says_what_it_lacks() -> None:
    outcomes = imported(FOREIGN)
    (report,) = outcomes.reports
    assert (report.verdict, report.key, report.unit, report.number) == (
        *("new", "insulin-units", "Line", 3),
    )
    assert [remark for _, remark in report.remarks] == [
        f"Chosen, because the file does not say: {', '.join(CHOSEN)}.",
        "Still to be written before review: a_error, c_error, c_reason, d_error, d_reason.",
    ]
    question = Question.objects.get()
    spec = spec_of(question)
    assert spec.status == StatusName.DRAFT
    assert spec.stem == "One unit of **J1815** stands for 5 units. How many for 40: ?"
    assert [option.text for option in spec.options.values()] == ["5", "8", "40", "1 = 1"]
    assert spec.answer == "B"
    assert spec.options["A"].reason == "Divided by eight."
    assert (spec.options["C"].reason, spec.options["C"].error) == (UNWRITTEN, UNNAMED)
    assert spec.rationale == "40 \\ 5 is 8."
    assert (spec.code_year, spec.valid_to) == (2026, date(2026, 12, 31))
    assert spec.references[0].section == "Section 9"
    assert question.topic.slug == "a-topic"


@pytest.mark.usefixtures("_frame")
def test_a_draft_with_gaps_is_not_published() -> None:
    imported(FOREIGN)
    question = Question.objects.get()
    problems = publication.problems_of(spec_of(question), question.topic, question)
    assert "options.C.reason: is still to be written." in problems
    with pytest.raises(ItemError, match=r"options\.C\.reason: is still to be written"):
        publication.set_status(question, StatusName.PUBLISHED, None)
    question.refresh_from_db()
    assert question.status == Status.DRAFT


@pytest.mark.usefixtures("_frame")
def test_a_second_import_keeps_what_was_written_since() -> None:
    imported(FOREIGN)
    draft = exported().replace(UNNAMED, "named_since").replace(UNWRITTEN, "Written since.")
    imported(draft, conflict="take")
    outcomes = imported(FOREIGN.replace("Divided by eight", "Halved"), conflict="take")
    (report,) = outcomes.reports
    assert [(c.column, c.new) for c in report.changes] == [("a_reason", "Halved.")]
    spec = spec_of(Question.objects.get())
    assert spec.options["C"].reason == "Written since."
    assert spec.options["D"].error == "named_since"


@pytest.mark.usefixtures("_frame")
def test_a_topic_and_a_reference_must_come_from_somewhere() -> None:
    outcomes = imported(FOREIGN, topic="", reference="")
    assert said(outcomes) == [
        (3, f"{name} is not in the file: choose one for all questions that name none.")
        for name in ("topic", "references")
    ]
    own = "//: topic: a-topic\n//: references: a-source | Section 2\n"
    outcomes = imported(own + FOREIGN.strip(), topic="", reference="")
    assert [report.verdict for report in outcomes.reports] == ["new"]


REFUSALS = {
    "Who?{}": "is an essay question",
    "Just so you know.": "is a description",
    "Sure?{TRUE#no#yes}": "is a true-or-false question",
    "Sure?{F}": "is a true-or-false question",
    "When?{#1822:5}": "is a numerical question",
    "Match.{=a -> b =c -> d}": "is a matching question",
    "Who?{=me =you}": "is a short-answer question",
    "Who?{=me ~you ~they}": "has 3 answers; an item has four, A to D.",
    "Who?{=a ~b ~c ~d ~e}": "has 5 answers",
    "Who?{~a ~b ~c ~d}": "has 0 right answers",
    "Who?{=a =b ~c ~d}": "has 2 right answers",
    "Who?{~%50%a ~%50%b ~c ~d}": "gives part of the mark",
    "Who?{=a ~b ~c ~d": "needs one pair of braces",
    "Who? =a ~b ~c ~d}": "needs one pair of braces",
    "Who?{=a ~b {~c} ~d}": "needs one pair of braces",
    "::Who?{=a ~b ~c ~d}": "has a name that begins with ::",
    "Who?{so =a ~b ~c ~d}": "has a text in its braces before the first answer",
    "//: colour: red\nWho?{=a ~b ~c ~d}": "names no column: //: colour: red",
    "//: rule: a\n//: rule: b\nWho?{=a ~b ~c ~d}": "names rule twice",
    '//: rule: "a\nWho?{=a ~b ~c ~d}': "rule: begins with a double quote",
    "//: note: 3\nWho?\\n\\n---\\n\\nMe.{=a ~b ~c ~d}": "note: counts the lines ---",
    "Who?{=a ~a ~c ~d}": "two of them say the same",
    "Who?{=a ~ ~c ~d}": "is empty",
    "{=a ~b ~c ~d}": "stem is empty.",
    "x" * 30_001 + "{=a ~b ~c ~d}": "is longer than 30,000 characters",
}


@pytest.mark.usefixtures("_frame")
@pytest.mark.parametrize("question", list(REFUSALS))
def test_what_can_be_no_item_is_refused_by_its_line(question: str) -> None:
    outcomes = imported(f"// A file.\n\n{question}\n\n{FOREIGN}")
    refused, fine = outcomes.reports
    assert REFUSALS[question] in said(outcomes)[0][1]
    assert refused.number == 3 + question.count("\n")
    assert fine.verdict == "new"
    assert Question.objects.count() == 1


@pytest.mark.usefixtures("_frame")
@pytest.mark.parametrize(
    ("question", "stem"),
    [
        ("Grant is {~buried =entombed ~alive ~lost} in a tomb.", "Grant is _____ in a tomb."),
        ("$CATEGORY: a/b\nWho?{=a#yes ~b#no ~c ~d}", "Who?"),
        ("Who?{~%100%a ~%-33.3%b ~c ~d}", "Who?"),
        ("Who?\r\n{\r\n=a\r\n~b\r\n~c\r\n~d\r\n}", "Who?"),
        ("[plain]Who?\n// why not\n{=a ~b ~c ~d}", "Who?"),
        ("::::Who?{=a ~b ~c ~d}", "Who?"),
        ("[no format] Who?{=a ~b ~c ~d}", "[no format] Who?"),
    ],
)
def test_moodles_other_ways_to_write_are_read(question: str, stem: str) -> None:
    (report,) = imported(question).reports
    assert report.problems == ()
    assert spec_of(Question.objects.get()).stem == stem


@pytest.mark.usefixtures("_frame")
def test_names_become_keys_and_two_of_a_name_are_refused() -> None:
    rest = "{=a ~b ~c ~d}"
    names = ["::Q1: One\\: two__three::", "", "::日本::"]
    outcomes = imported("\n\n".join(f"{name}What is it?{rest}" for name in names))
    keys = [report.key for report in outcomes.reports]
    assert keys[0] == "q1-one-two-three"
    assert keys[1] == keys[2] == "what-is-it"
    assert said(outcomes)[0] == (3, "key what-is-it stands in line 5 as well.")


@pytest.mark.usefixtures("_frame")
def test_cpt_codes_are_noticed() -> None:
    imported("A?{=99213 ~99214 ~99215 ~99212}\n\nB?{=J0585 ~J0586 ~J0587 ~J0588}")
    assert list(Question.objects.order_by("key").values_list("key", "cpt_content")) == [
        ("a", True),
        ("b", False),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"// only comments\n", "no questions"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"PK\x03\x04", "spreadsheet"),
        (b"Who?{=\xe9}", "line 1"),
        (b"a\n\n" * 5_001, "more than 5,000 questions"),
    ],
)
def test_a_file_that_is_no_gift_says_why(content: bytes, complaint: str) -> None:
    with pytest.raises(FileFault, match=complaint):
        GiftFile().create_dataset(content)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two &amp; <em>three</em></p>", "One\n\nTwo & *three*"),
        ("a<br/>b<script>alert(1)</script>", "a\nb"),
        ("<ul><li>x<li>y</ul>", "- x\n- y"),
        ('<img src="x" alt="A chart"> <b>is', "A chart **is"),
        ("1 < 2 <", "1 < 2 <"),
    ],
)
def test_foreign_html_becomes_markdown(html: str, text: str) -> None:
    assert to_markdown(html) == text
