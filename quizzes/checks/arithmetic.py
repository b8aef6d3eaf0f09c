"""Every figure is worked out again: results stated as facts, and sums written in prose."""

import re
from decimal import Decimal, DivisionByZero
from operator import add, mul, sub, truediv

from quizzes.checks.facts import FORMULAS, NUMBER, VOCABULARY, numbers, well_formed
from quizzes.checks.materials import Materials
from quizzes.checks.model import ERROR, ItemFaults, item_check, key_of, scenario
from quizzes.contentfiles import FiledItem

# Figures that must stand in the scenario; the others are words, or follow.
TOLD = frozenset(name for formula in FORMULAS for name in formula.inputs) - {
    "visit",
    "burned_regions",
    "burned_parts",
    "modifying_units",
}

_NUMBER = r"\$?\d[\d,]*(?:\.\d+)?"
_UNIT = r"(?: ?(?:cm|mm|mg|mcg|mL|g|units?|minutes?|days?|%|RVUs?)\b\.?)?"
_OPERATORS = {"+": add, "-": sub, "−": sub, "–": sub, "×": mul, "x": mul, "*": mul}
_OPERATORS |= {"÷": truediv, "/": truediv}
_EQUATION = re.compile(
    rf"(?P<left>{_NUMBER}{_UNIT}(?:\s*[-+−–×x*÷/]\s*{_NUMBER}{_UNIT})+)\s*=\s*(?P<right>{_NUMBER})"
)
# What stands before a part of a longer expression, or of a code.
_GOES_ON = re.compile(r"[-+−–×*÷/=)]\s*$|[\w.(]$")


@item_check(ERROR, 27)
def facts_known(item: FiledItem, materials: Materials) -> ItemFaults:
    """Facts have names of the vocabulary and values in its forms."""
    for name, value in item.spec.facts.items():
        if name not in VOCABULARY:
            yield f"facts.{name}", f"is no known fact; there are {', '.join(VOCABULARY)}"
        elif not well_formed(name, value):
            yield f"facts.{name}", f"{value!r} has not its form: {VOCABULARY[name][1]}"


@item_check(ERROR, 27)
def facts_told(item: FiledItem, materials: Materials) -> ItemFaults:
    """The figures among the facts stand in the scenario."""
    told = _figures(scenario(item))
    for name in sorted(TOLD & set(item.spec.facts)):
        missing = [n for n in numbers(item.spec.facts[name]) if n not in told]
        if missing:
            yield f"facts.{name}", f"{missing[0]} stands neither in stem nor note"


@item_check(ERROR, 27)
def arithmetic(item: FiledItem, materials: Materials) -> ItemFaults:
    """What follows from the facts is what the item states, in the key or the rationale."""
    facts = {
        name: value
        for name, value in item.spec.facts.items()
        if name in VOCABULARY and well_formed(name, value)
    }
    shown = f"{key_of(item).text} {item.spec.rationale}"
    reached = set()
    for formula in FORMULAS:
        if not set(formula.inputs) <= facts.keys():
            continue
        reached.add(formula.result)
        try:
            result = formula.compute(facts, item.spec.payer_context)
        except ArithmeticError:
            yield f"facts.{formula.inputs[-1]}", "must not be zero"
            continue
        stated = facts.get(formula.result)
        if stated and not _equal(stated, result):
            yield f"facts.{formula.result}", f"is {stated}, but the other facts make {result}"
        if stated and not _is_shown(result, shown):
            yield "rationale", f"does not show {result}, which is {formula.result}"
    for formula in FORMULAS:
        if formula.result in facts and formula.result not in reached | {"trimester"}:
            reached.add(formula.result)
            yield f"facts.{formula.result}", f"needs the facts {' and '.join(formula.inputs)}"


def _figures(text: str) -> set[Decimal]:
    return {Decimal(number) for number in re.findall(NUMBER, text.replace(",", ""))}


def _equal(stated: str, result: str) -> bool:
    return stated == result or (
        "none" not in (stated, result) and Decimal(stated) == Decimal(result)
    )


def _is_shown(result: str, text: str) -> bool:
    """Tell whether a result stands in a text; nothing, and no unit, need not be written."""
    return result == "none" or Decimal(result) == 0 or Decimal(result) in _figures(text)


@item_check(ERROR, 27)
def sums(item: FiledItem, materials: Materials) -> ItemFaults:
    """Sums written out in prose, as 1.4 + 0.4 + 0.4 = 2.2, come out."""
    for field, text in item.spec.texts():
        for match in _EQUATION.finditer(text):
            if _GOES_ON.search(text[: match.start()]):
                continue
            value = _evaluate(match["left"])
            right = Decimal(match["right"].replace(",", "").lstrip("$"))
            places = -int(right.as_tuple().exponent)
            if value is None or abs(value - right) > Decimal(5).scaleb(-places - 1):
                yield field, f"{match.group()}: comes to {value}"


def _evaluate(expression: str) -> Decimal | None:
    """Return the value of numbers joined by + − × ÷, None where it divides by zero."""
    tokens = re.findall(rf"{_NUMBER}|[-+−–×x*÷/]", re.sub(_UNIT_AFTER, r"\1", expression))
    terms: list[Decimal] = []
    operator = add
    for token in tokens:
        if token in _OPERATORS:
            operator = _OPERATORS[token]
            continue
        number = Decimal(token.replace(",", "").lstrip("$"))
        if operator in (mul, truediv):
            try:
                terms[-1] = operator(terms[-1], number)
            except DivisionByZero:
                return None
        else:
            terms.append(operator(Decimal(0), number))
    return sum(terms, Decimal(0))


_UNIT_AFTER = re.compile(rf"({_NUMBER}){_UNIT}")
