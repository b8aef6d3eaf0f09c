"""The command that loads the code sets."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from prepsite.codes import hcpcs, icd10cm
from prepsite.codes.models import CodeChange, CodeSet, HcpcsCode, IcdEntry, IcdNote
from prepsite.codes.tabular import Entry
from tests.codes.official import (
    BASE,
    TABULAR,
    addenda_line,
    addenda_text,
    anweb_line,
    write_anweb,
    write_tabular,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_book(monkeypatch):
    """Two entries stand for the 98,505 of the package; another test reads those."""
    kinds = IcdEntry.Kind
    small = [
        Entry("1", "", kinds.CHAPTER, "A chapter", is_billable=False),
        Entry("A00.0", "1", kinds.CODE, "A code", is_billable=True),
    ]
    monkeypatch.setattr(icd10cm, "read_entries", lambda: iter(small))


def load(**options: object) -> str:
    """Run the command and return what it printed."""
    out = StringIO()
    call_command("load_codes", stdout=out, **options)
    return out.getvalue()


def test_the_first_load_says_what_it_loaded():
    printed = load()
    assert "2 entries" in printed
    assert f"{HcpcsCode.objects.count():,} codes and modifiers" in printed
    assert IcdEntry.objects.count() == 2


def test_the_second_load_does_nothing(django_assert_num_queries):
    load()
    before = list(IcdEntry.objects.values_list("pk", flat=True))
    with django_assert_num_queries(3):
        assert load() == ""
    assert list(IcdEntry.objects.values_list("pk", flat=True)) == before


def test_force_loads_again():
    load()
    IcdEntry.objects.all().delete()
    assert "2 entries" in load(force=True)
    assert IcdEntry.objects.count() == 2


def test_a_changed_table_is_loaded_and_nothing_else(monkeypatch, tmp_path):
    load()
    table = tmp_path / "hcpcs.csv"
    table.write_text(
        "code,section,description,effective_from,effective_to\nJ0001,Drugs,New,2026-01-01,\n"
    )
    monkeypatch.setattr(hcpcs, "TABLE", table)
    monkeypatch.setattr(hcpcs.read_table, "__defaults__", (table,))
    printed = load()
    assert "entries" not in printed
    assert "1 codes and modifiers" in printed
    assert HcpcsCode.objects.get().effective_from == date(2026, 1, 1)


def test_a_broken_table_is_said_in_one_line_and_keeps_what_was_loaded(monkeypatch, tmp_path):
    load()
    rows = HcpcsCode.objects.count()
    table = tmp_path / "hcpcs.csv"
    table.write_text("code,section,description,effective_from,effective_to\nJ0001,,,,\n")
    monkeypatch.setattr(hcpcs, "TABLE", table)
    monkeypatch.setattr(hcpcs.read_table, "__defaults__", (table,))
    with pytest.raises(CommandError, match="line 2, section"):
        load()
    assert HcpcsCode.objects.count() == rows


def small_years(tmp_path) -> None:
    """Load a small FY 2026 from a tabular list."""
    printed = load(icd_tabular=write_tabular(tmp_path), edition="for tests")
    assert "ICD-10-CM FY 2026 (for tests): 22 categories and codes, 13 billable" in printed


def write_addenda(tmp_path, *lines: str, after: tuple[int, int] = BASE) -> Path:
    path = tmp_path / "addenda.txt"
    path.write_text(addenda_text(lines, BASE, after))
    return path


def test_addenda_make_the_next_year_beside_the_base_year(tmp_path):
    small_years(tmp_path)
    lines = [
        addenda_line("Delete:", 1, "A000", "Mild gut fever"),
        addenda_line("Add:", 1, "A008", "Other gut fever"),
    ]
    printed = load(icd_addenda=write_addenda(tmp_path, *lines))
    assert "22 categories and codes, 13 billable" in printed
    assert "1 codes changed since the release before" in printed
    derived = CodeSet.objects.get(code_year=2027)
    assert derived.edition == "FY 2026 and order addenda; notes still of FY 2026"
    assert derived.notes_year == 2026
    assert (derived.effective_from, derived.effective_to) == (date(2026, 10, 1), date(2027, 9, 30))
    notes = IcdNote.objects.order_by("code", "kind", "position")
    assert list(notes.filter(code_set=derived).values_list("code", "text")) == list(
        notes.exclude(code_set=derived).values_list("code", "text")
    )
    assert CodeChange.objects.get().code == "A00.0"


def test_addenda_without_their_base_year_are_refused(tmp_path):
    with pytest.raises(CommandError, match="starts from FY 2026: load that first"):
        load(icd_addenda=write_addenda(tmp_path))


def test_addenda_do_not_replace_a_year_with_its_own_notes(tmp_path):
    small_years(tmp_path)
    later = TABULAR.replace("<version>2026", "<version>2027")
    load(icd_tabular=write_tabular(tmp_path, later))
    with pytest.raises(CommandError, match="loaded with its own notes; --force replaces it"):
        load(icd_addenda=write_addenda(tmp_path))
    assert CodeSet.objects.get(code_year=2027).notes_year is None
    load(icd_addenda=write_addenda(tmp_path), force=True)
    assert CodeSet.objects.get(code_year=2027).notes_year == 2026


def test_a_file_that_does_not_fit_changes_nothing(tmp_path):
    small_years(tmp_path)
    before = list(CodeSet.objects.values()), list(IcdEntry.objects.values())
    lines = [addenda_line("Delete:", 1, "Z99", "Nothing")]
    with pytest.raises(CommandError, match="line 1, column 16: Z99"):
        load(icd_addenda=write_addenda(tmp_path, *lines))
    with pytest.raises(CommandError, match="is no XML"):
        load(icd_tabular=write_tabular(tmp_path, TABULAR[:900]))
    with pytest.raises(CommandError, match="is no record type"):
        load(hcpcs=write_anweb(tmp_path, "nonsense"))
    assert before == (list(CodeSet.objects.values()), list(IcdEntry.objects.values()))


def test_a_quarter_of_hcpcs_is_loaded_from_its_folder(tmp_path):
    load()
    write_anweb(tmp_path, anweb_line("J1885", "Official"), anweb_line("D0120", "Dental"))
    printed = load(hcpcs=tmp_path)
    assert "HCPCS Level II from 2026-10-01: 1 official codes and modifiers, 1 of other" in printed
    assert HcpcsCode.objects.filter(code="J1885").count() == 2


def test_what_ships_does_not_replace_an_official_list_of_its_year(tmp_path):
    small_years(tmp_path)
    assert "ICD-10-CM FY 2026 (for tests) from icd10cm_tabular_2026.xml stays" in load()
    assert CodeSet.objects.get().edition == "for tests"
    assert "2 entries" in load(force=True)
    assert CodeSet.objects.get().edition == icd10cm.EDITION


def test_one_official_file_at_a_time(tmp_path):
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("load_codes", "--hcpcs", "a", "--icd-tabular", "b")
