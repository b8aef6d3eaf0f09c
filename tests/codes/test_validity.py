"""Whether a code is valid on an exam date."""

from datetime import date

import pytest

from prepsite.codes.models import CodeSet, HcpcsCode, IcdEntry
from prepsite.codes.systems import CodeStatus, CodeSystem
from prepsite.codes.validity import book_from_database, check

ICD, HCPCS, CPT, MODIFIER = (
    CodeSystem.ICD10CM,
    CodeSystem.HCPCS,
    CodeSystem.CPT,
    CodeSystem.MODIFIER,
)
pytestmark = pytest.mark.django_db


def make_code_set(year: int, **codes: bool) -> CodeSet:
    """Save a year's code set; ``E11__9=True`` is the billable code E11.9."""
    code_set = CodeSet.objects.create(
        code_year=year,
        edition="test",
        effective_from=date(year - 1, 10, 1),
        effective_to=date(year, 9, 30),
        source="test",
    )
    for position, (name, billable) in enumerate(codes.items()):
        IcdEntry.objects.create(
            code_set=code_set,
            code=name.replace("__", "."),
            kind=IcdEntry.Kind.CODE,
            title="A code",
            is_billable=billable,
            position=position,
        )
    IcdEntry.objects.create(
        code_set=code_set,
        code="4",
        kind=IcdEntry.Kind.CHAPTER,
        title="A chapter",
        is_billable=False,
        position=99,
    )
    return code_set


def make_hcpcs(code: str, start: date, end: date | None = None) -> None:
    """Save a HCPCS code, or with a leading hyphen a modifier."""
    HcpcsCode.objects.create(
        code=code.lstrip("-"),
        is_modifier=code.startswith("-"),
        section="Test",
        description="Something",
        effective_from=start,
        effective_to=end,
    )


@pytest.fixture
def _two_years():
    make_code_set(2026, E11=False, E11__9=True, A00__0=True, B99__9=True)
    make_code_set(2027, E11=False, E11__9=True, B99__9=False, B99__91=True)


@pytest.mark.usefixtures("_two_years")
@pytest.mark.parametrize(
    ("code", "on", "status"),
    [
        ("E11.9", date(2026, 1, 1), CodeStatus.BILLABLE),
        ("E11.9", date(2026, 12, 31), CodeStatus.BILLABLE),
        ("E11", date(2026, 6, 1), CodeStatus.VALID),
        ("E11.8", date(2026, 6, 1), CodeStatus.UNKNOWN),
        ("4", date(2026, 6, 1), CodeStatus.UNKNOWN),
        ("A00.0", date(2026, 12, 31), CodeStatus.BILLABLE),
        ("A00.0", date(2027, 1, 1), CodeStatus.TERMINATED),
        ("B99.9", date(2026, 12, 31), CodeStatus.BILLABLE),
        ("B99.9", date(2027, 1, 1), CodeStatus.VALID),
        ("B99.91", date(2026, 12, 31), CodeStatus.UNKNOWN),
        ("B99.91", date(2027, 1, 1), CodeStatus.BILLABLE),
        ("E11.9", date(2025, 12, 31), CodeStatus.NOT_LOADED),
        ("E11.9", date(2028, 1, 1), CodeStatus.NOT_LOADED),
        ("A00.0", date(2028, 1, 1), CodeStatus.NOT_LOADED),
    ],
)
def test_icd10cm_codes_follow_the_exams_calendar_year(code, on, status):
    assert check(code, ICD, on) is status


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2025, 12, 31), CodeStatus.UNKNOWN),
        (date(2026, 1, 1), CodeStatus.BILLABLE),
        (date(2026, 6, 30), CodeStatus.BILLABLE),
        (date(2026, 7, 1), CodeStatus.TERMINATED),
    ],
)
def test_hcpcs_codes_hold_from_their_first_to_their_last_day(on, status):
    make_hcpcs("J9999", date(2026, 1, 1), date(2026, 6, 30))
    make_hcpcs("-XX", date(2026, 1, 1), date(2026, 6, 30))
    assert check("J9999", HCPCS, on) is status
    assert check("-XX", MODIFIER, on) is status


def test_a_hcpcs_code_without_an_end_holds_on():
    make_hcpcs("J1885", date(1998, 1, 1))
    assert check("J1885", HCPCS, date(2099, 1, 1)) is CodeStatus.BILLABLE
    assert check("J1886", HCPCS, date(2099, 1, 1)) is CodeStatus.UNKNOWN


def test_a_modifier_and_a_code_are_told_apart():
    make_hcpcs("-LT", date(1990, 1, 1))
    assert check("-LT", MODIFIER, date(2026, 1, 1)) is CodeStatus.BILLABLE
    assert check("-ZZ", MODIFIER, date(2026, 1, 1)) is CodeStatus.UNKNOWN
    assert "LT" not in book_from_database().hcpcs


@pytest.mark.parametrize("code", ["99213", "00000", "0001A", "1036F"])
def test_no_cpt_code_is_ever_known(code):
    assert check(code, CPT, date(2026, 1, 1)) is CodeStatus.UNKNOWN


@pytest.mark.parametrize("code", ["-25", "-59", "-91", "-P3"])
def test_numeric_modifiers_are_known_without_any_table(code):
    assert check(code, MODIFIER, date(2026, 1, 1)) is CodeStatus.BILLABLE


@pytest.mark.parametrize("code", ["-00", "-98", "-P7", "-01"])
def test_other_numbers_are_no_modifiers(code):
    assert check(code, MODIFIER, date(2026, 1, 1)) is CodeStatus.UNKNOWN


@pytest.mark.usefixtures("_two_years")
def test_a_book_of_some_codes_answers_as_the_whole_one(django_assert_num_queries):
    make_hcpcs("J1885", date(1998, 1, 1))
    make_hcpcs("-LT", date(1998, 1, 1))
    with django_assert_num_queries(3):
        whole = book_from_database()
    names = {"E11.9": ICD, "A00.0": ICD, "J1885": HCPCS, "-LT": MODIFIER}
    with django_assert_num_queries(3):
        part = book_from_database(names)
    for code, system in names.items():
        for on in (date(2026, 5, 1), date(2027, 5, 1), date(2030, 5, 1)):
            assert part.check(code, system, on) is whole.check(code, system, on)
    assert set(part.icd10cm[2026]) == {"E11.9", "A00.0"}
