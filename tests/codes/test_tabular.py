"""The reader of the official tabular list."""

import pytest

from prepsite.codes import sources, tabular
from prepsite.codes.models import IcdNote
from prepsite.content.files import ContentError
from tests.codes.official import BASE, TABULAR, write_tabular

KINDS = IcdNote.Kind


@pytest.fixture
def entries(tmp_path):
    return {entry.code: entry for entry in tabular.read(write_tabular(tmp_path)).entries}


def test_entries_stand_in_order_with_their_parents(entries):
    assert list(entries)[:6] == ["1", "A00-A01", "A00", "A00.0", "A00.9", "A01"]
    assert entries["A00-A01"].parent_code == "1"
    assert entries["A00"].parent_code == "A00-A01"
    assert entries["B99-B99"].title == "Other (B99)"
    assert entries["B99"].title == "Other T/NK infection"


def test_what_has_no_longer_code_is_billable(entries):
    billable = {code for code, entry in entries.items() if entry.is_billable}
    assert {"A00.0", "A01", "B99", "S06.1XXA"} <= billable
    assert not billable & {"1", "A00-A01", "B99-B99", "A00", "S06.1", "S07"}
    codes = [entry for entry in entries.values() if entry.kind == "code"]
    assert (len(codes) - len(billable), len(billable)) == BASE


def test_the_7th_character_stands_seventh(entries):
    assert entries["S07.XXXA"].title == "Squeeze, initial encounter"
    assert entries["S07.XXXA"].parent_code == "S07"
    assert entries["S06.1XXD"].title == "Bump, subsequent encounter"
    assert entries["S06.0X9S"].parent_code == "S06.0X9"


def test_an_exception_to_the_7th_characters_is_kept(entries):
    for code in ("S06.0X7", "S06.0X8"):
        assert {one[-1] for one, entry in entries.items() if entry.parent_code == code} == {"A"}


def test_notes_keep_their_kind_and_order(entries):
    assert entries["A00"].notes == [
        (KINDS.INCLUSION_TERM, "Feverish gut"),
        (KINDS.INCLUSION_TERM, "Hot gut"),
        (KINDS.EXCLUDES1, "cold gut (A01)"),
        (KINDS.CODE_FIRST, "the cause, such as:\nbad fish (T61.-)"),
    ]
    assert entries["1"].notes == [(KINDS.EXCLUDES2, "something else (Z00)")]
    assert (KINDS.SEVENTH_CHARACTER, "A: initial encounter / first visit") in entries["S06"].notes
    assert entries["S06.1XXA"].title == "Bump, initial encounter"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("</ICD10CM.tabular>", "</x>", ": is no XML"),
        ("ICD10CM.tabular>", "ICD10CM.index>", "begins with <ICD10CM.index>"),
        ("<version>2026</version>", "<version>new</version>", "'new', not a year"),
        ("<version>2026</version>", "", "'', not a year"),
        ("<name>A00.0</name>", "<name>A000</name>", "'A000' has the shape of no ICD-10-CM code"),
        ("<name>A00.0</name>", "<name>A00.9</name>", "A00.9 stands twice"),
        ("<name>A00.0</name>", "", "<diag> an element has no <name>"),
        ("<desc>Cold gut</desc>", "<desc> </desc>", "<diag> A01 has no <desc>"),
        ("<desc>Cold gut</desc>", f"<desc>{'x' * 401}</desc>", "A01 needs a <desc> of 1 to 400"),
    ],
)
def test_a_wrong_file_is_refused_by_place(tmp_path, old, new, message):
    assert old in TABULAR
    with pytest.raises(ContentError) as caught:
        tabular.read(write_tabular(tmp_path, TABULAR.replace(old, new)))
    assert message in str(caught.value)


def test_a_list_without_codes_is_refused(tmp_path):
    text = "<ICD10CM.tabular><version>2026</version></ICD10CM.tabular>"
    with pytest.raises(ContentError, match="holds no codes"):
        tabular.read(write_tabular(tmp_path, text))


def test_what_is_no_text_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "file"
    with pytest.raises(ContentError, match="No such file"):
        sources.read_text(path, "utf-8")
    path.write_bytes(b"one\ntwo\0")
    with pytest.raises(ContentError, match="line 2: is binary"):
        sources.read_text(path, "utf-8")
    path.write_bytes("one\ntw\xf6".encode("cp1252"))
    with pytest.raises(ContentError, match="line 2: is not utf-8"):
        sources.read_text(path, "utf-8")
    assert sources.read_text(path, "cp1252") == "one\ntwö"
    with pytest.raises(ContentError, match="Is a directory"):
        sources.read_text(tmp_path, "utf-8")
    monkeypatch.setattr(sources, "MAX_BYTES", 3)
    with pytest.raises(ContentError, match="7 bytes are too many"):
        sources.read_text(path, "cp1252")
