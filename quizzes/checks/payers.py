"""Where CPT and Medicare differ, an item says for whom it is right."""

import re

from prepsite.codes.systems import CodeSystem, system_of
from quizzes.checks.materials import Materials
from quizzes.checks.model import ERROR, WARNING, ItemFaults, item_check, key_of, scenario
from quizzes.checks.ranges import code_set, table
from quizzes.contentfiles import FiledItem

MEDICARE, CMS = re.compile(r"\bMedicare\b"), re.compile(r"\bCMS\b")
ANOTHER_PAYER = re.compile(
    r"\bcommercial|\bCPT\b|\bprivate\b|\bnot Medicare\b|\bMedicaid\b|\bTRICARE\b"
)


@item_check(ERROR, 29)
def payer_context(item: FiledItem, materials: Materials) -> ItemFaults:
    """An item for Medicare says so, and one whose scenario names Medicare is for Medicare."""
    text = scenario(item)
    named = MEDICARE.search(text)
    context = item.spec.payer_context
    if named and context == "any":
        yield "payer_context", "is any, but the scenario names Medicare"
    if named and context == "cpt" and not ANOTHER_PAYER.search(text):
        yield "payer_context", "is cpt, but the scenario names Medicare alone"
    if context == "medicare" and not named and not CMS.search(text):
        yield "stem", "does not say Medicare, though the payer context does"


@item_check(WARNING, 29)
def payer_codes(item: FiledItem, materials: Materials) -> ItemFaults:
    """Codes that CPT and Medicare use differently stand in items for one of them."""
    context = item.spec.payer_context
    keyed = set(key_of(item).codes)
    # A distractor may be what the other payer wants: that is its error. But where no payer
    # is named, a code of Medicare's own among the options could be right.
    loose = {
        code
        for option in item.spec.options.values()
        for code in option.codes
        if context == "any" and system_of(code) is not CodeSystem.CPT
    }
    for row in table("payers.yaml"):
        contexts = row["contexts"].split()
        for code in sorted(keyed | loose):
            if code in code_set(row["codes"]) and context not in contexts:
                wanted = " or ".join(contexts)
                yield "payer_context", f"must be {wanted}: {code.lstrip('-')} {row['why']}"
