"""What a load of codes changed."""

from datetime import date

import pytest

from prepsite.codes import changes
from prepsite.codes.models import CodeChange, CodeSet, HcpcsCode, IcdEntry
from quizzes import codereviews
from tests.codes.test_validity import make_code_set, make_hcpcs
from tests.factories import at

pytestmark = pytest.mark.django_db
NOW = at("2026-10-01 12:00")
OCTOBER = date(2026, 10, 1)


def found() -> dict[tuple[str, str], CodeChange]:
    return {(change.code, change.kind): change for change in CodeChange.objects.all()}


def retitle(year: int, code: str, title: str) -> None:
    IcdEntry.objects.filter(code_set__code_year=year, code=code).update(title=title)


@pytest.fixture
def _two_years():
    make_code_set(2026, E11=False, E11__9=True, A00__0=True, B99__9=True, C84__1=True)
    make_code_set(2027, E11=False, E11__9=True, B99__9=False, B99__91=True, C84__1=True)
    retitle(2026, "C84.1", "Sézary disease")
    retitle(2027, "C84.1", "Sezary  Disease")


@pytest.mark.usefixtures("_two_years")
def test_codes_that_go_split_or_get_another_title_are_found():
    retitle(2027, "E11.9", "Another title")
    assert changes.record_icd10cm(2027, NOW) == 3
    gone, header, retitled = (
        found()[key] for key in (("A00.0", "gone"), ("B99.9", "header"), ("E11.9", "retitled"))
    )
    assert (gone.holds_from, gone.holds_to) == (date(2027, 1, 1), date(2027, 12, 31))
    assert gone.release == "ICD-10-CM FY 2027"
    assert str(gone) == "A00.0 no longer valid (A code)"
    assert str(header) == "B99.9 needs a longer code now (A code)"
    assert str(retitled) == "E11.9 has another title (A code; now “Another title”)"


@pytest.mark.usefixtures("_two_years")
def test_a_change_counts_for_the_exams_of_its_year_alone():
    changes.record_icd10cm(2027, NOW)
    gone = found()["A00.0", "gone"]
    assert not gone.counts_between(date(2026, 1, 1), date(2026, 12, 31))
    assert gone.counts_between(date(2026, 1, 1), date(2027, 1, 1))
    assert not gone.counts_between(date(2028, 1, 1), date(2099, 12, 31))


@pytest.mark.usefixtures("_two_years")
def test_a_second_load_keeps_what_is_still_so_and_drops_the_rest():
    changes.record_icd10cm(2027, NOW)
    before = found()
    retitle(2027, "E11.9", "Another title")
    IcdEntry.objects.filter(code_set__code_year=2027, code="B99.9").update(is_billable=True)
    assert changes.record_icd10cm(2027, at("2026-11-01 12:00")) == 2
    assert set(found()) == {("A00.0", "gone"), ("E11.9", "retitled")}
    assert found()["A00.0", "gone"].pk == before["A00.0", "gone"].pk
    assert found()["A00.0", "gone"].found_at == NOW


@pytest.mark.usefixtures("_two_years")
def test_a_year_loaded_late_is_held_against_the_year_after_it():
    CodeSet.objects.get(code_year=2026).delete()
    assert changes.record_icd10cm(2027, NOW) == 0
    make_code_set(2026, A00__0=True)
    assert changes.record_icd10cm(2026, NOW) == 1
    assert set(found()) == {("A00.0", "gone")}


def load_hcpcs(**values: object) -> int:
    """Change the rows of J0001 as a load would; return the number of changes."""
    before = changes.hcpcs_state()
    HcpcsCode.objects.filter(code="J0001").update(**values)
    return changes.record_hcpcs(before, OCTOBER, NOW)


def test_a_hcpcs_code_that_ends_counts_from_the_day_after():
    make_hcpcs("J0001", date(2020, 1, 1))
    assert load_hcpcs() == 0
    assert load_hcpcs(effective_to=date(2026, 12, 31)) == 1
    gone = found()["J0001", "gone"]
    assert (gone.holds_from, gone.holds_to) == (date(2027, 1, 1), None)
    assert not gone.counts_between(date(2026, 1, 1), date(2026, 12, 31))
    assert gone.counts_between(date(2026, 1, 1), date(2027, 6, 1))
    load_hcpcs(effective_to=None)
    assert found() == {}


def test_our_own_wording_may_change_and_the_official_title_may_not():
    make_hcpcs("J0001", date(2020, 1, 1))
    assert load_hcpcs(description="Said better") == 0
    HcpcsCode.objects.update(source="official", release=date(2026, 7, 1))
    assert load_hcpcs(description="Something else, 5 mg") == 1
    retitled = found()["J0001", "retitled"]
    assert (retitled.before, retitled.after) == ("Said better", "Something else, 5 mg")
    assert retitled.holds_from == OCTOBER


def test_a_code_that_left_the_shipped_table_is_gone_from_the_day_of_the_load():
    make_hcpcs("-XX", date(2020, 1, 1))
    before = changes.hcpcs_state()
    HcpcsCode.objects.all().delete()
    assert changes.record_hcpcs(before, OCTOBER, NOW) == 1
    assert found()["-XX", "gone"].holds_from == OCTOBER


def test_the_official_dates_count_where_both_sources_know_a_code():
    make_hcpcs("J0001", date(2020, 1, 1))
    before = changes.hcpcs_state()
    HcpcsCode.objects.create(
        source="official",
        code="J0001",
        is_modifier=False,
        section="Drugs",
        description="A drug",
        effective_from=date(2020, 1, 1),
        effective_to=date(2026, 9, 30),
        release=OCTOBER,
    )
    assert changes.record_hcpcs(before, OCTOBER, NOW) == 1
    assert found()["J0001", "gone"].holds_from == OCTOBER


def test_a_finder_is_registered_once():
    with pytest.raises(ValueError, match="registered its finder of codes already"):
        changes.register("quizzes", codereviews.look_through)
