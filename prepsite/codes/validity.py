"""Whether a code is valid on a date.

Dates are exam dates: code year N is CPT N, HCPCS N and ICD-10-CM FY N, and it lasts to
31 December N. So on any day of 2026 the ICD-10-CM of fiscal year 2026 counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from prepsite.codes.models import CodeSet, HcpcsCode, IcdEntry
from prepsite.codes.systems import CPT_MODIFIERS, CodeStatus, CodeSystem
from prepsite.codes.years import code_year_of


@dataclass(frozen=True)
class HcpcsSpan:
    """The first and the last valid day of a HCPCS code; None while no end is known."""

    effective_from: date
    effective_to: date | None


@dataclass(frozen=True)
class CodeBook:
    """The codes of all loaded years, in memory, so that many checks cost no statement.

    ``icd10cm`` maps a code year to its codes, each with its billable flag. ``hcpcs``
    holds codes and, with their leading hyphen, alphabetic modifiers.
    """

    icd10cm: Mapping[int, Mapping[str, bool]]
    hcpcs: Mapping[str, HcpcsSpan] = field(default_factory=dict)

    def check(self, code: str, system: CodeSystem, on: date) -> CodeStatus:
        """Return what is known of a code on an exam date.

        CPT codes are UNKNOWN, whatever their number: no list of them is stored.
        """
        if system is CodeSystem.ICD10CM:
            return self._check_icd10cm(code, on)
        if system is CodeSystem.CPT:
            return CodeStatus.UNKNOWN
        if code.lstrip("-") in CPT_MODIFIERS:
            return CodeStatus.BILLABLE
        span = self.hcpcs.get(code)
        if span is None or on < span.effective_from:
            return CodeStatus.UNKNOWN
        if span.effective_to and on > span.effective_to:
            return CodeStatus.TERMINATED
        return CodeStatus.BILLABLE

    def _check_icd10cm(self, code: str, on: date) -> CodeStatus:
        year = code_year_of(on)
        codes = self.icd10cm.get(year)
        if codes is None:
            return CodeStatus.NOT_LOADED
        if code in codes:
            return CodeStatus.BILLABLE if codes[code] else CodeStatus.VALID
        if any(code in self.icd10cm[earlier] for earlier in self.icd10cm if earlier < year):
            return CodeStatus.TERMINATED
        return CodeStatus.UNKNOWN


def book_from_database(codes: Iterable[str] | None = None) -> CodeBook:
    """Return the book of everything loaded, or of the given codes only. Three statements."""
    entries = IcdEntry.objects.filter(kind=IcdEntry.Kind.CODE)
    terms = HcpcsCode.objects.all()
    if codes is not None:
        wanted = set(codes)
        entries = entries.filter(code__in=wanted)
        terms = terms.filter(code__in={code.lstrip("-") for code in wanted})
    icd10cm: dict[int, dict[str, bool]] = {
        year: {} for year in CodeSet.objects.values_list("code_year", flat=True)
    }
    for year, code, is_billable in entries.values_list(
        "code_set__code_year", "code", "is_billable"
    ).order_by():
        icd10cm[year][code] = is_billable
    # Where both sources know a code, the official one comes last and counts.
    hcpcs = {
        term.written: HcpcsSpan(term.effective_from, term.effective_to)
        for term in terms.order_by("-source")
    }
    return CodeBook(icd10cm, hcpcs)


def check(code: str, system: CodeSystem, on: date) -> CodeStatus:
    """Return what the database knows of one code on an exam date."""
    return book_from_database([code]).check(code, system, on)
