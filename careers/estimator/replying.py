"""What is said to somebody who asked for an estimate, or why there is none."""

from dataclasses import dataclass, field, replace

from careers.estimator.estimating import Estimate, NotReleased, estimate
from careers.estimator.raising import Raise, best_raises
from careers.estimator.tables import AreaPay, Choices, Inputs, PayRow


@dataclass(frozen=True)
class Reply:
    """An estimate with what would raise it, or the area whose wages were not released.

    ``nationwide`` are the same choices for the whole nation; ``uncredentialed`` is a
    specialty chosen with the lowest certification although another one is usual there.
    """

    choices: Choices
    nationwide: Choices
    estimate: Estimate | None = None
    not_released: AreaPay | None = None
    raises: list[Raise] = field(default_factory=list)
    uncredentialed: PayRow | None = None


def reply_to(inputs: Inputs, choices: Choices) -> Reply:
    """Return the reply to choices; raises KeyError for a key that is not there."""
    nationwide = replace(choices, state="")
    try:
        found = estimate(inputs, choices)
    except NotReleased as error:
        return Reply(choices, nationwide, not_released=error.area)
    return Reply(
        choices,
        nationwide,
        found,
        None,
        best_raises(inputs, choices),
        inputs.without_usual_credential(choices),
    )
