"""Notes of the tabular list as rules: what they name, and for which codes they hold."""

from typing import Any

import pytest

from prepsite.codes.models import CodeSet, IcdEntry, IcdNote
from prepsite.codes.notes import NoteBook, levels, notebook_of, notebooks_from_database, spans_in
from prepsite.codes.tabular import Entry

EXCLUDES1, CODE_FIRST = IcdNote.Kind.EXCLUDES1, IcdNote.Kind.CODE_FIRST


def entry(code: str, parent: str = "", *notes: tuple[IcdNote.Kind, str]) -> Entry:
    kind = IcdEntry.Kind.CODE
    if "-" in code or code.isdigit():
        kind = IcdEntry.Kind.BLOCK if "-" in code else IcdEntry.Kind.CHAPTER
    return Entry(code, parent, kind, f"Title of {code}", len(code) > 4, list(notes))


ENTRIES = [
    entry("11"),
    entry("K70-K77", "11", (EXCLUDES1, "jaundice NOS (R17)")),
    entry("K70", "K70-K77"),
    entry("K70.3", "K70"),
    entry("K70.31", "K70.3"),
    entry("18"),
    entry("R10-R19", "18"),
    entry("R17", "R10-R19"),
    entry("R18", "R10-R19", (EXCLUDES1, "ascites in alcoholic cirrhosis (K70.31)")),
    entry("R18.8", "R18"),
    entry("D63", "18"),
    entry("D63.0", "D63", (CODE_FIRST, "neoplasm (C00-D49)")),
]


@pytest.mark.parametrize(
    ("note", "named", "not_named"),
    [
        ("one (K70.31)", ["K70.31"], ["K70.30", "K70.3"]),
        ("all below (K70.3-)", ["K70.3", "K70.31"], ["K70.40"]),
        ("a category (S00.-)", ["S00.01XA"], ["S01.01XA"]),
        ("a range (A00-B99)", ["A00.0", "B99.9", "A54.01"], ["C00.0", "Z00.0"]),
        ("letters (C4A-C50)", ["C4A.0", "C50.911"], ["C49.9"]),
        ("several (F03.-, G30.9)", ["F03.90", "G30.9"], ["G30.8"]),
        (
            "poisoning (T36-T50 with fifth or sixth character 1-4)",
            ["T46.4X1A", "T40.2X4D", "T36.91XA"],
            ["T46.4X5A", "T51.0X1A"],
        ),
        ("open (S02.- with 7th character B)", ["S02.0XXB"], ["S02.0XXA"]),
        ("(I69. with final characters -23)", ["I69.323"], ["I69.320"]),
        ("cataract (E08-E13 with .36)", ["E11.36"], ["E11.37", "E11.9"]),
        ("loss (E08-E13 with .51-.52)", ["E11.51", "E10.52"], ["E11.59"]),
        # A condition that is not understood names nothing.
        ("(S52.- with open fracture 7th character)", [], ["S52.501B"]),
        ("deficiency (G6PD) and disease (CKD)", [], ["G60.0"]),
        ("no code in parentheses", [], ["A00.0"]),
    ],
)
def test_the_codes_that_a_note_names(note: str, named: list[str], not_named: list[str]) -> None:
    spans = spans_in(note)
    assert [code for code in named if not any(code in span for span in spans)] == []
    assert [code for code in not_named if any(code in span for span in spans)] == []


def test_the_levels_above_a_code() -> None:
    assert levels("T46.4X5A") == ["T46.4X5A", "T46.4X5", "T46.4X", "T46.4", "T46"]
    assert levels("I10") == ["I10"]


def check_rules(notebook: NoteBook) -> None:
    """Assert what the notes of ENTRIES say, however they were read."""
    note = notebook.excludes1("K70.31", "R18.8")
    assert note is not None
    assert note.code == "R18"
    assert notebook.excludes1("R18.8", "K70.31") == note
    # The block's note holds for the codes under it.
    assert notebook.excludes1("K70.31", "R17") is not None
    assert notebook.excludes1("D63.0", "R18.8") is None
    assert notebook.goes_behind("D63.0", "C18.7") is not None
    assert notebook.goes_behind("D63.0", "E11.9") is None
    assert notebook.goes_behind("C18.7", "D63.0") is None
    assert notebook.code_first("D63.0") is not None
    assert notebook.code_first("K70.31") is None
    assert notebook.titles["K70.31"] == "Title of K70.31"


def test_notes_read_from_a_whole_list() -> None:
    check_rules(notebook_of(ENTRIES))


@pytest.mark.django_db
def test_notes_read_from_the_database(django_assert_num_queries: Any) -> None:
    code_set = CodeSet.objects.create(
        code_year=2026,
        edition="2026",
        effective_from="2025-10-01",
        effective_to="2026-09-30",
        source="test",
    )
    for position, one in enumerate(ENTRIES):
        IcdEntry.objects.create(
            code_set=code_set,
            code=one.code,
            parent_code=one.parent_code,
            kind=one.kind,
            title=one.title,
            is_billable=one.is_billable,
            position=position,
        )
        for place, (kind, text) in enumerate(one.notes):
            IcdNote.objects.create(
                code_set=code_set, code=one.code, kind=kind, text=text, position=place
            )
    with django_assert_num_queries(3):
        notebooks = notebooks_from_database(["K70.31", "R18.8", "R17", "D63.0", "C18.7", "E11.9"])
    check_rules(notebooks[2026])
