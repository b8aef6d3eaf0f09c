"""The loader of ICD-10-CM, on the real package."""

from collections import Counter
from datetime import date

import pytest

from prepsite.codes.icd10cm import CODE_YEAR, load, read_entries, stored_entries
from prepsite.codes.models import CodeSet, IcdEntry, IcdNote
from prepsite.codes.tabular import Entry

CODE, BLOCK, CHAPTER = IcdEntry.Kind.CODE, IcdEntry.Kind.BLOCK, IcdEntry.Kind.CHAPTER


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """All entries of the package, read once."""
    return list(read_entries())


@pytest.mark.once
def test_the_package_holds_the_official_number_of_entries(entries):
    assert Counter(entry.kind for entry in entries) == {CODE: 98_186, BLOCK: 297, CHAPTER: 22}
    assert sum(entry.is_billable for entry in entries) == 74_719


@pytest.mark.once
def test_every_note_is_read(entries):
    notes = Counter(kind for entry in entries for kind, _ in entry.notes)
    kinds = IcdNote.Kind
    assert notes[kinds.EXCLUDES1] == 5_407
    assert notes[kinds.EXCLUDES2] == 2_520
    assert notes[kinds.INCLUSION_TERM] == 12_574
    assert notes[kinds.INCLUDES] == 1_024
    assert all(text.strip() for entry in entries for _, text in entry.notes)


@pytest.mark.once
def test_codes_are_unique_and_every_parent_comes_first(entries):
    seen: dict[str, IcdEntry.Kind] = {}
    parents = {CODE: {CODE, BLOCK}, BLOCK: {CHAPTER}}
    for entry in entries:
        assert entry.code not in seen
        if entry.kind == CHAPTER:
            assert entry.parent_code == ""
        else:
            assert seen[entry.parent_code] in parents[entry.kind]
        seen[entry.code] = entry.kind


@pytest.mark.once
def test_titles_are_clean(entries):
    for entry in entries:
        assert entry.title, entry.code
        assert entry.title == " ".join(entry.title.split()), entry.code
        assert not entry.title.endswith("/"), entry.code


@pytest.mark.once
def test_only_codes_without_children_are_billable(entries):
    parents = {entry.parent_code for entry in entries if entry.kind == CODE}
    for entry in entries:
        billable = entry.kind == CODE and entry.code not in parents
        assert entry.is_billable is billable, entry.code


@pytest.mark.once
def test_well_known_codes_are_what_they_are(entries):
    by_code = {entry.code: entry for entry in entries}
    assert by_code["E11.9"].title == "Type 2 diabetes mellitus without complications"
    assert by_code["E11.9"].is_billable
    assert not by_code["E11"].is_billable
    assert by_code["E11"].parent_code == "E08-E13"
    assert by_code["E08-E13"].parent_code == "4"
    assert "T/NK-cell" in by_code["C86"].title
    assert by_code["Z3A.20"].is_billable
    assert by_code["S52.521A"].parent_code == "S52.521"
    assert by_code["T36.0X1A"].parent_code == "T36.0X1"
    assert by_code["W08.XXXS"].title == "Fall from other furniture, sequela"
    assert by_code["W08.XXXS"].parent_code == "W08"


@pytest.mark.once
def test_who_died_unconscious_has_an_initial_encounter_only(entries):
    extended = {entry.code[-1] for entry in entries if entry.parent_code == "S06.1X7"}
    assert extended == {"A"}
    assert {entry.code[-1] for entry in entries if entry.parent_code == "S06.1X6"} == set("ADS")


@pytest.mark.once
def test_everything_fits_its_column(entries):
    for entry in entries:
        assert len(entry.code) <= 9
        assert len(entry.parent_code) <= 9
        assert len(entry.title) <= 400


@pytest.mark.once
@pytest.mark.django_db
def test_a_load_replaces_what_was_stored_of_its_year_and_nothing_else(entries):
    for year in (CODE_YEAR, CODE_YEAR - 1):
        code_set = CodeSet.objects.create(
            code_year=year,
            edition="draft",
            effective_from=date(year - 1, 10, 1),
            effective_to=date(year, 9, 30),
            source="test",
        )
        IcdEntry.objects.create(
            code_set=code_set, code="OLD", kind=CODE, title="Old", is_billable=True, position=1
        )
    assert load() == len(entries)
    stored = IcdEntry.objects.filter(code_set__code_year=CODE_YEAR).order_by("position")
    columns = ("code", "parent_code", "kind", "title", "is_billable")
    assert list(stored.values_list(*columns)) == [
        tuple(getattr(entry, name) for name in columns) for entry in entries
    ]
    assert stored_entries(CodeSet.objects.get(code_year=CODE_YEAR)) == entries
    assert IcdNote.objects.count() == sum(len(entry.notes) for entry in entries)
    assert IcdEntry.objects.filter(code_set__code_year=CODE_YEAR - 1).count() == 1
