"""What checks are made of: formulas, likeness, reading grade, sets of codes, shipped tables."""

from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepsite.codes.systems import CodeSystem, codes_in, system_of
from quizzes.checks.facts import FORMULAS, VOCABULARY, well_formed
from quizzes.checks.patients import days
from quizzes.checks.ranges import DATA, code_set, table
from quizzes.checks.readability import reading_grade, syllables
from quizzes.checks.report import check_bank
from quizzes.checks.similarity import alike, trigrams
from quizzes.contentfiles import read_bank
from tests.factories import item_data
from tests.quizzes.bankfiles import write_bank
from tests.quizzes.checkcases import MATERIALS


def worked_out(result: str, payer: str = "any", **facts: str) -> str:
    (formula,) = [one for one in FORMULAS if one.result == result and set(one.inputs) <= set(facts)]
    assert all(well_formed(name, value) for name, value in facts.items())
    return formula.compute(facts, payer)


@pytest.mark.parametrize(
    ("result", "facts", "value"),
    [
        ("trimester", {"weeks": "13"}, "1"),
        ("trimester", {"weeks": "14"}, "2"),
        ("trimester", {"weeks": "27"}, "2"),
        ("trimester", {"weeks": "28"}, "3"),
        ("excised_cm", {"lesion_cm": "1.0", "margin_cm": "0.3"}, "1.6"),
        ("repairs_total_cm", {"repairs_cm": "3.0 + 4.0 + 0.5"}, "7.5"),
        ("transfer_sq_cm", {"defects_sq_cm": "6 + 8"}, "14"),
        ("visit_code", {"visit": "office-new", "visit_minutes": "14"}, "none"),
        ("visit_code", {"visit": "office-new", "visit_minutes": "15"}, "99202"),
        ("visit_code", {"visit": "office-established", "visit_minutes": "39"}, "99214"),
        ("visit_code", {"visit": "office-established", "visit_minutes": "40"}, "99215"),
        ("visit_code", {"visit": "home-new", "visit_minutes": "60"}, "99344"),
        ("therapy_units", {"therapy_minutes": "7"}, "0"),
        ("therapy_units", {"therapy_minutes": "8"}, "1"),
        ("therapy_units", {"therapy_minutes": "22"}, "1"),
        ("therapy_units", {"therapy_minutes": "23"}, "2"),
        ("anesthesia_time_units", {"anesthesia_minutes": "97"}, "6.5"),
        (
            "anesthesia_units",
            {"anesthesia_minutes": "97", "base_units": "5", "modifying_units": "1"},
            "12.5",
        ),
        ("units_given", {"dose": "95", "unit_dose": "10"}, "10"),
        ("units_given", {"dose": "7.5", "unit_dose": "2.5"}, "3"),
        ("units_wasted", {"dose": "75", "unit_dose": "10", "vials": "100"}, "2"),
        ("units_wasted", {"dose": "95", "unit_dose": "10", "vials": "100"}, "0"),
        ("units_wasted", {"dose": "150", "unit_dose": "10", "vials": "100 + 100"}, "5"),
        ("burned_percent", {"burned_regions": "head, left arm, front of trunk"}, "36"),
        ("burned_percent", {"burned_parts": "9 + 4.5"}, "13.5"),
        (
            "payment",
            {
                "rvus": "1.50 + 0.90 + 0.10",
                "gpcis": "1.00 + 0.95 + 0.80",
                "conversion_factor": "33.40",
            },
            "81.33",
        ),
    ],
)
def test_formulas_work_out_what_the_rules_say(
    result: str, facts: dict[str, str], value: str
) -> None:
    assert worked_out(result, **facts) == value


@pytest.mark.parametrize(
    ("minutes", "cpt", "medicare"),
    [
        ("29", "0", "0"),
        ("74", "0", "0"),
        ("75", "1", "0"),
        ("103", "1", "0"),
        ("104", "1", "1"),
        ("105", "2", "1"),
        ("133", "2", "1"),
        ("134", "2", "2"),
    ],
)
def test_critical_care_begins_later_for_medicare(minutes: str, cpt: str, medicare: str) -> None:
    assert worked_out("critical_units", "cpt", critical_minutes=minutes) == cpt
    assert worked_out("critical_units", "medicare", critical_minutes=minutes) == medicare


AMOUNTS = st.integers(1, 400)


