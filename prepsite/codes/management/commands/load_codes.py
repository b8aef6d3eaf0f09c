"""Load code sets: those that ship with the site, or an official file.

Without a file it loads what ships and has changed. After every load a report names the
content whose codes changed.
"""

import hashlib
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from prepsite.codes import addenda, anweb, changes, hcpcs, icd10cm, placeofservice, tabular
from prepsite.codes.models import CodeSet, IcdEntry
from prepsite.content.files import ContentError, digest_of
from prepsite.content.models import LoadedDigest

MARKS = {True: "Look at", False: "Right for their own exams; look at when these are moved"}


class Command(BaseCommand):
    help = (
        "Load ICD-10-CM, HCPCS Level II and places of service as they ship, skipping what has"
        " not changed; or one official file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="load even if unchanged or older")
        official = parser.add_mutually_exclusive_group()
        official.add_argument(
            "--icd-addenda",
            type=Path,
            metavar="FILE",
            help="order addenda: makes the next fiscal year from a loaded one",
        )
        official.add_argument(
            "--icd-tabular", type=Path, metavar="FILE", help="tabular list of a year as XML"
        )
        official.add_argument(
            "--hcpcs", type=Path, metavar="PATH", help="quarterly ANWEB text file, or its folder"
        )
        parser.add_argument(
            "--release",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="first day of the HCPCS quarter, where the file's name does not tell",
        )
        parser.add_argument("--edition", default="", help="edition of the tabular list")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            loaded = self._load(options, now)
        except ContentError as error:
            raise CommandError(str(error)) from error
        if loaded:
            self._report(changes.report(now))

    def _load(self, options: dict[str, Any], now: datetime) -> bool:
        """Load what the options say; return whether anything was."""
        force = options["force"]
        if options["icd_addenda"]:
            self._load_addenda(options["icd_addenda"], now, force=force)
        elif options["icd_tabular"]:
            self._load_tabular(options["icd_tabular"], options["edition"], now)
        elif options["hcpcs"]:
            self._load_hcpcs(options["hcpcs"], options["release"], now, force=force)
        else:
            return self._load_shipped(now, force=force)
        return True

    def _load_addenda(self, path: Path, now: datetime, *, force: bool) -> None:
        changed = addenda.read(path)
        base = CodeSet.objects.filter(code_year=changed.base_year).first()
        if base is None:
            raise CommandError(f"{path} starts from FY {changed.base_year}: load that first.")
        stored = CodeSet.objects.filter(code_year=changed.year).first()
        if stored and stored.notes_year is None and not force:
            raise CommandError(f"{stored} is loaded with its own notes; --force replaces it.")
        notes_year = base.notes_year or base.code_year
        code_set = CodeSet(
            code_year=changed.year,
            edition=f"FY {base.code_year} and order addenda; notes still of FY {notes_year}",
            source=path.name,
            notes_year=notes_year,
        )
        self._store(code_set, addenda.apply(changed, icd10cm.stored_entries(base)), now)

    def _load_tabular(self, path: Path, edition: str, now: datetime) -> None:
        release = tabular.read(path)
        code_set = CodeSet(
            code_year=release.year, edition=edition or "official tabular list", source=path.name
        )
        self._store(code_set, release.entries, now)

    def _store(self, code_set: CodeSet, entries: list[tabular.Entry], now: datetime) -> None:
        icd10cm.store(code_set, entries)
        codes = sum(entry.kind == IcdEntry.Kind.CODE for entry in entries)
        billable = sum(entry.is_billable for entry in entries)
        self.stdout.write(f"{code_set}: {codes:,} categories and codes, {billable:,} billable")
        self._say_changes(changes.record_icd10cm(code_set.code_year, now))

    def _load_hcpcs(self, path: Path, starts: date | None, now: datetime, *, force: bool) -> None:
        release = anweb.read(anweb.find(path), starts)
        before = changes.hcpcs_state()
        rows = anweb.load(release, force=force)
        self.stdout.write(
            f"HCPCS Level II from {release.starts}: {rows:,} official codes and modifiers,"
            f" {release.left_out:,} of other owners left out"
        )
        self._say_changes(changes.record_hcpcs(before, release.starts, now))

    def _load_shipped(self, now: datetime, *, force: bool) -> bool:
        icd_digest = hashlib.sha256(icd10cm.source_version().encode()).hexdigest()
        loaded = [
            self._once(
                "codes.icd10cm",
                icd_digest,
                lambda: self._shipped_icd(now, force=force),
                force=force,
            ),
            self._once(
                "codes.hcpcs",
                digest_of([hcpcs.TABLE]),
                lambda: self._shipped_hcpcs(now),
                force=force,
            ),
            self._once(
                "codes.placeofservice",
                digest_of([placeofservice.TABLE]),
                lambda: self.stdout.write(f"Places of service: {placeofservice.load()}"),
                force=force,
            ),
        ]
        return any(loaded)

    def _once(self, name: str, digest: str, load: Callable[[], None], *, force: bool) -> bool:
        """Load what has another digest than at its last load; return whether it did."""
        if not force and LoadedDigest.objects.filter(name=name, digest=digest).exists():
            return False
        load()
        LoadedDigest.objects.update_or_create(name=name, defaults={"digest": digest})
        return True

    def _shipped_icd(self, now: datetime, *, force: bool) -> None:
        year = icd10cm.CODE_YEAR
        others = CodeSet.objects.filter(code_year=year)
        others = others.exclude(source__startswith=icd10cm.PACKAGE)
        if not force and (stored := others.first()):
            self.stdout.write(f"{stored} from {stored.source} stays; --force replaces it.")
            return
        self.stdout.write(f"Loading ICD-10-CM FY {year} …")
        self.stdout.write(f"  {icd10cm.load():,} entries")
        self._say_changes(changes.record_icd10cm(year, now))

    def _shipped_hcpcs(self, now: datetime) -> None:
        before = changes.hcpcs_state()
        self.stdout.write(f"HCPCS Level II: {hcpcs.load():,} codes and modifiers")
        self._say_changes(changes.record_hcpcs(before, timezone.localdate(now), now))

    def _say_changes(self, number: int) -> None:
        if number:
            self.stdout.write(f"  {number:,} codes changed since the release before")

    def _report(self, found: list[changes.Affected]) -> None:
        for is_waiting, heading in MARKS.items():
            lines = [
                f"  {one.kind} {one.name} ({one.state}): {one.change}"
                for one in found
                if one.is_waiting is is_waiting
            ]
            if lines:
                self.stdout.write(f"{heading}: {len(lines)}")
                self.stdout.write("\n".join(sorted(lines)))
