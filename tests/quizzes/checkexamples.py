"""For each check of the bank bad examples, with the field at fault, and good ones."""

from typing import Any

from tests.factories import item_data
from tests.quizzes.bankfiles import solved
from tests.quizzes.checkcases import (
    YEARS,
    facts,
    key,
    many,
    option,
    stem,
    texts,
    with_answers,
)

type Items = dict[str, Any] | list[dict[str, Any]]


def same_errors() -> dict[str, Any]:
    data = item_data()
    data["options"]["C"]["error"] = data["options"]["A"]["error"]
    return data


def unsolved(**solve: Any) -> dict[str, Any]:
    data = solved()
    data["blind_solves"][0] |= solve
    return data


def of_difficulty(*levels: int) -> list[dict[str, Any]]:
    items = many(len(levels))
    return [item | {"difficulty": str(level)} for item, level in zip(items, levels, strict=True)]


def with_long_keys(long: int, items: int) -> list[dict[str, Any]]:
    made = many(items)
    for data in made[:long]:
        data["options"]["B"]["text"] += " and a little more"
    return made


def negatives(number: int, items: int) -> list[dict[str, Any]]:
    made = many(items)
    for data in made[:number]:
        data["stem"] = f"Which of these is NOT part of {data['key']}? {data['stem']}"
    return made


LONG = "A coder reads the record of a visit in which a cut of {} cm was closed. Which code is it?"
LONG_OTHER = "A nurse reads the order for a drip in which {} ml were to be hung. Which code is it?"
UNREAD = (
    "Notwithstanding considerable organizational documentation requirements, administrative"
    " responsibilities necessitate comprehensive multidisciplinary reconciliation of every"
    " individual institutional reimbursement determination before subsequent adjudication"
)

