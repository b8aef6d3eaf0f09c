"""Generated items: any texts, codes and orders that the schema lets through."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from quizzes.itemspec import LETTERS, ItemSpec, parse_item
from tests.factories import blind_solve

# Databases hold no NUL and no half of a surrogate pair; YAML folds other line ends.
_characters = st.characters(
    exclude_categories=["Cs", "Cc"], include_characters="\n", exclude_characters="\x85\u2028\u2029"
)
texts = st.text(_characters, min_size=1, max_size=120).map(str.strip).filter(bool)
# What means something to GIFT, XML, HTML, Markdown, CSV or Anki.
_pieces = st.sampled_from(
    [
        *"~=#{}:%[]<>&|*`'\"-+@ \t\n\\",
        *("//", "::", "####", "->", "\\n", "\r\n", "\n\n---\n\n", "[html]", "%50%", "//: rule: x"),
        *("]]>", "<![CDATA[", "&#91;", "&&058;", "<b>", "\x0b", "\ufffe", "\u2028", "TRUE", "a"),
        *("[sound:x.mp3]", "{{Stem}}", "{{c1::x}}", "é", "日本", "🦴"),
    ]
)
awkward = st.lists(_pieces, min_size=1, max_size=8).map("".join).map(str.strip).filter(bool)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
tags = st.from_regex(r"[a-z0-9]{1,8}(_[a-z0-9]{1,8}){0,3}", fullmatch=True)
codes = st.sampled_from(["E11.9", "Z3A.20", "J0585", "A4206", "99213", "0075T", "-25", "-LT"])
urls = st.sampled_from(["", "https://example.org/a", "http://example.org/?q=1"])


@st.composite
def specs(
    draw: st.DrawFn, status: str = "draft", texts: st.SearchStrategy[str] = texts
) -> ItemSpec:
    """Draw an item that the schema accepts; a published one is solved blind."""
    answer = draw(st.sampled_from(LETTERS))
    option_texts = draw(
        st.lists(
            texts, min_size=4, max_size=4, unique_by=lambda text: " ".join(text.split()).casefold()
        )
    )
    options: dict[str, dict[str, Any]] = {}
    for letter, text in zip(LETTERS, option_texts, strict=True):
        options[letter] = {"text": text, "codes": draw(st.lists(codes, max_size=3))}
        if letter != answer:
            options[letter] |= {"error": draw(tags), "reason": draw(texts)}
    year = draw(st.integers(2026, 2030))
    data = {
        "key": draw(slugs),
        "rule": draw(slugs),
        "status": status,
        "difficulty": str(draw(st.integers(1, 4))),
        "payer_context": draw(st.sampled_from(["cpt", "medicare", "any"])),
        "code_year": str(year),
        "valid_from": date(draw(st.integers(2025, year)), 1, 1).isoformat(),
        "valid_to": date(draw(st.integers(year, 2031)), 12, 31).isoformat(),
        "cpt_content": draw(st.sampled_from(["yes", "no"])),
        "order": draw(st.sampled_from(["fixed", "shuffle"])),
        "stem": draw(texts),
        "note": draw(st.just("") | texts),
        "facts": draw(st.dictionaries(tags, texts, max_size=4)),
        "options": options,
        "answer": answer,
        "rationale": draw(texts),
        "references": draw(
            st.lists(
                st.fixed_dictionaries({"source": slugs, "section": texts, "url": urls}),
                min_size=1,
                max_size=3,
            )
        ),
    }
    spec = parse_item(data, "generated")
    if status == "published":
        data["blind_solves"] = [blind_solve(spec, reason=draw(texts))]
        spec = parse_item(data, "generated")
    return spec
