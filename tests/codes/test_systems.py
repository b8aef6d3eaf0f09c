"""Which system a written code belongs to, and which codes prose names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prepsite.codes.systems import CodeSystem, codes_in, system_of

ICD, HCPCS, CPT, MODIFIER = (
    CodeSystem.ICD10CM,
    CodeSystem.HCPCS,
    CodeSystem.CPT,
    CodeSystem.MODIFIER,
)
DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("QA1.71", ICD),
        ("C4A", ICD),
        ("Z3A.20", ICD),
        ("M1A", ICD),
        ("J4B", ICD),
        ("E11.9", ICD),
        ("S52.521A", ICD),
        ("T36.0X1A", ICD),
        ("I10", ICD),
        ("J1885", HCPCS),
        ("A0425", HCPCS),
        ("G0008", HCPCS),
        ("V2020", HCPCS),
        ("99213", CPT),
        ("0001A", CPT),
        ("0075T", CPT),
        ("1036F", CPT),
        ("0001U", CPT),
        ("0004M", CPT),
        ("-25", MODIFIER),
        ("-LT", MODIFIER),
        ("-P1", MODIFIER),
        ("-E1", MODIFIER),
    ],
)
def test_codes_belong_to_their_system(code, system):
    assert system_of(code) is system


@pytest.mark.parametrize(
    "text",
    [
        *("D1234", "F1234", "I1234", "N1234", "O1234", "W1234", "X1234", "Z1234"),
        *("", " ", "A", "11", "E11.", "E1.9", "E119", "E11.91234", "e11.9", "E11.9 ", "E11,9"),
        *("9921", "992134", "99213-25", "0001B", "0001Z", "25", "LT", "-2", "-255", "-lt"),
        *("J188", "J18855", "j1885", "Ｊ1885", "٩٩٢١٣", "E11.9\n", "99213\n", "-25\n", "1E1.9"),
    ],
)
def test_other_texts_are_no_codes(text):
    assert system_of(text) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Report E11.9 with Z79.4.", [("E11.9", ICD), ("Z79.4", ICD)]),
        ("Report 99213-25 or 99213.", [("99213", CPT)]),
        ("J1885 x 2 (15 mg each)", [("J1885", HCPCS)]),
        (
            "QA1.71, Z3A.20; G0008/90471",
            [("QA1.71", ICD), ("Z3A.20", ICD)] * 1 + [("G0008", HCPCS), ("90471", CPT)],
        ),
        ("(S52.521A)", [("S52.521A", ICD)]),
        ("“J1885”", [("J1885", HCPCS)]),
        ("Fracture of T12, lesion at L4, vitamin B12", []),
        ("C4A and M1A in prose are left alone", []),
        ("He paid $12345.67 in 2026", []),
        ("D1234 is dental", []),
        ("phone 555-12345, id 123456", []),
        ("", []),
    ],
)
def test_prose_names_only_what_cannot_be_anything_else(text, codes):
    assert codes_in(text) == codes


icd_codes = st.from_regex(r"\A[A-Z][0-9A-Z]{2}\.[0-9A-Z]{1,4}\Z", fullmatch=True)
hcpcs_codes = st.from_regex(r"\A[ABCEGHJKLMPQRSTUV][0-9]{4}\Z", fullmatch=True)
cpt_codes = st.from_regex(r"\A[0-9]{5}\Z", fullmatch=True)


@given(icd_codes)
def test_a_dot_makes_an_icd10cm_code(code):
    assert system_of(code) is ICD
    assert codes_in(f"see {code}, and") == [(code, ICD)]


@given(hcpcs_codes)
def test_a_letter_and_four_digits_make_a_hcpcs_code(code):
    assert system_of(code) is HCPCS
    assert codes_in(f"see {code}.") == [(code, HCPCS)]


@given(cpt_codes)
def test_five_digits_make_a_cpt_code(code):
    assert system_of(code) is CPT
    assert codes_in(f"see {code}; then") == [(code, CPT)]


@given(st.text(CAPITALS + DIGITS, min_size=2, max_size=2))
def test_a_hyphen_and_two_characters_make_a_modifier(name):
    assert system_of(f"-{name}") is MODIFIER
    assert system_of(name) is None


@given(st.text(CAPITALS + DIGITS + "-.a ", max_size=9))
def test_a_code_has_one_system_and_no_lower_case(text):
    system = system_of(text)
    if system is not None:
        assert re.fullmatch(r"[-A-Z0-9.]+", text)
        assert ("." in text or len(text) == 3) or system is not ICD
        assert text.startswith("-") is (system is MODIFIER)


@given(st.lists(st.one_of(icd_codes, hcpcs_codes, cpt_codes), max_size=8))
def test_all_codes_of_a_list_are_found_in_order(codes):
    assert [code for code, _ in codes_in("; ".join(codes))] == codes


@given(st.text())
def test_what_is_found_stands_in_the_text_and_has_the_system_of_its_shape(text):
    for code, system in codes_in(text):
        assert code in text
        assert system_of(code) is system
