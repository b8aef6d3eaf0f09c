"""Loading the content files: all of them in one transaction, or nothing.

The files are the base and staff edit on top of them. For each row the database also
remembers what the files said when it was last loaded, so a load can tell three things
apart: what changed in the files (taken), what changed in the admin (kept and reported,
unless files are to win), and what nobody touched (left alone).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from careers import changes, mentions
from careers.files import DATA, content_files, read_files
from careers.memory import Values, differing, of_imports, remember, values_of
from careers.models import Entry, LoadedRow, Source
from careers.schema import KINDS, Item, Kind, WageItem
from prepsite.content import revision
from prepsite.content.files import digest_of
from prepsite.content.models import LoadedDigest

type Take = Literal["newer", "files"]

DIGEST_NAME = "careers"
# Stands in the history of a row.
REASON = "Loaded from files"
# Gaps, so that staff can put a row of their own between two loaded ones.
POSITION_STEP = 10


@dataclass
class LoadReport:
    """What a load did, or with ``dry_run`` what it would have done."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    skipped: bool = False
    dry_run: bool = False

    @property
    def changed(self) -> bool:
        """Whether the page differs from before."""
        return bool(self.created or self.updated or self.deleted)

    def summary(self) -> str:
        """Return one line for people."""
        if self.skipped:
            return "careers: the files are unchanged"
        prefix = "careers, not saved: " if self.dry_run else "careers: "
        return prefix + (
            f"{self.created} created, {self.updated} updated, {self.deleted} deleted, "
            f"{self.unchanged} unchanged, {len(self.kept)} kept as edited"
        )


def load(*, take: Take = "newer", dry_run: bool = False, folder: Path = DATA) -> LoadReport:
    """Bring the database in line with the content files.

    With ``take="newer"`` a row edited or deleted in the admin since it was loaded stays
    so and is reported; with ``take="files"`` the files win. Raises ContentError, and
    changes nothing, when a file is wrong.
    """
    digest = digest_of(content_files(folder))
    loaded = LoadedDigest.objects.filter(name=DIGEST_NAME, digest=digest)
    if take == "newer" and loaded.exists():
        return LoadReport(skipped=True, dry_run=dry_run)
    items = read_files(folder)
    with transaction.atomic():
        report = _Load(take, dry_run).run(items)
        if dry_run:
            transaction.set_rollback(True)
            return report
        LoadedDigest.objects.update_or_create(name=DIGEST_NAME, defaults={"digest": digest})
        if report.changed:
            revision.bump()
    return report


