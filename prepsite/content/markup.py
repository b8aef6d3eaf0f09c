"""Markdown of stems, rationales and prose, rendered once when content is saved."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# HTML in the source is escaped, so content files and staff cannot inject markup.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def render(text: str) -> SafeString:
    """Return ``text`` as HTML blocks."""
    return mark_safe(_markdown.render(text))  # noqa: S308  (raw HTML is switched off)


def render_inline(text: str) -> SafeString:
    """Return ``text`` as HTML without a surrounding paragraph."""
    return mark_safe(_markdown.renderInline(text))  # noqa: S308  (as above)
