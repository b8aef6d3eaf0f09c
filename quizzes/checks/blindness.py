"""Published items have been solved by somebody who did not see the key."""

from quizzes.checks.materials import Materials
from quizzes.checks.model import ERROR, ItemFaults, item_check
from quizzes.contentfiles import FiledItem
from quizzes.itemspec import StatusName


@item_check(ERROR)
def blind(item: FiledItem, materials: Materials) -> ItemFaults:
    """A published item is solved blind in its present wording, with agreement."""
    if item.spec.status is StatusName.PUBLISHED and not item.spec.is_solved_blind():
        yield "blind_solves", "not solved blind in its present wording"
