"""ICD-10-CM codes side by side in a key: which may not, and which goes first."""

from itertools import combinations

from prepsite.codes.systems import CodeSystem, system_of
from quizzes.checks.materials import Materials
from quizzes.checks.model import ERROR, ItemFaults, item_check, key_of
from quizzes.checks.ranges import code_set
from quizzes.contentfiles import FiledItem

# What may follow another diagnosis but never lead.
NEVER_FIRST = {
    "an external cause": code_set("V00-Y99"),
    "severe sepsis, which follows the infection": code_set("R65.2"),
    "the organism of a disease coded elsewhere": code_set("B95-B97"),
    "an outcome of delivery": code_set("Z37"),
    "the weeks of a pregnancy": code_set("Z3A"),
}


def diagnoses(item: FiledItem) -> list[str]:
    """Return the key's ICD-10-CM codes in their order."""
    return [code for code in key_of(item).codes if system_of(code) is CodeSystem.ICD10CM]


@item_check(ERROR, 28)
def excludes1_pair(item: FiledItem, materials: Materials) -> ItemFaults:
    """No Excludes1 note separates two codes of the key, unless they are shown to be unrelated.

    Two unrelated conditions may stand together (Official Guidelines I.A.12.a): the fact
    ``unrelated_codes`` names both, and the rationale says Excludes1 and unrelated.
    """
    notebook = materials.notebook(item)
    excepted = set(item.spec.facts.get("unrelated_codes", "").split())
    explained = all(word in item.spec.rationale for word in ("Excludes1", "unrelated"))
    for one, other in combinations(diagnoses(item), 2):
        note = notebook.excludes1(one, other)
        if note and not (explained and {one, other} <= excepted):
            text = " ".join(note.text.split())
            message = f"{one} and {other}: Excludes1 at {note.code} names {text}"
            yield f"options.{item.spec.answer}.codes", message


@item_check(ERROR, 28)
def code_first(item: FiledItem, materials: Materials) -> ItemFaults:
    """No code of the key stands before another that its code-first note puts first."""
    notebook = materials.notebook(item)
    for earlier, later in combinations(diagnoses(item), 2):
        note = notebook.goes_behind(earlier, later)
        if note and not notebook.goes_behind(later, earlier):
            message = f"{earlier} stands before {later}, which the note at {note.code} puts first"
            yield f"options.{item.spec.answer}.codes", message


@item_check(ERROR, 28)
def never_first(item: FiledItem, materials: Materials) -> ItemFaults:
    """The first of several diagnoses is no external cause, manifestation or outcome."""
    codes = diagnoses(item)
    if len(codes) < 2:
        return
    field, first = f"options.{item.spec.answer}.codes", codes[0]
    for what, members in NEVER_FIRST.items():
        if first in members:
            yield field, f"{first} goes first, but it is {what}"
    title = materials.notebook(item).titles.get(first, "")
    if "classified elsewhere" in title and materials.notebook(item).code_first(first):
        yield field, f"{first} goes first, but it is a manifestation"
    if "nderdosing" in title:
        yield field, f"{first} goes first, but it is an underdosing"
