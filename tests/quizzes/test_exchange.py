"""Items out as a table and in again: the identity, the conflicts, the rules, the errors."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from prepsite.content.exchange.formats import FORMATS, CsvFile, FileFault, JsonFile, Table
from prepsite.content.exchange.resource import Outcomes, Verdict
from quizzes.exchange import ItemResource
from quizzes.interchange.formats import IN
from quizzes.items import save_item, spec_of
from quizzes.itemspec import ItemSpec
from quizzes.models import Question, QuestionVersion, Status
from tests.factories import make_question, make_source, make_topic, make_user
from tests.quizzes.specs import awkward, specs

pytestmark = pytest.mark.django_db

FORMULAE = st.sampled_from(["=", "+", "-", "@", "'=", "''@", "'", "\t", '"', "\n-", "|", "\\n"])


def exported(file_format: Any, questions: Any = None) -> bytes:
    """Return the file that an export sends."""
    table = ItemResource().export(questions, structured=file_format is JsonFile)
    return file_format().export_data(table).encode()


def imported(content: bytes, file_format: Any = CsvFile, **choices: Any) -> Outcomes:
    """Import a file at once."""
    dry_run = choices.pop("dry_run", False)
    table = file_format().create_dataset(content)
    return ItemResource(**choices).import_data(table, dry_run=dry_run)


def rows_of(content: bytes) -> list[dict[str, Any]]:
    table = CsvFile().create_dataset(content)
    return [dict(zip(table.headers, row, strict=True)) for row in table]


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    names = list(rows[0])
    table = Table.of(names, [[row[name] for name in names] for row in rows], [], {})
    return CsvFile().export_data(table).encode()


def changed(**changes: Any) -> bytes:
    """Return the export of the only item with other cells."""
    rows = rows_of(exported(CsvFile))
    return as_csv([row | changes for row in rows])


def problems(outcomes: Outcomes) -> list[tuple[str, str]]:
    return [problem for report in outcomes.reports for problem in report.problems]


def verdicts(outcomes: Outcomes) -> list[str]:
    return [report.verdict.value for report in outcomes.reports]


class TestIdentity(TestCase):
    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(specs() | specs(texts=awkward), st.lists(FORMULAE, min_size=5, max_size=5))
    def test_what_is_exported_comes_back_unchanged(self, spec: ItemSpec, odd: list[str]) -> None:
        """Whatever the texts are, and also when they go into an empty bank."""
        stem, note, rationale, section, reason = odd
        options = {
            letter: option
            if letter == spec.answer
            else option.model_copy(update={"reason": reason + option.reason})
            for letter, option in spec.options.items()
        }
        reference = spec.references[0]
        spec = ItemSpec.model_validate(
            spec.model_copy(
                update={
                    "stem": stem + spec.stem,
                    "note": note + spec.note,
                    "rationale": rationale + spec.rationale,
                    "options": options,
                    "references": (
                        reference.model_copy(update={"section": section + reference.section}),
                    ),
                }
            ).model_dump()
        )
        make_source(spec.references[0].source)
        topic = make_topic()
        for file_format in IN.values():
            Question.objects.update(current=None)
            QuestionVersion.objects.all().delete()
            Question.objects.all().delete()
            save_item(spec, topic)
            content = exported(file_format)
            assert verdicts(imported(content, file_format, conflict="take")) == ["unchanged"]
            assert QuestionVersion.objects.count() == 1
            Question.objects.update(current=None)
            QuestionVersion.objects.all().delete()
            Question.objects.all().delete()
            assert verdicts(imported(content, file_format)) == ["new"]
            assert spec_of(Question.objects.get()) == spec
            assert exported(file_format) == content


def test_csv_escapes_what_a_spreadsheet_would_run() -> None:
    make_question(rationale="=cmd|' /C calc'!A0", blind_solves=[], status="draft")
    content = exported(CsvFile).decode()
    assert "'=cmd|' /C calc'!A0" in content
    assert ",=cmd" not in content
    assert rows_of(content.encode())[0]["rationale"] == "=cmd|' /C calc'!A0"


def test_a_published_item_with_its_solves_comes_back_unchanged() -> None:
    make_question()
    for file_format in FORMATS:
        assert verdicts(imported(exported(file_format), file_format)) == ["unchanged"]
    assert "blind_solves" not in exported(CsvFile).decode()
    assert json.loads(exported(JsonFile))[0]["blind_solves"][0]["solver"] == "reader-1"


def test_a_row_without_status_enters_as_a_draft() -> None:
    question = make_question(status="draft", blind_solves=[])
    by = make_user()
    for status in ("", None):
        row = rows_of(exported(CsvFile, Question.objects.filter(pk=question.pk)))[0]
        row |= {"key": "blank" if status == "" else "absent", "status": ""}
        if status is None:
            del row["status"]
        assert verdicts(imported(as_csv([row]), by=by)) == ["new"]
        fresh = Question.objects.get(key=row["key"])
        assert fresh.status == Status.DRAFT
        assert fresh.current is not None
        assert fresh.current.created_by == by


@pytest.mark.parametrize(
    ("conflict", "verdict", "versions"), [("keep", "left", 1), ("take", "changed", 2)]
)
def test_a_differing_row(conflict: str, verdict: str, versions: int) -> None:
    question = make_question(rationale="The old reason.", status="draft", blind_solves=[])
    outcomes = imported(changed(rationale="The new reason."), conflict=conflict)
    (report,) = outcomes.reports
    assert report.verdict == verdict
    assert [(c.column, c.old, c.new) for c in report.changes] == [
        ("rationale", "The old reason.", "The new reason.")
    ]
    assert ("new", "new ") in report.changes[0].words()
    assert question.versions.count() == versions
    first = question.versions.get(number=1)
    assert first.rationale == "The old reason."


def test_a_differing_row_is_refused_where_the_editor_asks_for_it() -> None:
    make_question(status="draft", blind_solves=[])
    outcomes = imported(changed(rationale="Other.", stem="Another?"), conflict="refuse")
    assert problems(outcomes) == [("key", "is here already and differs in stem, rationale.")]
    assert QuestionVersion.objects.count() == 1


def test_a_preview_saves_nothing() -> None:
    make_question(status="draft", blind_solves=[])
    rows = rows_of(changed(rationale="Other."))
    content = as_csv([*rows, rows[0] | {"key": "another"}])
    assert verdicts(imported(content, conflict="take", dry_run=True)) == ["changed", "new"]
    assert QuestionVersion.objects.count() == 1
    assert Question.objects.count() == 1


def test_a_reworded_public_item_is_not_published_by_its_row() -> None:
    question = make_question()
    outcomes = imported(changed(stem="Something else?"), conflict="take")
    assert problems(outcomes)[0] == (
        "status",
        "It has not been solved blind, with agreement, in its present wording.",
    )
    assert question.versions.count() == 1
    outcomes = imported(changed(stem="Something else?", status=""), conflict="take")
    assert verdicts(outcomes) == ["changed"]
    assert ("status", "published", "in_review") in [
        (c.column, c.old, c.new) for c in outcomes.reports[0].changes
    ]
    question.refresh_from_db()
    assert question.status == Status.IN_REVIEW


def test_a_better_reason_leaves_an_item_public() -> None:
    question = make_question()
    assert verdicts(imported(changed(rationale="Better."), conflict="take")) == ["changed"]
    question.refresh_from_db()
    assert question.status == Status.PUBLISHED


def test_only_a_publisher_publishes_by_a_row() -> None:
    question = make_question()
    Question.objects.update(status=Status.IN_REVIEW)
    content = changed(status="published")
    outcomes = imported(content, conflict="take", by=make_user(is_staff=True))
    assert problems(outcomes) == [("status", "You may not give this item the status “published”.")]
    publisher = make_user(is_staff=True, is_superuser=True)
    assert verdicts(imported(content, conflict="take", by=publisher)) == ["changed"]
    question.refresh_from_db()
    assert question.status == Status.PUBLISHED


def test_blind_solves_are_not_imported() -> None:
    question = make_question()
    (entry,) = json.loads(exported(JsonFile))
    entry["blind_solves"][0]["solver"] = "myself"
    outcomes = imported(json.dumps([entry]).encode(), JsonFile, conflict="take")
    assert problems(outcomes)[0][0] == "blind_solves"
    entry |= {"blind_solves": "x", "key": "fresh", "status": "published"}
    outcomes = imported(json.dumps([entry]).encode(), JsonFile, conflict="take")
    assert problems(outcomes)[0][0] == "blind_solves"
    assert question.blind_solves.get().solver == "reader-1"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"topic": "nowhere"}, ("topic", "there is no topic 'nowhere'.")),
        ({"references": "nobody | Section 1"}, ("references", "there is no source 'nobody'.")),
        ({"references": "a-source"}, ("references", "a-source: Write one a line:")),
        ({"references": "a-source | 1 | http://x.org | y"}, ("references", "a-source: Write")),
        ({"references": ""}, ("references", "")),
        ({"rule": "Not Plain"}, ("rule", "write lower-case letters, numbers and single hyphens.")),
        ({"a_error": "Not-Plain"}, ("a_error", "")),
        ({"difficulty": "often"}, ("difficulty", "write a whole number.")),
        ({"difficulty": "9" * 5_000}, ("difficulty", "write a whole number.")),
        ({"difficulty": "7"}, ("difficulty", "be less than or equal to 4")),
        ({"valid_from": "1/1/2026"}, ("valid_from", "write a date as 2026-12-31.")),
        ({"valid_to": "2020-01-01"}, ("valid_to", "is before valid_from")),
        ({"cpt_content": "perhaps"}, ("cpt_content", "write yes or no.")),
        ({"stem": " "}, ("stem", "is empty.")),
        ({"answer": "E"}, ("answer", "be 'A', 'B', 'C' or 'D'")),
        ({"a_text": ""}, ("a_text", "is empty.")),
        ({"a_reason": ""}, ("a_error", "a distractor needs its error and its reason")),
        ({"b_reason": "But why?"}, ("b_error", "the key has no error and no reason")),
        ({"a_codes": "nonsense-code"}, ("a_codes", "")),
        ({"status": "perfect"}, ("status", "be 'draft'")),
        ({"facts": "[1]"}, ("facts", "write them as in JSON")),
        ({"facts": "[" * 100_000}, ("facts", "write them as in JSON")),
        ({"key": ""}, ("key", "is empty.")),
        ({"key": "Upper Case"}, ("key", "write lower-case letters")),
    ],
)
def test_what_is_wrong_with_a_row(changes: dict[str, str], problem: tuple[str, str]) -> None:
    make_question(status="draft", blind_solves=[])
    outcomes = imported(changed(**changes), conflict="take")
    assert verdicts(outcomes) == ["refused"]
    columns = [column for column, _ in problems(outcomes)]
    assert problem[0] in columns
    said = next(message for column, message in problems(outcomes) if column == problem[0])
    assert problem[1] in said
    assert QuestionVersion.objects.count() == 1


def test_one_bad_row_leaves_the_good_ones() -> None:
    make_question(status="draft", blind_solves=[])
    row = rows_of(exported(CsvFile))[0]
    rows = [
        row | {"key": f"row-{n}", "topic": "nowhere" if n == 2 else row["topic"]} for n in range(4)
    ]
    outcomes = imported(as_csv(rows))
    assert verdicts(outcomes) == ["new", "new", "refused", "new"]
    # The names of the columns are row 1, as in a spreadsheet.
    assert outcomes.reports[2].number == 4
    assert Question.objects.count() == 4


def test_a_key_that_stands_twice_is_refused_in_both_rows() -> None:
    make_question(status="draft", blind_solves=[])
    row = rows_of(exported(CsvFile))[0] | {"key": "twice"}
    outcomes = imported(as_csv([row, row | {"key": "once"}, row]))
    assert verdicts(outcomes) == ["refused", "new", "refused"]
    assert problems(outcomes) == [
        ("key", "twice stands in row 4 as well."),
        ("key", "twice stands in row 2 as well."),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"PK\x03\x04rubbish", "spreadsheet"),
        (b"\xff\xfek\x00e\x00y\x00", "UTF-16"),
        (b"key,stem\nx,caf\xe9\n", "line 2"),
        (b"key\0,stem\n", "NUL"),
        (b"key,stem\n", "Missing columns: topic, rule"),
        (b"key,stem,colour\n", "Unknown columns: colour."),
        (b"key,,stem\n1,2,3\n", "Column 2 has no name"),
        (b"key,key\n", "The column key stands twice."),
        (b'key,stem\nx,"never closed\n', "double quote"),
        (b'key,stem\nx,"half"quoted\n', "double quote"),
        (b"key,stem\nx," + b"y" * 200_000 + b"\n", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, complaint: str) -> None:
    with pytest.raises(FileFault, match=complaint):
        imported(content)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{}", "must be a list"),
        (b"nonsense", "line 1, column 1"),
        (b"[" * 200_000, "too deeply"),
        (b"[" + b"9" * 5_000 + b"]", "no JSON"),
        (b"[]", "Missing columns"),
        (b"[1]", "Missing columns"),
        (b'[{"\\ud800": 1}]', "broken character"),
    ],
)
def test_json_that_is_no_table_says_why(content: bytes, complaint: str) -> None:
    with pytest.raises(FileFault, match=complaint):
        imported(content, JsonFile)


def test_too_many_rows_are_refused_before_any_is_looked_at() -> None:
    with pytest.raises(FileFault, match="more than 5,000 rows"):
        imported(b"key\n" + b"x\n" * 5_001)
    with pytest.raises(FileFault, match="more than 5,000 rows"):
        imported(json.dumps([{}] * 5_001).encode(), JsonFile)


def test_json_values_of_every_kind_are_read_or_refused() -> None:
    make_question(status="draft", blind_solves=[])
    (entry,) = json.loads(exported(JsonFile))
    numbers = entry | {"difficulty": 2, "code_year": 2026, "cpt_content": False}
    assert verdicts(imported(json.dumps([numbers]).encode(), JsonFile)) == ["unchanged"]
    nested = [entry | {"stem": ["x"]}, entry | {"key": {"a": 1}}, "no object"]
    outcomes = imported(json.dumps(nested).encode(), JsonFile)
    assert problems(outcomes) == [
        ("stem", "must be a text, a number or yes or no."),
        ("key", "must be a text, a number or yes or no."),
        ("", "is no object: write {…} with a name and a value for each column."),
    ]
    broken = [entry | {"stem": "\ud800"}, entry | {"key": "\0"}]
    outcomes = imported(json.dumps(broken).encode(), JsonFile)
    assert verdicts(outcomes) == ["refused", "refused"]


def test_semicolons_and_tabs_and_blank_lines_are_read() -> None:
    make_question(status="draft", blind_solves=[], stem="One; two?", rationale="Just so.")
    row = rows_of(exported(CsvFile))[0]
    for delimiter in ";\t":
        cells = [f'"{cell}"' for cell in row.values()]
        lines = [delimiter.join(row), "", delimiter.join(cells), delimiter * len(row)]
        outcomes = imported("\r\n".join(lines).encode())
        assert verdicts(outcomes) == ["unchanged"]
        assert outcomes.reports[0].number == 3


def test_a_row_with_too_many_cells_is_refused_by_its_number() -> None:
    make_question(status="draft", blind_solves=[])
    content = exported(CsvFile).decode().rstrip() + ",and more\r\n"
    outcomes = imported(content.encode())
    assert verdicts(outcomes) == ["refused"]
    assert "cells, but the first row names" in problems(outcomes)[0][1]


def test_unchanged_rows_cost_no_statement_each(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        make_question()
    content = exported(CsvFile)
    imported(content)
    # Topics with areas, sources, items, choices, solves; the rest are savepoints.
    with django_assert_num_queries(17) as few:
        imported(content)
    for _ in range(6):
        make_question()
    content = exported(CsvFile)
    with django_assert_num_queries(len(few) + 2 * 6):
        imported(content)
    assert verdicts(imported(content)) == [Verdict.UNCHANGED] * 9
