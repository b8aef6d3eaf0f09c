"""Content files into the database and back: all or nothing, and twice changes nothing."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.db import transaction

from prepsite.content import revision
from prepsite.content.files import ContentError, to_yaml
from prepsite.content.history import save_with_history
from prepsite.content.models import LoadedDigest
from quizzes import codereviews, findings
from quizzes.checks import ITEM_CHECKS, Problem
from quizzes.checks.materials import for_checks
from quizzes.contentfiles import (
    CONTENT_DIR,
    Bank,
    FiledItem,
    content_digest,
    read_bank,
    write_items,
)
from quizzes.items import ItemError, save_item, spec_of
from quizzes.models import Area, Question, Source, Status, Topic

DIGEST_NAME = "quizzes.content"
HISTORY_REASON = "Loaded from files"

type Take = Literal["report", "files", "database"]


@dataclass
class LoadReport:
    """What a load did, item by item."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    not_in_files: list[str] = field(default_factory=list)
    unchanged: int = 0
    skipped: bool = False

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)


class _DryRun(Exception):
    """Rolls back what a dry run did."""


def load(
    root: Path = CONTENT_DIR, *, take: Take = "report", dry_run: bool = False, force: bool = False
) -> LoadReport:
    """Load all files; an unchanged set of files is skipped unless forced.

    An item that was edited in the admin since its last load is kept and reported;
    ``take="files"`` overwrites it, ``take="database"`` keeps it knowing what the file
    says. Raises ContentError, and changes nothing, for any fault.
    """
    digest = content_digest(root)
    may_skip = not force and not dry_run and take == "report"
    if may_skip and LoadedDigest.objects.filter(name=DIGEST_NAME, digest=digest).exists():
        return LoadReport(skipped=True)
    bank = read_bank(root)
    report = LoadReport()
    try:
        with transaction.atomic():
            frame_changed = _load_frame(bank, report, take)
            _load_items(bank.items, report, take)
            LoadedDigest.objects.update_or_create(name=DIGEST_NAME, defaults={"digest": digest})
            findings.refresh_all()
            codereviews.refresh_all()
            if report.changed or frame_changed:
                revision.bump()
            if dry_run:
                raise _DryRun
    except _DryRun:
        revision.forget()
    return report


def _load_frame(bank: Bank, report: LoadReport, take: Take) -> bool:
    """Write areas, topics and sources; return whether any of them changed."""
    loader = _FrameLoader(report, take)
    position = 0
    for place, area_spec in enumerate(bank.blueprint.areas):
        area = loader.upsert(
            Area,
            area_spec.slug,
            name=area_spec.name,
            tab=area_spec.tab,
            subject=area_spec.subject.value,
            exam_count=area_spec.exam_count,
            position=place,
            source=bank.blueprint.source,
            checked_on=bank.blueprint.checked_on,
        )
        for slug, name in area_spec.topics.items():
            loader.upsert(Topic, slug, area=area, name=name, position=position)
            position += 1
    for source in bank.sources:
        loader.upsert(Source, source.slug, **source.model_dump(exclude={"slug"}))
    return loader.changed


class _FrameLoader:
    """Writes rows of the bank's frame, and keeps those that staff edited since the last load."""

    def __init__(self, report: LoadReport, take: Take) -> None:
        self.report = report
        self.take = take
        self.changed = False

    def upsert[M: (Area, Topic, Source)](self, model: type[M], slug: str, **values: object) -> M:
        """Make the row with this slug hold these values, unless an edit is to be kept."""
        name = f"quizzes.{model._meta.model_name}.{slug}"
        filed = _digest(values)
        row = model.objects.filter(slug=slug).first()
        stored = _digest({field: getattr(row, field) for field in values}) if row else ""
        if row is not None and stored != filed and self.take != "files":
            loaded = LoadedDigest.objects.filter(name=name).values_list("digest", flat=True)
            if stored not in loaded:
                self.report.kept.append(f"{model._meta.verbose_name} {slug}")
                return row
        if row is None or stored != filed:
            row = row or model(slug=slug)
            for field, value in values.items():
                setattr(row, field, value)
            save_with_history(row, None, HISTORY_REASON)
            self.changed = True
        LoadedDigest.objects.update_or_create(name=name, defaults={"digest": filed})
        return row


