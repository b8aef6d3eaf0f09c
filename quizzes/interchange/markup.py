"""The parts of an item as HTML for other programs, everything in it escaped."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from prepsite.content.markup import render, render_inline
from quizzes.interchange.entries import Entry
from quizzes.models import QuestionVersion
from quizzes.rendering import mark_codes

LICENCE = "CC BY-SA 4.0, https://creativecommons.org/licenses/by-sa/4.0/"
NOTICE = (
    "CPT® is a registered trademark of the American Medical Association, which has not endorsed "
    "this question. A current CPT code book is required: nothing here replaces it."
)


def stem(entry: Entry) -> SafeString:
    """Return the stem."""
    return render(entry.spec.stem)


def note(entry: Entry) -> SafeString:
    """Return the case note; empty where there is none."""
    return render(entry.spec.note)


def option(entry: Entry, letter: str) -> SafeString:
    """Return an option with its codes marked."""
    chosen = entry.spec.options[letter]  # type: ignore[index]
    return render_inline(mark_codes(chosen.text, list(chosen.codes)))


def reason(entry: Entry, letter: str) -> SafeString:
    """Return why an option is wrong; empty for the key."""
    return render_inline(entry.spec.options[letter].reason)  # type: ignore[index]


def rationale(entry: Entry) -> SafeString:
    """Return why the key is right."""
    return render(entry.spec.rationale)


def references(entry: Entry) -> SafeString:
    """Return the list of references, each with a link where there is an address."""
    lines = []
    for reference in entry.references:
        place = f"{reference.title}: {reference.section}"
        link = format_html('<a href="{}">{}</a>', reference.url, place) if reference.url else place
        lines.append((link,))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", lines))


def validity(entry: Entry) -> str:
    """Return for which code years the item is right, and in which payer context."""
    years = " and ".join(map(str, entry.spec.code_years()))
    noun = "year" if len(entry.spec.code_years()) == 1 else "years"
    payer = PAYERS[entry.spec.payer_context]
    return f"Code {noun} {years}. Payer context: {payer}."


PAYERS: dict[str, str] = {
    value: str(label)
    for value, label in QuestionVersion._meta.get_field("payer_context").flatchoices
}


def notice(entry: Entry) -> str:
    """Return the trademark notice that an item with CPT content carries, or nothing."""
    return NOTICE if entry.spec.cpt_content else ""
