"""The order addenda: from one year's codes to the next's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepsite.codes import addenda, tabular
from prepsite.content.files import ContentError
from tests.codes.official import BASE, TABULAR, addenda_line, addenda_text, write_tabular

SPLIT = [
    addenda_line("Delete:", 1, "A000", "Mild gut fever"),
    addenda_line("Add:", 0, "A000", "Mild gut fever"),
    addenda_line("Add:", 1, "A0001", "Mild gut fever, left"),
    addenda_line("Add:", 1, "A0002", "Mild gut fever, right"),
]
SPLIT_AFTER = (BASE[0] + 1, BASE[1] + 1)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return tabular.read(write_tabular(tmp_path_factory.mktemp("base"))).entries


@pytest.fixture
def apply(base, tmp_path):
    """Apply lines of addenda to the base; return the next year's entries by code."""

    def run(*lines, before=BASE, after=BASE):
        path = tmp_path / "addenda.txt"
        path.write_bytes(addenda_text(lines, before, after).encode("cp1252"))
        changed = addenda.read(path)
        assert (changed.base_year, changed.year) == (2026, 2027)
        return {entry.code: entry for entry in addenda.apply(changed, base)}

    return run


def test_a_split_code_becomes_a_header_and_keeps_place_and_notes(apply, base):
    entries = apply(*SPLIT, after=SPLIT_AFTER)
    assert list(entries)[2:7] == ["A00", "A00.0", "A00.01", "A00.02", "A00.9"]
    assert not entries["A00.0"].is_billable
    assert entries["A00.01"].is_billable
    assert entries["A00.01"].parent_code == "A00.0"
    assert entries["A00.01"].title == "Mild gut fever, left"
    assert entries["A00"].notes == next(one.notes for one in base if one.code == "A00")
    assert entries["A00.01"].notes == []


def test_a_new_title_is_the_long_one(apply):
    entries = apply(
        addenda_line("Revise from:", 1, "A01", "Cold gut"),
        addenda_line("Revise to:", 1, "A01", "Chilled gut, wherever it is", "Cold gut"),
    )
    assert entries["A01"].title == "Chilled gut, wherever it is"


def test_a_new_category_stands_in_the_block_before_it(apply):
    entries = apply(
        addenda_line("Add:", 1, "A02", "Warm gut"),
        addenda_line("Delete:", 1, "B99", "Other T/NK infection"),
    )
    assert entries["A02"].parent_code == "A00-A01"
    assert "B99" not in entries
    assert list(entries)[5:8] == ["A01", "A02", "B99-B99"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([addenda_line("Add:", 1, "A01", "x")], "line 1, column 16: A01 is to be added and stands"),
        ([addenda_line("Delete:", 1, "A02", "x")], "A02 is to be changed and does not stand"),
        ([addenda_line("Delete:", 0, "A01", "x")], "A01 is billable in the list"),
        ([addenda_line("Revise to:", 1, "A00", "x")], "A00 is a header in the list"),
        ([addenda_line("Add:", 1, "Q01", "x")], "Q01 has no category or block"),
        ([addenda_line("Add:", 1, "A0201", "x")], "A02.01 has no category or block"),
        ([addenda_line("Add:", 1, "A0001", "x")], "A00.0 billable and has longer codes"),
        ([addenda_line("Add:", 0, "A008", "x")], "A00.8 a header without longer codes"),
        ([addenda_line("Delete:", 0, "A00", "x")], "whose category is deleted"),
        ([addenda_line("Add:", 1, "A008", "x")], "FY 2027 has 9 headers and 13 codes there"),
        ([addenda_line("Add:", 2, "A008", "x")], "line 1, column 14: '2' is neither 0 nor 1"),
        ([addenda_line("Add:", 1, "A0", "x")], "line 1, column 16: 'A0' has the shape of no"),
        ([addenda_line("Add:", 1, "A008", "x")[:80]], "line 1, column 85: the title needs"),
        (["", "Remove:      1 A008"], "line 2, column 1: 'Remove:      ' is no change"),
    ],
)
def test_a_line_that_does_not_fit_is_named(apply, lines, message):
    with pytest.raises(ContentError) as caught:
        apply(*lines)
    assert message in str(caught.value)


def test_another_base_than_the_files_own_is_refused(apply):
    with pytest.raises(ContentError, match="FY 2026 has 8 headers and 13 codes there, and 9 and"):
        apply(before=(8, 13))


def test_a_file_without_its_totals_is_refused(tmp_path):
    path = tmp_path / "addenda.txt"
    path.write_text("\n".join(SPLIT))
    with pytest.raises(ContentError, match="must end with the numbers of headers and codes"):
        addenda.read(path)


codes = st.text("0123456789AB", min_size=1, max_size=2).map(lambda end: f"A01{end}")


@given(st.sets(codes, min_size=1, max_size=8), st.randoms())
def test_whatever_is_added_below_a_code_stands_there_in_order(tmp_path_factory, added, chance):
    new = sorted(added | {code[:4] for code in added})
    headers = [code for code in new if any(one != code and one.startswith(code) for one in new)]
    lines = [addenda_line("Add:", int(code not in headers), code, f"Title {code}") for code in new]
    chance.shuffle(lines)
    lines[:0] = [
        addenda_line("Delete:", 1, "A01", "Cold gut"),
        addenda_line("Add:", 0, "A01", "Cold gut"),
    ]
    after = (BASE[0] + 1 + len(headers), BASE[1] - 1 + len(new) - len(headers))
    folder = tmp_path_factory.mktemp("addenda")
    base = tabular.read(write_tabular(folder, TABULAR)).entries
    path = folder / "addenda.txt"
    path.write_text(addenda_text(lines, BASE, after))
    result = [entry.code for entry in addenda.apply(addenda.read(path), base)]
    place = result.index("A01")
    assert result[place + 1 : place + 1 + len(new)] == [f"A01.{code[3:]}" for code in new]
    assert len(result) == len(base) + len(new)