@given(dose=AMOUNTS, unit=AMOUNTS, spare=st.integers(0, 400))
def test_units_given_and_wasted_never_exceed_what_was_opened(
    dose: int, unit: int, spare: int
) -> None:
    facts = {"dose": str(dose), "unit_dose": str(unit), "vials": str(dose + spare)}
    given_, wasted = (int(worked_out(name, **facts)) for name in ("units_given", "units_wasted"))
    assert (given_ - 1) * unit < dose <= given_ * unit
    assert wasted * unit <= spare < (wasted + 1) * unit


@given(lesion=st.integers(1, 200), margin=st.integers(0, 50))
def test_an_excised_diameter_is_the_lesion_with_both_margins(lesion: int, margin: int) -> None:
    facts = {"lesion_cm": str(Decimal(lesion) / 10), "margin_cm": str(Decimal(margin) / 10)}
    assert Decimal(worked_out("excised_cm", **facts)) * 10 == lesion + 2 * margin


def test_every_fact_of_a_formula_is_in_the_vocabulary() -> None:
    named = {name for formula in FORMULAS for name in (formula.result, *formula.inputs)}
    assert named <= set(VOCABULARY)


def test_an_unknown_fact_is_told_which_there_are(tmp_path: Path) -> None:
    write_bank(tmp_path, item_data(facts={"lesion_size": "1.4"}))
    (problem,) = check_bank(read_bank(tmp_path), MATERIALS)
    assert "lesion_cm" in problem.message
    assert "burned_percent" in problem.message


@given(st.lists(st.text("abc d", max_size=30), max_size=12), st.sampled_from([0.5, 0.7, 0.85]))
def test_the_index_finds_every_pair_that_comparing_all_with_all_finds(
    texts: list[str], threshold: float
) -> None:
    expected = set()
    for (one, first), (other, second) in combinations(enumerate(map(trigrams, texts)), 2):
        if len(first & second) / len(first | second) > threshold:
            expected.add((one, other))
    assert {(one, other) for one, other, _ in alike(texts, threshold)} == expected


@pytest.mark.parametrize(
    ("word", "number"),
    [("cat", 1), ("code", 1), ("table", 2), ("surgery", 3), ("radiology", 5), ("three", 1)],
)
def test_syllables_are_counted_about_right(word: str, number: int) -> None:
    assert abs(syllables(word) - number) <= (1 if number > 3 else 0)


def test_short_words_in_short_sentences_are_easier() -> None:
    easy = reading_grade("The man has a cough. He is sent home.")
    hard = reading_grade("Practitioners documented considerable multidisciplinary involvement.")
    assert easy < 3 < 12 < hard
    assert reading_grade("") == 0
    # A code at the end of a sentence does not swallow its full stop.
    assert reading_grade("It is N32.1. It is K82.3.") < 3


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("C51-C58 Z12.4", ["C51.0", "C58", "Z12.4"], ["C59", "Z12.5", "C5101", "Z12"]),
        ("99381-99387", ["99381", "99385"], ["99388", "99380"]),
        ("G0101", ["G0101"], ["G01.01", "G0102"]),
        ("-XE -XU", ["-XE", "-XU"], ["-XS", "XEROX"]),
        ("O00-O9A", ["O80", "O9A.111"], ["P00.0"]),
    ],
)
def test_sets_of_codes(written: str, inside: list[str], outside: list[str]) -> None:
    assert [code for code in inside if code not in code_set(written)] == []
    assert [code for code in outside if code in code_set(written)] == []


def test_the_shipped_tables_hold_codes_only_and_say_where_from() -> None:
    for row in table("deleted_cpt.yaml"):
        assert row["source"]
        assert 2020 <= int(row["year"]) <= 2030
        for first, last in code_set(row["codes"]).spans:
            assert system_of(first) is system_of(last) is CodeSystem.CPT
            assert first <= last
    for row in [*table("patients.yaml")["age"], *table("patients.yaml")["outside_age"]]:
        begin, end = days(row["from"]), days(row["to"])
        assert begin is not None
        assert end is not None
        assert begin < end
    for row in table("payers.yaml"):
        assert set(row["contexts"].split()) <= {"medicare", "cpt"}
    for family in table("visit_minutes.yaml").values():
        minutes = [int(least) for least in family.values()]
        assert minutes == sorted(minutes)
        assert all(system_of(code) is CodeSystem.CPT for code in family)


def test_no_table_describes_a_cpt_code() -> None:
    """Numbers alone are kept, and no list of valid ones."""
    numbers = {
        code
        for path in DATA.glob("*.yaml")
        for code, system in codes_in(path.read_text(encoding="utf-8"))
        if system is CodeSystem.CPT
    }
    assert len(numbers) < 200