class _Load:
    """One run over all kinds, in the order in which they refer to each other."""

    def __init__(self, take: Take, dry_run: bool) -> None:
        self.files_win = take == "files"
        self.report = LoadReport(dry_run=dry_run)
        self.keys: dict[str, dict[str, int]] = {}
        self.memory: dict[str, dict[str, Values]] = {kind.name: {} for kind in KINDS}
        self.areas: dict[str, int] = {}
        # For the public log; written when all that it links to is in place.
        self.changes: list[tuple[Any, changes.Difference]] = []

    def run(self, items: dict[str, list[Item]]) -> LoadReport:
        for name, slug, values in LoadedRow.objects.values_list("kind", "slug", "values"):
            self.memory.setdefault(name, {})[slug] = values
        self.areas = {item.slug: number for number, item in enumerate(items["areas"], start=1)}
        for kind in KINDS:
            self._upsert(kind, items[kind.name])
        # Texts first: one that goes as well needs its figures no more.
        backwards = KINDS[::-1]
        texts = [kind for kind in backwards if kind.model.prose]
        figures = [kind for kind in backwards if kind not in texts and kind.model is not Source]
        self._remove_missing(items, *texts, *figures)
        # Sections that went are no place of a figure; a source that goes is named once more.
        changes.record_load(self.changes, timezone.now())
        self._remove_missing(items, *(kind for kind in backwards if kind.model is Source))
        self.report.kept += mentions.gaps()
        return self.report

    def _upsert(self, kind: Kind, items: list[Item]) -> None:
        rows = {row.slug: row for row in kind.model._default_manager.all()}
        memory, imports = self.memory[kind.name], self.memory.get(of_imports(kind.name), {})
        # The first rows of a table are the guide itself, and no news of it.
        is_first = not memory and not kind.model.history.exists()
        create: list[Entry] = []
        update: list[Entry] = []
        taken: dict[str, Values] = {}
        filled: dict[str, Values] = {}
        for number, item in enumerate(items, start=1):
            wanted = self._build(kind, item, self._position(item, number))
            if wanted is None:
                continue
            row, values = rows.get(item.slug), values_of(wanted)
            before, imported = memory.get(item.slug), imports.get(item.slug)
            if row is not None and values_of(row) == values:
                self.report.unchanged += 1
            elif not self.files_win and self._is_kept(kind, item, row, values, before, imported):
                if row and before and (added := values.keys() - before.keys()):
                    update += self._fill(row, wanted, added)
                    filled[item.slug] = before | {name: values[name] for name in added}
                continue
            elif row is None:
                create.append(wanted)
                if not is_first:
                    self._note(wanted, None)
            else:
                wanted.pk = row.pk
                update.append(wanted)
                self._note(wanted, changes.state_of(row))
            if before != values or imported is not None:
                taken[item.slug] = values
        self._write(kind, create, update)
        remember(kind.name, taken | filled)
        if done := taken.keys() & imports.keys():
            LoadedRow.objects.filter(kind=of_imports(kind.name), slug__in=done).delete()

    def _is_kept(
        self,
        kind: Kind,
        item: Item,
        row: Entry | None,
        values: Values,
        before: Values | None,
        imported: Values | None,
    ) -> bool:
        """Tell whether a row stays: edited by staff, or imported since the files said the same."""
        if edit := _edit(row, before if imported is None else imported):
            self.report.kept.append(f"{kind.name}: {item.slug}: {edit}")
            return True
        if before is None or imported is None or differing(values, before):
            return False
        self.report.unchanged += 1
        return True

    def _fill(self, row: Entry, wanted: Entry, names: Collection[str]) -> list[Entry]:
        """Give a kept row the columns that a migration added since; return it if it differs."""
        shown, former = changes.state_of(row), values_of(row)
        for column in row._meta.concrete_fields:
            if column.name in names:
                setattr(row, column.attname, getattr(wanted, column.attname))
        row.derive()
        self._note(row, shown)
        return [row] if values_of(row) != former else []

    def _position(self, item: Item, number: int) -> int:
        # In a release of wages the areas keep their places, as they do in an import.
        if isinstance(item, WageItem):
            number = self.areas[item.area]
        return number * POSITION_STEP

    def _note(self, row: Entry, before: changes.State | None) -> None:
        found = changes.differences(before, changes.state_of(row))
        self.changes += [(row, difference) for difference in found]

    def _build(self, kind: Kind, item: Item, position: int) -> Entry | None:
        """Return the row that an item describes, unsaved; None if it cannot stand.

        A row that it needs may be missing although the files hold it: deleted in the
        admin and kept so. Then this one is left out as well.
        """
        columns = item.columns()
        for name, target in kind.references.items():
            slug = columns.pop(name)
            key = self.keys[target].get(slug) if slug else None
            if slug and key is None:
                self.report.kept.append(
                    f"{kind.name}: {item.slug}: left out, as its {name} {slug!r} was deleted"
                )
                return None
            columns[f"{name}_id"] = key
        row = kind.model(position=position, **columns)
        row.derive()
        return row

    def _write(self, kind: Kind, create: list[Entry], update: list[Entry]) -> None:
        """Write in bulk: no signals, so the revision rises once and not for each row."""
        manager = kind.model._default_manager
        if create:
            bulk_create_with_history(create, kind.model, default_change_reason=REASON)
        if update:
            columns = kind.model._meta.concrete_fields
            names = [column.name for column in columns if not column.primary_key]
            bulk_update_with_history(update, kind.model, names, default_change_reason=REASON)
        self.report.created += len(create)
        self.report.updated += len(update)
        self.keys[kind.name] = dict(manager.values_list("slug", "pk"))

    def _remove_missing(self, items: dict[str, list[Item]], *kinds: Kind) -> None:
        for kind in kinds:
            self._remove(kind, {item.slug for item in items[kind.name]})

    def _remove(self, kind: Kind, slugs: set[str]) -> None:
        """Delete rows that left the files; those that staff made were never in them."""
        gone = self.memory[kind.name].keys() - slugs
        if not gone:
            return
        forget = set(gone)
        for row in kind.model._default_manager.filter(slug__in=gone):
            before = self.memory[kind.name][row.slug]
            if not self.files_win and (fields := differing(values_of(row), before)):
                kept = f"{', '.join(fields)} edited in the admin, no longer in the files"
            elif in_use := _named_in(kind, row.slug) or _delete(row):
                kept = f"no longer in the files, but {in_use} needs it"
            else:
                self.report.deleted += 1
                continue
            forget.discard(row.slug)
            self.report.kept.append(f"{kind.name}: {row.slug}: {kept}")
        LoadedRow.objects.filter(kind=kind.name, slug__in=forget).delete()


def _named_in(kind: Kind, slug: str) -> str:
    """Return a text that names a figure, if one does."""
    return str(next(iter(mentions.texts_naming({(kind.name, slug)})), ""))


def _delete(row: Model) -> str:
    """Delete a row; return what needs it if something does."""
    row._change_reason = REASON  # type: ignore[attr-defined]
    try:
        row.delete()
    except ProtectedError as error:
        return str(next(iter(error.protected_objects)))
    return ""


def _edit(row: Entry | None, before: Values | None) -> str:
    """Return how the admin differs from the last load; empty if it does not."""
    if row is None:
        return "deleted in the admin" if before is not None else ""
    if before is None:
        return "made in the admin"
    fields = differing(values_of(row), before)
    return f"{', '.join(fields)} edited in the admin" if fields else ""
