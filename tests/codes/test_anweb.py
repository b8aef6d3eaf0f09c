"""CMS's quarterly HCPCS file: what is read of it, what is left out, what is refused."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepsite.codes import anweb, hcpcs
from prepsite.codes.models import HcpcsCode
from prepsite.content.files import ContentError
from tests.codes.official import anweb_line, write_anweb

OCTOBER = date(2026, 10, 1)
GOOD = anweb_line("J1885", "Injection of something, per 15 mg")


def read(folder, *lines, **options):
    """Return the rows of a file by their written code."""
    release = anweb.read(write_anweb(folder, *lines), **options)
    return {row.written: row for row in release.rows}


def test_codes_and_modifiers_are_read_with_their_continuations(tmp_path):
    rows = read(
        tmp_path,
        anweb_line("A0425", "Ground mileage, per", added="20010101"),
        anweb_line("A0425", "statute mile – once", "4"),
        anweb_line("LT", "Left side, used to", "7", added="", effective="19840101"),
        anweb_line("LT", "name a side", "8"),
        anweb_line("J0171", "Gone drug", ends="20261231"),
    )
    assert rows["A0425"].description == "Ground mileage, per statute mile – once"
    assert rows["A0425"].effective_from == date(2001, 1, 1)
    assert rows["A0425"].release == OCTOBER
    assert rows["-LT"].description == "Left side, used to name a side"
    assert rows["-LT"].effective_from == date(1984, 1, 1)
    assert rows["J0171"].effective_to == date(2026, 12, 31)
    assert {row.source for row in rows.values()} == {"official"}


def test_what_belongs_to_others_is_left_out(tmp_path):
    path = write_anweb(
        tmp_path,
        GOOD,
        anweb_line("D0120", "A dental text"),
        anweb_line("D0120", "goes on", "4"),
        anweb_line("99213", "A CPT text"),
        anweb_line("0001A", "A CPT text"),
        anweb_line("P3", "A CPT text", "7"),
        anweb_line("25", "A CPT text", "7"),
        "\x1a",
    )
    release = anweb.read(path)
    assert [row.code for row in release.rows] == ["J1885"]
    assert release.left_out == 5


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (anweb_line("J1886", "x", "9"), "line 2, column 11: '9' is no record type"),
        (anweb_line("X1886", "x"), "line 2, column 1: 'X1886' is no hcpcs code"),
        (anweb_line("J188", "x"), "line 2, column 1: 'J188' is no hcpcs code"),
        (anweb_line("ABC", "x", "7"), "line 2, column 1: 'ABC' is no modifier code"),
        (anweb_line("J1886", "x", "4"), "line 2, column 1: 'J1886' continues nothing"),
        (GOOD, "line 2, column 1: J1885 stands twice"),
        (anweb_line("J1886", ""), "line 2, column 12: J1886 has no description"),
        (anweb_line("J1886", "x", added="", effective=""), "column 269: J1886 has no date"),
        (anweb_line("J1886", "x", added="20261332"), "column 269: '20261332' is no date"),
        (anweb_line("J1886", "x", ends="20250101"), "column 285: J1886 ends before it begins"),
    ],
)
def test_a_wrong_line_is_named_with_its_column(tmp_path, line, place):
    with pytest.raises(ContentError) as caught:
        read(tmp_path, GOOD, line)
    assert place in str(caught.value)


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(ContentError, match="holds no HCPCS codes"):
        read(tmp_path)


@given(st.binary(max_size=400))
def test_damage_is_refused_and_never_crashes(tmp_path_factory, damage):
    path = tmp_path_factory.mktemp("anweb") / "HCPC2026_OCT_ANWEB.txt"
    path.write_bytes(GOOD.encode()[:-3] + damage)
    with suppress(ContentError):
        assert anweb.read(path).rows


def test_the_file_is_found_in_its_folder_among_others(tmp_path):
    wanted = write_anweb(tmp_path, GOOD, name="hcpc2026_oct_anweb_v2.TXT")
    for other in (
        "HCPC2026_OCT_ANWEB_Corrections.txt",
        "HCPC2026_OCT_ANWEB_Transaction Report.txt",
        "HCPC2026_OCT_ANWEB.xlsx",
        "readme.txt",
    ):
        (tmp_path / other).write_text("x")
    assert anweb.find(tmp_path) == wanted
    assert anweb.starts_of(wanted) == OCTOBER
    write_anweb(tmp_path, GOOD)
    with pytest.raises(ContentError, match=r"must hold one file .*found: HCPC2026"):
        anweb.find(tmp_path)


def test_a_name_without_its_quarter_needs_the_date(tmp_path):
    path = write_anweb(tmp_path, GOOD, name="codes.txt")
    with pytest.raises(ContentError, match="say it with --release"):
        anweb.read(path)
    assert anweb.read(path, date(2026, 7, 1)).starts == date(2026, 7, 1)


def load(folder, *lines, starts=OCTOBER, **options):
    """Load a file of these lines."""
    return anweb.load(anweb.read(write_anweb(folder, *lines), starts), **options)


@pytest.mark.django_db
def test_official_and_shipped_rows_leave_each_other_alone(tmp_path):
    shipped = hcpcs.load()
    ours = HcpcsCode.objects.get(code="J1885", source="shipped").description
    assert load(tmp_path, GOOD) == 1
    assert HcpcsCode.objects.filter(source="shipped").count() == shipped
    hcpcs.load()
    texts = dict(HcpcsCode.objects.filter(code="J1885").values_list("source", "description"))
    assert texts == {"shipped": ours, "official": "Injection of something, per 15 mg"}


@pytest.mark.django_db
def test_a_code_that_left_the_file_ends_the_day_before_and_stays(tmp_path):
    gone = anweb_line("J0001", "Drug that will go")
    other = anweb_line("J0002", "Another drug")
    load(tmp_path, GOOD, other, gone, starts=date(2026, 7, 1))
    load(tmp_path, GOOD, other)
    assert HcpcsCode.objects.get(code="J0001").effective_to == date(2026, 9, 30)
    assert HcpcsCode.objects.get(code="J1885").effective_to is None
    load(tmp_path, GOOD, other, gone)
    assert HcpcsCode.objects.get(code="J0001").effective_to is None


@pytest.mark.django_db
def test_an_older_quarter_and_a_stump_need_force(tmp_path):
    lines = [anweb_line(f"J000{n}", f"Drug {n}") for n in range(4)]
    load(tmp_path, *lines)
    with pytest.raises(ContentError, match="The quarter from 2026-10-01 is loaded"):
        load(tmp_path, *lines, starts=date(2026, 7, 1))
    with pytest.raises(ContentError, match="half the loaded codes or fewer"):
        load(tmp_path, *lines[:2], starts=date(2027, 1, 1))
    assert HcpcsCode.objects.filter(effective_to=None, release=OCTOBER).count() == 4
    assert load(tmp_path, *lines[:2], starts=date(2027, 1, 1), force=True) == 2
