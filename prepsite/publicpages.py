"""What the pages above all rooms say of themselves to search engines and shared links."""

from collections.abc import Iterator
from dataclasses import replace

from prepsite.discovery.pagemeta import PageMeta, trail
from quizzes import pool

HOME = PageMeta(
    title="Free CPC exam practice, every answer explained",
    description=(
        "Practice questions and mock exams for the CPC exam, with the reason behind every choice,"
        " and a guide to what medical coding pays. Free, no sign-up."
    ),
    path="/",
)
ABOUT = PageMeta(
    title="About this site",
    description=(
        "Who makes this free preparation for the CPC exam, why it costs nothing, what you find"
        " here, and what it does not claim to be."
    ),
    path="/about/",
    crumbs=trail(("About", "/about/")),
)
ITEMS = PageMeta(
    title="How questions are made and checked",
    description=(
        "How practice questions for the CPC exam are written, checked and solved blind before"
        " they are published, and what review they have not had."
    ),
    path="/about/items/",
    crumbs=trail(("About", "/about/"), ("How questions are made", "/about/items/")),
)
PRIVACY = PageMeta(
    title="Privacy: what is kept, and for how long",
    description=(
        "What this site keeps of you, for how long, and how to see it or have it erased. No"
        " advertisements, no trackers, nothing from other companies."
    ),
    path="/privacy/",
    crumbs=trail(("Privacy", "/privacy/")),
)


def public_pages() -> Iterator[PageMeta]:
    """Yield these pages; those that count the bank change with its newest item."""
    newest = pool.newest_item_on()
    yield replace(HOME, modified_on=newest)
    yield ABOUT
    yield replace(ITEMS, modified_on=newest)
    yield PRIVACY
