"""The command that loads the code sets."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from prepsite.codes import hcpcs, icd10cm
from prepsite.codes.icd10cm import Entry
from prepsite.codes.models import HcpcsCode, IcdEntry

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
    with django_assert_num_queries(2):
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
