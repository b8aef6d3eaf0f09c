"""From rows to the estimator's inputs, in two statements."""

from collections.abc import Iterable
from fractions import Fraction

from careers import models
from careers.amounts import Unit
from careers.estimator.orders import Step
from careers.estimator.payrows import PayRows
from careers.estimator.tables import AreaPay, Attribute, Inputs, PayRow, PayTable
from careers.models.pay import Statistic
from careers.oews.latest import read_release
from careers.states.figures import named


def read_inputs(steps: Iterable[models.CredentialStep]) -> Inputs | None:
    """Return what estimates draw on; None without the guide's median or national wages.

    ``steps`` are the order of the certifications, with these.
    """
    rows = PayRows()
    salaries = [row for row in rows.of(models.SalaryFigure) if row.in_overview]
    baseline = next(
        (row for row in salaries if row.statistic == Statistic.MEDIAN and _is_yearly(row)), None
    )
    release = read_release()
    if baseline is None or release is None or release.nation is None:
        return None
    areas = {slug: _area_pay(wage) for slug, wage in release.by_area.items()}
    nation = areas.pop(models.NATION)
    return Inputs(
        _pay_row(baseline, str(baseline)),
        nation,
        dict(sorted(areas.items(), key=lambda item: item[1].name)),
        {
            Attribute.CERTIFICATION: _certifications(rows, steps),
            Attribute.SPECIALTY: _specialties(rows),
            Attribute.EXPERIENCE: _experience(salaries),
        },
    )


def _is_yearly(row: models.Figure) -> bool:
    """Tell whether a row can be set in relation to another: nothing is made of zero."""
    return row.unit == Unit.USD_YEAR and row.low > 0


def _pay_row(row: models.Figure, label: str, remark: str = "") -> PayRow:
    low = Fraction(row.low)
    return PayRow(
        row.slug,
        label,
        low,
        low if row.high is None else Fraction(row.high),
        row.open_ended,
        row.amount,
        remark,
        row.provenance,
    )


def _certifications(rows: PayRows, steps: Iterable[models.CredentialStep]) -> PayTable:
    return PayTable(
        {
            row.slug: _pay_row(row, row.status, row.job_access)
            for row in rows.of(models.CertificationPay)
            if _is_yearly(row)
        },
        frozenset((step.lower.slug, step.higher.slug) for step in steps),
    )


def _specialties(rows: PayRows) -> PayTable:
    specialties = [row for row in rows.of(models.SpecialtyPay) if _is_yearly(row)]
    return PayTable(
        {row.slug: _pay_row(row, row.specialty, row.certification) for row in specialties},
        frozenset(
            (general.slug, special.slug)
            for general in specialties
            for special in specialties
            if general.is_general and not special.is_general
        ),
    )


def _experience(salaries: Iterable[models.SalaryFigure]) -> PayTable:
    """Return the bands of years; one ranks above another that starts and ends no later."""
    bands = [row for row in salaries if row.years_from is not None and _is_yearly(row)]
    return PayTable(
        {row.slug: _pay_row(row, str(row)) for row in bands},
        frozenset(_steps_of_years(bands)),
    )


def _steps_of_years(bands: Iterable[models.SalaryFigure]) -> Iterable[Step]:
    spans = {
        row.slug: (row.years_from or 0, float("inf") if row.years_to is None else row.years_to)
        for row in bands
    }
    return (
        (lower, higher)
        for lower, (start, end) in spans.items()
        for higher, (later_start, later_end) in spans.items()
        if (start, end) != (later_start, later_end) and start <= later_start and end <= later_end
    )


def _area_pay(wage: models.Wage) -> AreaPay:
    return AreaPay(
        wage.area.slug,
        wage.area.name,
        _whole(wage.annual_median),
        _whole(wage.annual_p10),
        _whole(wage.annual_p25),
        _whole(wage.annual_p75),
        _whole(wage.annual_p90),
        wage.mean_rse,
        wage.provenance,
        named(wage.area),
    )


def _whole(amount: object) -> int | None:
    return None if amount is None else int(amount)  # type: ignore[call-overload]
