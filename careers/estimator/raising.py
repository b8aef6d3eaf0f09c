"""What would raise an estimate most, one step at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from careers.estimator.estimating import FINE_STEP, estimate
from careers.estimator.orders import next_above
from careers.estimator.tables import Attribute, Choices, Inputs, PayRow


@dataclass(frozen=True)
class Raise:
    """One step up: what it adds to the middle of the range, in US dollars a year."""

    attribute: Attribute
    now: PayRow
    then: PayRow
    choices: Choices
    gain: int


def best_raises(inputs: Inputs, choices: Choices, count: int = 3) -> list[Raise]:
    """Return the steps that raise the estimate most, the best first.

    The best step of each attribute goes before the second of any: otherwise two other
    specialties would hide that a credential raises pay at all. What adds less than a
    rounded thousand dollars is left out. Raises as ``estimate`` does.
    """
    found = sorted(_raises(inputs, choices), key=lambda step: (-step.gain, step.then.key))
    firsts = {step.attribute: step for step in reversed(found)}
    others = [step for step in found if step not in firsts.values()]
    chosen = [*sorted(firsts.values(), key=lambda step: -step.gain), *others][:count]
    return sorted(chosen, key=lambda step: -step.gain)


def _raises(inputs: Inputs, choices: Choices) -> Iterator[Raise]:
    now = estimate(inputs, choices).kept
    for attribute in Attribute:
        key = choices.key_of(attribute)
        if not key:
            continue
        table = inputs.tables[attribute]
        for other in _one_step_from(key, attribute, inputs):
            changed = replace(choices, **{str(attribute): other})
            then = estimate(inputs, changed).kept
            middle = Fraction(then.low + then.high - now.low - now.high, 2)
            gain = FINE_STEP * floor(middle / FINE_STEP + Fraction(1, 2))
            if gain > 0:
                yield Raise(attribute, table.rows[key], table.rows[other], changed, gain)


def _one_step_from(key: str, attribute: Attribute, inputs: Inputs) -> set[str]:
    """Return what one can be next: the order decides, but any specialty is open to all."""
    table = inputs.tables[attribute]
    if attribute == Attribute.SPECIALTY:
        return set(table.rows) - {key}
    return next_above(key, table.steps) & set(table.rows)
