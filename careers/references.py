"""Figures inside prose: ``[[kind:key]]`` stands for an amount with its source and date.

So no number is kept twice, and none stands in a text without where it comes from.
"""

import re
from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from careers import models
from careers.models import Figure
from careers.rows import Rows
from careers.schema import KINDS

REFERENCE = re.compile(r"\[\[([a-z_]+):([a-z0-9-]+)\]\]")
MODELS = {kind.name: kind.model for kind in KINDS if issubclass(kind.model, Figure)}


def references_in(text: str) -> Iterable[tuple[str, str]]:
    """Yield kind and key of each figure that a text names."""
    return ((match[1], match[2]) for match in REFERENCE.finditer(text))


class Resolver:
    """Puts figures into rendered texts."""

    def __init__(self, rows: Rows, sections: Sequence[models.Section]) -> None:
        self.rows = rows
        self.urls = {
            section.block: section.page.get_absolute_url() for section in sections if section.block
        }

    def resolve(self, html: str) -> SafeString:
        """Return rendered Markdown with its figures put in."""
        # The Markdown was rendered with raw HTML off; what is put in is escaped.
        return mark_safe(REFERENCE.sub(self._figure, html))  # noqa: S308

    def _figure(self, match: re.Match[str]) -> str:
        model = MODELS.get(match[1])
        row = (
            next((row for row in self.rows.of(model) if row.slug == match[2]), None)
            if model
            else None
        )
        if not isinstance(row, Figure) or not row.amount:
            # Only a figure deleted in the admin since: forms and files refuse unknown ones.
            return "(figure withdrawn)"
        url = f"{self.urls.get(row.shown_in, '')}#{row.anchor}"
        return format_html(
            '<a href="{}"><strong>{}</strong></a> <span class="source-note">({})</span>',
            url,
            row.amount_in_words,
            row.provenance,
        )
