"""What a version says, rendered once and kept in this process.

Two views of it exist. ``Face`` is all that a learner may see before answering: it has
no key, no reason and no rationale, so no template can leak them. ``VersionContent``
holds everything, for grading and for the feedback afterwards.
"""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from threading import Lock

from django.db.models import FETCH_RAISE
from django.utils.safestring import SafeString

from prepsite.content import revision
from prepsite.content.markup import render, render_inline
from quizzes.models import KeyRuling, QuestionVersion, Source


@dataclass(frozen=True)
class ChoiceContent:
    """A choice with everything there is to say about it."""

    id: int
    letter: str
    text: SafeString
    reason: SafeString
    is_key: bool


@dataclass(frozen=True)
class ReferenceContent:
    """Where a rule stands, ready to show."""

    title: str
    section: str
    url: str


@dataclass(frozen=True)
class VersionContent:
    """Everything about a version. Never reaches a template before the answer."""

    id: int
    question_id: int
    key: str
    stem: SafeString
    stem_paragraphs: tuple[SafeString, ...]
    note: SafeString
    stem_text: str
    rationale: SafeString
    references: tuple[ReferenceContent, ...]
    choices: tuple[ChoiceContent, ...]
    shuffled: bool
    payer_context: str
    code_years: tuple[int, ...]
    valid_to: date
    area: str
    area_name: str
    tab: str
    topic_name: str
    cpt_content: bool
    ruling: str
    credit_all: bool
    accepted: frozenset[str]

    def choice(self, choice_id: int | None) -> ChoiceContent | None:
        """Return the choice with this id, or None where it is not one of this version's."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)

    def is_correct(self, choice: ChoiceContent) -> bool:
        """Tell whether picking this choice is correct: the key, or what a ruling accepts."""
        return self.credit_all or choice.letter in self.accepted

    def in_order(self, seed: int | None) -> list[ChoiceContent]:
        """Return the choices as this attempt shows them; as written without a seed."""
        choices = list(self.choices)
        if self.shuffled and seed is not None:
            random.Random(f"{seed}:{self.id}").shuffle(choices)
        return choices


@dataclass(frozen=True)
class FaceChoice:
    """A choice before the answer."""

    id: int
    label: str
    text: SafeString


@dataclass(frozen=True)
class Face:
    """A question before the answer. A legend holds no blocks: its stem is in paragraphs."""

    stem: tuple[SafeString, ...]
    note: SafeString
    choices: tuple[FaceChoice, ...]
    area: str
    area_name: str
    tab: str
    topic_name: str
    code_years: tuple[int, ...]
    cpt_content: bool


def face_of(content: VersionContent, seed: int | None) -> Face:
    """Return what a learner may see of a version before answering."""
    return Face(
        stem=content.stem_paragraphs,
        note=content.note,
        choices=tuple(
            FaceChoice(choice.id, label, choice.text)
            for label, choice in zip("ABCD", content.in_order(seed), strict=True)
        ),
        area=content.area,
        area_name=content.area_name,
        tab=content.tab,
        topic_name=content.topic_name,
        code_years=content.code_years,
        cpt_content=content.cpt_content,
    )


class _Store:
    """Rendered versions of one content revision; a new revision starts afresh."""

    MAX = 5_000

    def __init__(self) -> None:
        self.revision = -1
        self.contents: dict[int, VersionContent] = {}
        self.lock = Lock()

    def at(self, current: int) -> dict[int, VersionContent]:
        with self.lock:
            if self.revision != current or len(self.contents) > self.MAX:
                self.revision, self.contents = current, {}
            return self.contents


_store = _Store()


def forget() -> None:
    """Drop everything that is kept."""
    _store.revision = -1


def content_of(version_id: int) -> VersionContent:
    """Return one version's content; no statement where it is kept already."""
    return contents_of([version_id])[version_id]


def contents_of(version_ids: Iterable[int]) -> dict[int, VersionContent]:
    """Return the content of several versions, in at most four statements.

    Raises KeyError for an id that is no version's.
    """
    kept = _store.at(revision.current().revision)
    wanted = list(dict.fromkeys(version_ids))
    missing = [pk for pk in wanted if pk not in kept]
    if missing:
        sources = {source.slug: source for source in Source.objects.all()}
        versions = (
            QuestionVersion.objects.filter(pk__in=missing)
            .select_related("question__topic__area")
            .prefetch_related("choices", "rulings")
            .fetch_mode(FETCH_RAISE)
        )
        for version in versions:
            kept[version.pk] = _render(version, sources)
    return {pk: kept[pk] for pk in wanted}


def _render(version: QuestionVersion, sources: dict[str, Source]) -> VersionContent:
    question = version.question
    area = question.topic.area
    rulings: list[KeyRuling] = list(version.rulings.all())
    ruling = rulings[-1] if rulings else None
    choices = list(version.choices.all())
    keys = frozenset(choice.letter for choice in choices if choice.is_key)
    accepted = frozenset(ruling.accepted) if ruling and ruling.accepted else keys
    return VersionContent(
        id=version.pk,
        question_id=question.pk,
        key=question.key,
        stem=render(version.stem),
        stem_paragraphs=tuple(map(render_inline, version.stem.split("\n\n"))),
        note=render(version.note),
        stem_text=" ".join(version.stem.replace("`", "").split()),
        rationale=render(version.rationale),
        references=tuple(reference_content(entry, sources) for entry in version.references),
        choices=tuple(
            ChoiceContent(
                choice.pk,
                choice.letter,
                render_inline(mark_codes(choice.text, choice.codes.split())),
                render_inline(choice.reason),
                choice.letter in accepted,
            )
            for choice in choices
        ),
        shuffled=version.order == QuestionVersion.Order.SHUFFLE,
        payer_context=version.get_payer_context_display(),
        code_years=tuple(version.code_years()),
        valid_to=version.valid_to,
        area=area.slug,
        area_name=area.name,
        tab=area.tab,
        topic_name=question.topic.name,
        cpt_content=question.cpt_content,
        ruling=ruling.reason if ruling else "",
        credit_all=bool(ruling and ruling.credit_all),
        accepted=accepted,
    )


def mark_codes(text: str, codes: list[str]) -> str:
    """Return an option's text with its codes marked as code, each whole and once."""
    if "`" in text or not codes:
        return text
    longest_first = sorted({code.lstrip("-") for code in codes}, key=len, reverse=True)
    pattern = "|".join(re.escape(code) for code in longest_first)
    return re.sub(rf"(?<![\w.-])(?:{pattern})(?:-\w{{2}})*(?![\w.])", r"`\g<0>`", text)


def reference_content(entry: dict[str, str], sources: dict[str, Source]) -> ReferenceContent:
    """Return a version's reference with what its source, by slug, is called."""
    source = sources.get(entry["source"])
    return ReferenceContent(
        title=f"{source.title}, {source.edition}" if source else entry["source"],
        section=entry["section"],
        url=entry.get("url") or (source.url if source else ""),
    )
