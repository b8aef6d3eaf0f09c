"""A page of the guide: one query for the frame, one for each table, one for named figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from careers import lastmod, models
from careers.blocks import Shown
from careers.builders import BUILDERS, Builder
from careers.models import Block
from careers.references import Resolver
from careers.rows import Rows


@dataclass(frozen=True)
class Answered:
    """A question with its answer, figures put in."""

    question: models.Question
    answer: SafeString


@dataclass(frozen=True)
class Part:
    """A section with its texts, figures put in, and what it shows between them."""

    section: models.Section
    body: SafeString
    shown: Shown
    answers: list[Answered]
    note: SafeString


@dataclass(frozen=True)
class Topic:
    """A page with all that stands on it, and the guide's pages for finding the way."""

    page: models.Page
    answer: SafeString
    headlines: list[models.Figure]
    parts: list[Part]
    pages: Sequence[models.Page]
    changed_on: date


def read_topic(slug: str, builders: Mapping[Block, Builder] = BUILDERS) -> Topic | None:
    """Return the page with this key, or None if the guide has none.

    A page whose visitor asked for something brings builders that know what.
    """
    # All sections: a few kilobytes more, and the list of pages needs no statement of its own.
    sections: list[models.Section] = list(models.Section.objects.for_page())
    pages = {section.page_id: section.page for section in sections}
    page = next((page for page in pages.values() if page.slug == slug), None)
    if page is None:
        page = models.Page.objects.filter(slug=slug).first()
    if page is None:
        return None
    in_order = sorted(pages.values(), key=lambda page: (page.position, page.slug))
    return build_topic(page, sections, Rows(in_order), builders)


def build_topic(
    page: models.Page,
    sections: Sequence[models.Section],
    rows: Rows,
    builders: Mapping[Block, Builder] = BUILDERS,
) -> Topic:
    """Return a page built from its sections among all of them."""
    # The blocks come first: a figure in a text may be among the rows that they read. One that is
    # unknown here is a newer release's, whose content is loaded while this process still runs.
    own = [
        (section, builders[Block(section.block)](rows) if section.block in Block else Shown())
        for section in sections
        if section.page_id == page.pk
    ]
    texts = [page.answer_html]
    for section, shown in own:
        texts += [section.body_html, section.note_html]
        texts += [row.answer_html for row in shown.answers]
    resolver = Resolver(rows, sections, texts)
    parts = [
        Part(
            section,
            resolver.resolve(section.body_html),
            shown,
            [Answered(row, resolver.resolve(row.answer_html)) for row in shown.answers],
            resolver.resolve(section.note_html),
        )
        for section, shown in own
    ]
    answer = resolver.resolve(page.answer_html)
    asked = [row.answer for _, shown in own for row in shown.answers]
    changed_on = lastmod.read_date(page, sections, asked)
    return Topic(page, answer, list(rows.headlines()), parts, rows.pages, changed_on)
