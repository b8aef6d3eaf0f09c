"""The facts that an item may state about its scenario, and what follows from them.

A fact is a name with a value in a fixed form, all of it listed in ``VOCABULARY``. Some are
figures of the scenario, others are results; ``FORMULAS`` says which follows from which, so
that a program can work out every result again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from quizzes.checks.ranges import table

NUMBER = r"\d+(?:\.\d+)?"
SUM = rf"{NUMBER}(?: \+ {NUMBER})*"
THREE = rf"{NUMBER}(?: \+ {NUMBER}){{2}}"
CODES = r"[A-Z][0-9A-Z.]{2,7}(?: [A-Z][0-9A-Z.]{2,7})+"

# Shares of an adult's skin by the rule of nines.
NINES = {
    "head": 9,
    "right arm": 9,
    "left arm": 9,
    "right leg": 18,
    "left leg": 18,
    "front of trunk": 18,
    "back of trunk": 18,
    "genitalia": 1,
}
_REGION = "|".join(NINES)
_VISITS = "|".join(table("visit_minutes.yaml"))

VOCABULARY: Mapping[str, tuple[str, str]] = {
    "age": (r"\d+ (?:day|week|month|year)s?", "67 years"),
    "sex": (r"female|male", "female or male"),
    "laterality": (r"right|left|both", "right, left or both"),
    "dos": (r"\d{4}-\d{2}-\d{2}", "date of service, 2026-03-14"),
    "weeks": (r"\d+", "completed weeks of pregnancy"),
    "trimester": (r"[123]", "follows from weeks"),
    "lesion_cm": (NUMBER, "widest diameter of the lesion"),
    "margin_cm": (NUMBER, "narrowest margin on one side"),
    "excised_cm": (NUMBER, "lesion_cm and twice margin_cm"),
    "repairs_cm": (SUM, "lengths of one class and site group, 3.0 + 4.0"),
    "repairs_total_cm": (NUMBER, "sum of repairs_cm"),
    "defects_sq_cm": (SUM, "primary and secondary defect, 6 + 8"),
    "transfer_sq_cm": (NUMBER, "sum of defects_sq_cm"),
    "visit": (_VISITS, "family of a visit whose level time decides"),
    "visit_minutes": (r"\d+", "the clinician's minutes on the date"),
    "visit_code": (r"99\d{3}|none", "follows from visit and visit_minutes"),
    "critical_minutes": (r"\d+", "minutes of critical care on the date"),
    "critical_units": (r"\d+", "units of the add-on, by the payer context"),
    "therapy_minutes": (r"\d+", "minutes of timed therapy on the date"),
    "therapy_units": (r"\d+", "by the eight-minute rule"),
    "anesthesia_minutes": (r"\d+", "minutes of anesthesia"),
    "anesthesia_time_units": (NUMBER, "minutes by 15, to one decimal"),
    "base_units": (r"\d+", "base units of the anesthesia code"),
    "modifying_units": (r"\d+", "units of status and circumstances; 0 for Medicare"),
    "anesthesia_units": (NUMBER, "base, time and modifying units"),
    "dose": (NUMBER, "amount given, in the measure of unit_dose"),
    "unit_dose": (NUMBER, "amount of one billing unit"),
    "vials": (SUM, "amounts of the single-dose vials opened, 100 + 100"),
    "units_given": (r"\d+", "dose by unit_dose, rounded up"),
    "units_wasted": (r"\d+", "what is left of vials, in whole units"),
    "burned_regions": (rf"(?:{_REGION})(?:, (?:{_REGION}))*", "of an adult by the rule of nines"),
    "burned_parts": (SUM, "percentages of skin, 9 + 4.5"),
    "burned_percent": (NUMBER, "sum of burned_regions or burned_parts"),
    "rvus": (THREE, "work, practice expense and malpractice, 1.50 + 0.90 + 0.10"),
    "gpcis": (THREE, "their geographic factors in the same order"),
    "conversion_factor": (NUMBER, "dollars for one unit"),
    "payment": (NUMBER, "sum of rvus by gpcis, by conversion_factor, in dollars and cents"),
    "unrelated_codes": (CODES, "codes of the key whose conditions are unrelated, A00.0 B00.0"),
}

type Values = Mapping[str, str]


@dataclass(frozen=True)
class Formula:
    """A result, the facts it follows from, and how; ``compute`` also takes the payer context."""

    result: str
    inputs: tuple[str, ...]
    compute: Callable[[Values, str], str]


def well_formed(name: str, value: str) -> bool:
    """Tell whether a known fact's value has its form."""
    return bool(re.fullmatch(VOCABULARY[name][0], value))


