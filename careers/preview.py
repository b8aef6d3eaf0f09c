"""A public page as it would be with an edit, made from the page itself.

No public template knows of previews: what a preview adds is put into the finished page.
"""

import re

from django.template.loader import render_to_string

_HEAD = "</head>"
_MAIN = re.compile(r"<main\b[^>]*>")


def mark(html: str, anchor: str) -> str:
    """Return a page that says that it is a preview, with the element of a row marked."""
    marked, count = re.subn(f'id="{re.escape(anchor)}"', r"\g<0> data-previewed", html, count=1)
    context = {"anchor": anchor, "found": bool(count)}
    head, banner = (
        render_to_string(f"careers/_preview.html#{part}", context) for part in ("head", "banner")
    )
    marked = marked.replace(_HEAD, f"{head}{_HEAD}", 1)
    return _MAIN.sub(lambda main: main[0] + banner, marked, count=1)