BAD: list[tuple[str, str, Items]] = [
    ("codes", "options.B.codes", key("E11")),
    ("codes", "options.B.codes", key("Q99.9")),
    ("codes", "options.B.codes", key("J9999")),
    ("codes", "options.B.codes", key("-KX")),
    ("codes", "options.A.codes", option("A", codes=["Q99.9"])),
    # The key holds in 2026 only, though the item claims 2027 too.
    ("codes", "options.B.codes", key("I10", **YEARS)),
    ("codes", "rationale", item_data(**YEARS, rationale="See Q99.9 there.")),
    ("codes", "stem", item_data(**YEARS, stem="Which of J9999 or J0585?")),
    ("codes-later", "options.A.codes", option("A", codes=["I10"], **YEARS)),
    ("deleted-cpt", "options.A.codes", option("A", codes=["37220"], text="37220")),
    ("deleted-cpt", "options.B.codes", key("59400", **YEARS)),
    ("deleted-cpt", "rationale", item_data(rationale="Report 99241.", cpt_content="yes")),
    ("dental-codes", "stem", stem("What does D1234 stand for?")),
    ("cpt-flag", "cpt_content", item_data(rationale="Code 99213 is named.")),
    ("cpt-flag", "cpt_content", key("99213", cpt_content="no")),
    ("cpt-flag-idle", "cpt_content", item_data(cpt_content="yes")),
    ("key-named", "rationale", key("E11.9", rationale="No code here.")),
    ("codes-listed", "options.A.codes", option("A", text="E11.9, R18.8", codes=["E11.9"])),
    ("reference-hcpcs", "options.B.codes", key("G0101", payer_context="medicare")),
    ("reference-hcpcs", "options.A.codes", option("A", codes=["-RT"], text="-RT")),
    ("reference-hcpcs", "rationale", item_data(rationale="Modifier RT has ended.")),
    ("reference-unknown", "options.A.codes", option("A", codes=["G0105"], text="G0105")),
    ("error-tags", "options", same_errors()),
    ("options-reordered", "options.D.text", texts(C="I10, E11.9", D="E11.9, I10")),
    (
        "option-lengths",
        "options.B.text",
        texts(B="choice B, which goes on for much longer than the other three do"),
    ),
    (
        "option-lengths",
        "options",
        texts(
            A="a plain and middling text of words",
            B="a plain and middling text of words too",
            C="a few words only",
            D="a text of words, which goes on longer than the others",
        ),
    ),
    ("option-letters", "rationale", item_data(rationale="Option B follows the rule.")),
    ("option-letters", "options.A.reason", option("A", reason="Unlike answer C, it is wrong.")),
    ("banned-phrases", "options.D.text", texts(D="All of the above")),
    ("banned-phrases", "options.D.text", texts(D="Both A and B")),
    ("banned-phrases", "options.D.text", texts(D="None of these options")),
    ("absolute-words", "options.A.text", texts(A="It is always bundled")),
    ("negative-stem", "stem", stem("Which code is not reported?")),
    ("negative-stem", "stem", stem("The visit includes all of these except:")),
    ("case-note", "note", item_data(note="A note outside the cases.")),
    ("reading-grade", "stem", stem(f"{UNREAD}?")),
    ("reading-grade", "rationale", item_data(rationale=f"{UNREAD}.")),
    ("sex", "options.B.codes", key("N40.0", stem="A 60-year-old woman is seen. Which code?")),
    ("sex", "options.B.codes", key("O80", stem="A man is seen. Which code?")),
    ("sex", "options.B.codes", key("58150", facts={"sex": "male"})),
    ("age", "options.B.codes", key("P07.00", stem="A 30-year-old is seen. Which code?")),
    ("age", "options.B.codes", key("99381", stem="A 4-year-old is new. Which code?")),
    ("age", "options.B.codes", key("42820", stem="A patient aged 12 has it. Which code?")),
    ("age", "options.B.codes", key("99100", stem="A 70-year-old is asleep. Which code?")),
    ("age", "options.B.codes", key("Z00.129", facts={"age": "19 years"})),
    ("laterality", "options.B.codes", key("M17.11", stem="The left knee hurts. Which code?")),
    ("laterality", "options.B.codes", key("M17.0", stem="The left knee hurts. Which code?")),
    ("laterality", "options.B.codes", key("20610", "-RT", stem="The left knee. Which codes?")),
    ("laterality", "options.B.codes", key("20610", "-50", stem="The left knee. Which codes?")),
    ("seventh-character", "options.B.codes", key("S52.501A", stem="Routine healing. Which code?")),
    (
        "seventh-character",
        "options.B.codes",
        key("S52.501D", stem="Active treatment is given. Which code?"),
    ),
    ("seventh-character", "options.B.codes", key("S52.501D", stem="A sequela is seen. Which?")),
    (
        "fracture-type",
        "options.B.codes",
        key("S52.501A", stem="An open fracture of the right radius. Which code?"),
    ),
    (
        "fracture-type",
        "options.B.codes",
        key("S52.501B", stem="A closed fracture of the right radius. Which code?"),
    ),
    (
        "fracture-treatment",
        "rationale",
        item_data(stem="A closed reduction is done. What?", rationale="This is open treatment."),
    ),
    (
        "fracture-treatment",
        "rationale",
        item_data(stem="An incision exposes bone. What?", rationale="This is closed treatment."),
    ),
    ("excludes1-pair", "options.B.codes", key("K70.31", "R18.8")),
    (
        "excludes1-pair",
        "options.B.codes",
        # A fact alone, without a word in the rationale, is no exception.
        key("K70.31", "R18.8", facts={"unrelated_codes": "K70.31 R18.8"}),
    ),
    ("code-first", "options.B.codes", key("D63.0", "C18.7")),
    ("never-first", "options.B.codes", key("W01.0XXA", "S52.501A")),
    ("never-first", "options.B.codes", key("R65.20", "A41.9")),
    ("never-first", "options.B.codes", key("F02.80", "G30.9")),
    ("never-first", "options.B.codes", key("T46.4X6A", "I10")),
    ("facts-known", "facts.lesion_size", item_data(facts={"lesion_size": "1.4"})),
    ("facts-known", "facts.lesion_cm", item_data(facts={"lesion_cm": "1.4 cm"})),
    ("facts-told", "facts.lesion_cm", facts("A lesion of 1.5 cm?", "So.", lesion_cm="1.4")),
    (
        "arithmetic",
        "facts.excised_cm",
        facts(
            "A lesion of 1.4 cm with 0.4 cm margins?",
            "It makes 1.8 or 2.2 cm.",
            lesion_cm="1.4",
            margin_cm="0.4",
            excised_cm="1.8",
        ),
    ),
    ("arithmetic", "facts.units_given", facts("What?", "Ten.", units_given="10")),
    (
        "arithmetic",
        "rationale",
        facts("Minutes: 40?", "Units are 3.", therapy_minutes="40", therapy_units="3")
        | {"rationale": "No figure here."},
    ),
    (
        "arithmetic",
        "facts.unit_dose",
        facts("A dose of 5 mg and 0 mg?", "So.", dose="5", unit_dose="0", units_given="5"),
    ),
    ("sums", "rationale", item_data(rationale="The sum is 1.4 + 0.4 + 0.4 = 2.1 cm.")),
    ("sums", "rationale", item_data(rationale="Here 2 + 3 × 4 = 20.")),
    ("payer-context", "payer_context", stem("A Medicare patient is seen. Which code?")),
    (
        "payer-context",
        "payer_context",
        stem("A Medicare patient is seen. Which code?", payer_context="cpt"),
    ),
    ("payer-context", "stem", item_data(payer_context="medicare")),
    ("payer-codes", "payer_context", key("G0101")),
    ("payer-codes", "payer_context", key("99291", "99292")),
    ("payer-codes", "payer_context", key("G0101", payer_context="cpt")),
    ("payer-codes", "payer_context", option("A", codes=["-XU"], text="-XU")),
    ("blind", "blind_solves", unsolved(agreed="no")),
    ("blind", "blind_solves", unsolved(sheet="0" * 16)),
    ("blind", "blind_solves", item_data(status="published")),
    ("references", "references", item_data(references=[{"source": "unheard-of", "section": "1"}])),
    ("duplicates", "stem", [stem("Which one?"), stem("which,  ONE!")]),
    ("near-duplicates", "stem", [stem(LONG.format(3)), stem(LONG.format(4))]),
    (
        "same-but-numbers",
        "stem",
        [
            stem("A chart holds E11.9, I10, 2026-01-01 and 99213, then 45 or 46: which?"),
            stem("A chart holds A41.9, R17, 2027-12-31 and 12345, then 78 or 80: which?"),
        ],
    ),
    (
        "option-sets",
        "options",
        [texts(A="1", B="2", C="3", D="4"), texts(A="4", B="3", C="2", D="1")],
    ),
    ("rules", "rule", many(5, rule="one-rule")),
    ("negative-share", "stem", negatives(2, 50)),
    ("key-letters", "answer", with_answers("ABCD" * 8 + "ABCA" * 3)),
    ("key-runs", "answer", with_answers("ABBBBBA")),
    ("key-longest", "options", with_long_keys(7, 20)),
    ("topic-share", "", many(30)),
    ("difficulties", "difficulty", of_difficulty(*[2, 3] * 15)),
    ("difficulties", "difficulty", of_difficulty(*[1] * 8, *[2] * 20, 3, 4)),
]