def numbers(value: str) -> list[Decimal]:
    """Return the numbers of a fact's value."""
    return [Decimal(number) for number in re.findall(NUMBER, value)]


def _total(name: str) -> Callable[[Values, str], str]:
    return lambda facts, _: str(sum(numbers(facts[name])))


def _trimester(facts: Values, payer: str) -> str:
    """Count trimesters as ICD-10-CM does: to 13 weeks 6 days, to 27 weeks 6 days, to delivery."""
    weeks = int(facts["weeks"])
    return "1" if weeks < 14 else "2" if weeks < 28 else "3"


def _excised(facts: Values, payer: str) -> str:
    return str(Decimal(facts["lesion_cm"]) + 2 * Decimal(facts["margin_cm"]))


def _visit_code(facts: Values, payer: str) -> str:
    minutes = int(facts["visit_minutes"])
    reached = [
        code
        for code, least in table("visit_minutes.yaml")[facts["visit"]].items()
        if minutes >= int(least)
    ]
    return reached[-1] if reached else "none"


def _critical_units(facts: Values, payer: str) -> str:
    """Count add-on units: CPT from 75 minutes, Medicare for each full 30 beyond 74."""
    minutes = int(facts["critical_minutes"])
    if payer == "medicare":
        return str(max(0, (minutes - 74) // 30))
    return str(max(0, (minutes - 45) // 30))


def _therapy_units(facts: Values, payer: str) -> str:
    return str((int(facts["therapy_minutes"]) + 7) // 15)


def _time_units(facts: Values, payer: str) -> str:
    units = Decimal(facts["anesthesia_minutes"]) / 15
    return str(units.quantize(Decimal("0.1"), ROUND_HALF_UP))


def _anesthesia_units(facts: Values, payer: str) -> str:
    extra = int(facts["base_units"]) + int(facts["modifying_units"])
    return str(extra + Decimal(_time_units(facts, payer)))


def _units_given(facts: Values, payer: str) -> str:
    units = Decimal(facts["dose"]) / Decimal(facts["unit_dose"])
    return str(units.to_integral_value(ROUND_CEILING))


def _units_wasted(facts: Values, payer: str) -> str:
    """Count what is discarded in whole units: less than one unit is in the last one given."""
    opened = sum(numbers(facts["vials"]))
    left = (opened - Decimal(facts["dose"])) / Decimal(facts["unit_dose"])
    return str(left.to_integral_value(ROUND_FLOOR))


def _burned_regions(facts: Values, payer: str) -> str:
    return str(sum(NINES[region] for region in facts["burned_regions"].split(", ")))


def _payment(facts: Values, payer: str) -> str:
    parts = zip(numbers(facts["rvus"]), numbers(facts["gpcis"]), strict=True)
    units = sum(rvu * gpci for rvu, gpci in parts)
    dollars = Decimal(units) * Decimal(facts["conversion_factor"])
    return str(dollars.quantize(Decimal("0.01"), ROUND_HALF_UP))


FORMULAS = (
    Formula("trimester", ("weeks",), _trimester),
    Formula("excised_cm", ("lesion_cm", "margin_cm"), _excised),
    Formula("repairs_total_cm", ("repairs_cm",), _total("repairs_cm")),
    Formula("transfer_sq_cm", ("defects_sq_cm",), _total("defects_sq_cm")),
    Formula("visit_code", ("visit", "visit_minutes"), _visit_code),
    Formula("critical_units", ("critical_minutes",), _critical_units),
    Formula("therapy_units", ("therapy_minutes",), _therapy_units),
    Formula("anesthesia_time_units", ("anesthesia_minutes",), _time_units),
    Formula(
        "anesthesia_units",
        ("anesthesia_minutes", "base_units", "modifying_units"),
        _anesthesia_units,
    ),
    Formula("units_given", ("dose", "unit_dose"), _units_given),
    Formula("units_wasted", ("dose", "unit_dose", "vials"), _units_wasted),
    Formula("burned_percent", ("burned_regions",), _burned_regions),
    Formula("burned_percent", ("burned_parts",), _total("burned_parts")),
    Formula("payment", ("rvus", "gpcis", "conversion_factor"), _payment),
)
