"""Markdown of content: what it makes, and that no HTML gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML

from prepsite.content.markup import render, render_inline

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onclick=x>bold</b>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](vbscript:x)",
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    '[x](https://a.example "q\\" onmouseover=alert(1)")',
    "</p></div><style>*{display:none}</style>",
    "<!-- comment -->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]


def dangers(html: str) -> list[str]:
    """Return what in the parsed HTML could run or load something."""
    found = []
    document = JustHTML(html, sanitize=False)
    for node in document.query("*"):
        if node.name in {"script", "style", "iframe", "object", "embed", "form", "img", "b"}:
            found.append(node.name)
        for name, value in (node.attrs or {}).items():
            scheme = (value or "").strip().lower().partition(":")[0]
            if name.startswith("on") or name == "style":
                found.append(name)
            if scheme in {"javascript", "vbscript", "data"}:
                found.append(scheme)
    return found


def test_markdown_becomes_html():
    html = render("One *two* **three** `E11.9`\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n")
    for part in ("<em>two</em>", "<strong>three</strong>", "<code>E11.9</code>", "<li>a</li>"):
        assert part in html
    assert "<table>" in html
    assert html.startswith("<p>")


def test_inline_markdown_has_no_paragraph():
    assert render_inline("One *two*") == "One <em>two</em>"


@pytest.mark.parametrize("source", ATTACKS)
@pytest.mark.parametrize("make", [render, render_inline])
def test_no_html_and_no_script_address_gets_through(make, source):
    assert dangers(make(source)) == []


def test_html_is_shown_as_it_was_typed():
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in render("<script>alert(1)</script>")
    assert render_inline("a < b & c") == "a &lt; b &amp; c"


@given(st.text("<>/\"'=&;:!-[]()`*_ scriptonload\n", max_size=60))
def test_nothing_dangerous_comes_of_any_text(source):
    assert [danger for danger in dangers(render(source)) if danger != "img"] == []