GOOD: list[tuple[str, Items]] = [
    ("codes", key("E11.9", **YEARS)),
    ("codes", key("J0585", "-LT", "-25")),
    ("codes", key("I10")),
    ("codes", key("I10", valid_from="2028-01-01", valid_to="2028-12-31", code_year="2028")),
    ("codes", option("A", codes=["J9999"], error="deleted_code")),
    ("codes", option("A", codes=["E11"], error="not_billable")),
    ("codes", option("A", codes=["J9999"], error="deleted_code", rationale="J9999 has ended.")),
    ("codes", item_data(**YEARS, rationale="E11.9 exists; T12 is a vertebra; 1.5 is a number.")),
    ("codes-later", option("A", codes=["E11.9"], **YEARS)),
    ("codes-later", option("A", codes=["I10"])),
    # Wrong at once, it is not told again for the year after.
    ("codes-later", option("A", codes=["Q99.9"], **YEARS)),
    ("deleted-cpt", option("A", codes=["37220"], text="37220", error="deleted_code")),
    ("deleted-cpt", option("A", codes=["37220"], reason="The family was deleted in 2026.")),
    ("deleted-cpt", key("59400")),
    ("deleted-cpt", item_data(rationale="99241 no longer exists.", cpt_content="yes")),
    ("deleted-cpt", key("99213")),
    ("dental-codes", stem("Does D12 or D12.4 stand for a vertebra?")),
    ("cpt-flag", key("99213")),
    ("cpt-flag-idle", item_data(rationale="Code 99213 is named.", cpt_content="yes")),
    ("key-named", key("E11.9", "-25")),
    ("codes-listed", option("A", text="E11.9, R18.8", codes=["E11.9", "R18.8"])),
    ("codes-listed", option("A", text="Add two X to it", codes=["E11.9"])),
    ("reference-hcpcs", key("J0585", "-LT")),
    ("reference-hcpcs", option("A", codes=["-RT"], text="-RT", error="outdated_code")),
    ("reference-unknown", key("J0585", "-25", "-LT")),
    ("error-tags", item_data()),
    ("options-reordered", texts(C="I10, E11.9", D="E11.9, I10") | {"stem": "In which order?"}),
    ("options-reordered", texts(C="77065, 77067-59", D="77065-59, 77067")),
    ("options-reordered", texts(C="20553", D="20553 ×2")),
    ("options-reordered", texts(C="96413, 96415 x 2", D="96413 x 2, 96415")),
    ("option-lengths", item_data()),
    # Short ones differ by nature.
    ("option-lengths", texts(A="29881", B="29881, 29877-59", C="29870", D="29877")),
    ("option-letters", item_data(rationale="Vitamin A is an option, and 2 options stay.")),
    ("option-letters", stem("What does option B in the contract mean?")),
    ("option-letters", item_data(rationale="Option a coder may take; either a or b is text.")),
    ("banned-phrases", texts(D="All of the small bowel")),
    ("absolute-words", texts(A="It is bundled")),
    ("negative-stem", stem("Which code is NOT reported?")),
    ("negative-stem", stem("Which code is reported if the patient is not new?")),
    ("negative-stem", stem("The drug is not an insulin. Which code is reported?")),
    ("case-note", item_data()),
    ("reading-grade", stem("A man of 64 is seen for a cough. Which code is reported?")),
    # Codes are read at a glance.
    ("reading-grade", stem("Is it E11.9, I10, N18.30, Z79.4 and J44.9? Or `T46.4X6A`?")),
    ("sex", key("N40.0", stem="A 60-year-old man is seen. Which code?")),
    ("sex", key("O80", stem="A woman delivers a boy. Which code?")),
    ("sex", key("O80", stem="The mother is well. Which code?")),
    ("sex", key("54150", stem="A mother brings her child. A woman asks. Which code?")),
    ("sex", key("58150", stem="A transgender man has surgery. Which code?")),
    ("age", key("99381", stem="An 8-month-old is new. Which code?")),
    ("age", key("99382", stem="A 12-month-old is new. Which code?")),
    ("age", key("99387", stem="A smoker since he was at age 16 is new. Which code?")),
    ("age", key("42821", stem="A patient aged 12 has it. Which code?")),
    ("age", key("99100", stem="A 71-year-old is asleep. Which code?")),
    ("age", key("P07.00", stem="A newborn of a 30-year-old mother. Which code?")),
    ("age", key("Z00.129", stem="A 5-year-old and a 40-year-old. Which code?")),
    ("laterality", key("M17.11", stem="The right knee hurts. Which code?")),
    ("laterality", key("M17.0", stem="Both knees hurt, the left more. Which code?")),
    ("laterality", key("M17.11", stem="The right knee, not the left one, hurts. Which?")),
    ("laterality", key("20610", "-LT", stem="The left knee. Which codes?")),
    ("laterality", key("M17.11", stem="A patient left the clinic on his own. Which code?")),
    ("laterality", key("20610", "-RT", stem="The right knee; a drain is left in place. Which?")),
    ("seventh-character", key("S52.501D", stem="Routine healing. Which code?")),
    ("seventh-character", key("S52.501A", stem="At a follow-up visit active treatment goes on.")),
    ("seventh-character", key("S52.501S", stem="A sequela is seen. Which?")),
    ("fracture-type", key("S52.501B", stem="An open fracture. Which code?")),
    ("fracture-type", key("S52.501A", stem="It is not known to be open or closed. Which?")),
    ("fracture-type", key("S52.501A", stem="Open reduction of a fracture. Which code?")),
    (
        "fracture-treatment",
        item_data(stem="An incision exposes bone. What?", rationale="This is open treatment."),
    ),
    ("excludes1-pair", key("K70.31", "E11.9")),
    (
        "excludes1-pair",
        key(
            "K70.31",
            "R18.8",
            facts={"unrelated_codes": "K70.31 R18.8"},
            rationale="K70.31 and R18.8 are unrelated here, so Excludes1 does not bar them.",
        ),
    ),
    ("code-first", key("C18.7", "D63.0")),
    ("never-first", key("S52.501A", "W01.0XXA")),
    ("never-first", key("A41.9", "R65.20")),
    ("never-first", key("Z37.0")),
    ("facts-known", item_data(facts={"lesion_cm": "1.4", "age": "67 years", "sex": "male"})),
    ("facts-told", facts("A lesion of 1.4 cm?", "So.", lesion_cm="1.4")),
    (
        "arithmetic",
        facts(
            "A lesion of 1.4 cm with 0.4 cm margins?",
            "It makes 2.2 cm.",
            lesion_cm="1.4",
            margin_cm="0.4",
            excised_cm="2.2",
        ),
    ),
    ("sums", item_data(rationale="The sum is 1.4 + 0.4 + 0.4 = 2.2 cm.")),
    ("sums", item_data(rationale="100 ÷ 15 = 6.7, and $3 × 2 = 6.00, and 2 + 3 × 4 = 14.")),
    ("sums", item_data(rationale="Of (1 + 2) × 3 = 9 nothing is read.")),
    ("payer-context", stem("A Medicare patient is seen. Which?", payer_context="medicare")),
    ("payer-context", stem("The plan follows CPT, not Medicare. Which?", payer_context="cpt")),
    ("payer-context", item_data()),
    ("payer-context", stem("Which code set does CMS maintain?")),
    ("payer-context", stem("Which rule of CMS holds?", payer_context="medicare")),
    ("payer-codes", key("G0101", payer_context="medicare", stem="A Medicare patient?")),
    ("payer-codes", key("99291", "99292", payer_context="cpt")),
    ("payer-codes", option("A", codes=["99292"], text="99292", cpt_content="yes")),
    ("payer-codes", option("A", codes=["G0101"], text="G0101", payer_context="cpt")),
    ("blind", solved()),
    ("blind", item_data()),
    ("references", item_data()),
    ("duplicates", [stem("Which one?"), stem("Which two?")]),
    ("near-duplicates", [stem(LONG.format(3)), stem(LONG_OTHER.format(3))]),
    ("same-but-numbers", [stem(LONG.format(3)), stem(LONG_OTHER.format(500))]),
    # Alike with their numbers, they are found once.
    ("same-but-numbers", [stem(LONG.format(3)), stem(LONG.format(4))]),
    ("same-but-numbers", [stem("What does 59 mean?"), stem("What does 25 mean?")]),
    (
        "option-sets",
        [texts(A="1", B="2", C="3", D="4"), texts(A="5", B="3", C="2", D="1")],
    ),
    ("option-sets", [texts(A="0 units", B="1 unit", C="2 units", D="3 units") for _ in range(2)]),
    ("rules", many(4, rule="one-rule")),
    ("negative-share", negatives(1, 50)),
    ("negative-share", negatives(2, 49)),
    ("key-letters", with_answers("ABCD" * 10)),
    ("key-letters", with_answers("A" * 39)),
    ("key-runs", with_answers("ABBBBAB")),
    ("key-longest", with_long_keys(6, 20)),
    ("key-longest", with_long_keys(19, 19)),
    ("topic-share", many(29)),
    ("difficulties", of_difficulty(*[1] * 7, *[2] * 21, 3, 4)),
    ("difficulties", of_difficulty(*[2] * 29)),
]
