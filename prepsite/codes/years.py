"""Which year's codes count on a date. The two senses of a date are not the same.

An encounter is coded with the code set of its fiscal year, which begins on 1 October. An
exam asks for the code year of its calendar year: code year N means ICD-10-CM FY N, HCPCS N
and CPT N, from 1 January to 31 December N.
"""

from datetime import date

from prepsite.codes.models import CodeSet

OCTOBER = 10


def fiscal_year_of(encounter: date) -> int:
    """Return the ICD-10-CM fiscal year that codes an encounter of this day."""
    return encounter.year + 1 if encounter.month >= OCTOBER else encounter.year


def code_year_of(exam: date) -> int:
    """Return the code year that an exam of this day asks for."""
    return exam.year


def fiscal_year_days(year: int) -> tuple[date, date]:
    """Return the first and the last day of encounters that a fiscal year codes."""
    return date(year - 1, OCTOBER, 1), date(year, OCTOBER - 1, 30)


def code_year_days(year: int) -> tuple[date, date]:
    """Return the first and the last exam date of a code year."""
    return date(year, 1, 1), date(year, 12, 31)


def code_set_for_encounter(day: date) -> CodeSet | None:
    """Return the loaded ICD-10-CM set that codes an encounter of this day, or None."""
    return CodeSet.objects.filter(code_year=fiscal_year_of(day)).first()


def code_set_for_exam(day: date) -> CodeSet | None:
    """Return the loaded ICD-10-CM set that an exam of this day asks for, or None."""
    return CodeSet.objects.filter(code_year=code_year_of(day)).first()
