"""Where CPT and Medicare differ, an item says for whom it is right."""

import re

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
    named = {code for option in item.spec.options.values() for code in option.codes}
    for row in table("payers.yaml"):
        contexts = row["contexts"].split()
        for code in sorted(named):
            # A distractor may be what the other payer wants: that is its error.
            fits = context in contexts or (context != "any" and code not in key_of(item).codes)
            if code in code_set(row["codes"]) and not fits:
                wanted = " or ".join(contexts)
                yield "payer_context", f"must be {wanted}: {code.lstrip('-')} {row['why']}"
