"""What a reader sees of a page."""

import re
from html import unescape


def text_of(html: str) -> str:
    """Return what a reader sees, in single spaces."""
    inline = re.sub(r"</?(a|b|em|strong|span)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inline)).split())
