"""Import and export of items."""

from typing import Any

from prepsite.content.exchange.admin import ExchangeMixin
from quizzes.exchange import ItemResource


class ItemExchange(ExchangeMixin):
    """For the admin of questions: their current versions out, next versions in."""

    take_label = "Make a new version from the file"
    import_help = (
        "A new item enters as a draft unless its row says otherwise; older versions stay as "
        "they are."
    )

    def make_resource(self, **choices: Any) -> ItemResource:
        return ItemResource(**choices)