def _digest(values: dict[str, object]) -> str:
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()


def _load_items(items: tuple[FiledItem, ...], report: LoadReport, take: Take) -> None:
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    sources = set(Source.objects.values_list("slug", flat=True))
    known = {
        question.key: question
        for question in Question.objects.select_related("current").prefetch_related(
            "current__choices", "blind_solves"
        )
    }
    problems = []
    for item in items:
        unknown = {reference.source for reference in item.spec.references} - sources
        if unknown:
            problems.append(
                f"{item.path}: item {item.spec.key}: references: no source {', '.join(unknown)}"
            )
            continue
        try:
            _load_item(item, topics[item.topic], known.get(item.spec.key), report, take)
        except ItemError as error:
            problems.append(f"{item.path}: item {item.spec.key}: {error}")
    if problems:
        raise ContentError("\n".join(problems))
    filed = {item.spec.key for item in items}
    report.not_in_files = sorted(set(known) - filed)


def _load_item(
    item: FiledItem, topic: Topic, question: Question | None, report: LoadReport, take: Take
) -> None:
    filed = item.spec.digest()
    if question is not None and question.current is not None:
        stored = spec_of(question)
        if _is_settled(question, stored.digest(), filed) and take != "files":
            report.unchanged += 1
            return
        edited_here = stored.digest() not in (filed, question.loaded_digest)
        if edited_here and take != "files":
            report.kept.append(item.spec.key)
            if take == "database":
                Question.objects.filter(pk=question.pk).update(
                    loaded_digest=filed, settled_digest=stored.digest()
                )
            return
        if stored == item.spec and question.topic_id == topic.pk:
            report.unchanged += 1
            _remember(question, filed)
            return
    result = save_item(item.spec, topic, reason=HISTORY_REASON)
    _remember(result.question, filed)
    if result.created:
        report.created.append(item.spec.key)
    elif result.changed:
        report.updated.append(item.spec.key)


def _is_settled(question: Question, stored: str, filed: str) -> bool:
    """Tell whether staff decided between just these two wordings already."""
    return (question.settled_digest, question.loaded_digest) == (stored, filed)


def _remember(question: Question, digest: str) -> None:
    if question.loaded_digest != digest:
        Question.objects.filter(pk=question.pk).update(loaded_digest=digest)


def export(root: Path) -> int:
    """Write blueprint, sources and all items as files under ``root``; return the items."""
    root.mkdir(parents=True, exist_ok=True)
    areas = list(Area.objects.prefetch_related("topics"))
    frame = {
        "source": areas[0].source if areas else "",
        "checked_on": areas[0].checked_on.isoformat() if areas and areas[0].checked_on else "",
        "areas": [
            {
                "slug": area.slug,
                "name": area.name,
                "tab": area.tab,
                "subject": area.subject,
                "exam_count": str(area.exam_count),
                "topics": {topic.slug: topic.name for topic in area.topics.all()},
            }
            for area in areas
        ],
    }
    (root / "blueprint.yaml").write_text(to_yaml(frame), encoding="utf-8")
    names = ["slug", "title", "publisher", "edition", "url"]
    sources = [
        {name: getattr(source, name) for name in names}
        for source in Source.objects.order_by("slug")
    ]
    (root / "sources.yaml").write_text(to_yaml(sources), encoding="utf-8")
    questions = (
        Question.objects.exclude(current=None)
        .select_related("current", "topic__area")
        .prefetch_related("current__choices", "blind_solves")
        .order_by("key")
    )
    files: dict[tuple[str, str], list[Question]] = {}
    for question in questions:
        files.setdefault((question.topic.area.slug, question.topic.slug), []).append(question)
    for (area_slug, topic_slug), members in files.items():
        write_items(root, area_slug, topic_slug, [spec_of(question) for question in members])
    return sum(len(members) for members in files.values())


def check_database() -> list[Problem]:
    """Return what is wrong with published items as the database holds them."""
    items = [
        findings.filed(question)
        for question in findings.checkable().filter(status=Status.PUBLISHED)
    ]
    materials = for_checks([item.spec for item in items], use_database=True)
    return [
        problem for item in items for check in ITEM_CHECKS for problem in check(item, materials)
    ]
