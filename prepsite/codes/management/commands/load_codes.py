"""Load the code sets that ship with the site; what is loaded already is skipped."""

import hashlib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prepsite.codes import hcpcs, icd10cm
from prepsite.content.files import ContentError, digest_of
from prepsite.content.models import LoadedDigest


class Command(BaseCommand):
    help = "Load ICD-10-CM and HCPCS Level II; skip what has not changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="load even if unchanged")

    def handle(self, *args: Any, **options: Any) -> None:
        force = options["force"]
        icd_digest = hashlib.sha256(icd10cm.source_version().encode()).hexdigest()
        if force or not _is_loaded("codes.icd10cm", icd_digest):
            self.stdout.write("Loading ICD-10-CM FY 2026 …")
            entries = icd10cm.load()
            _remember("codes.icd10cm", icd_digest)
            self.stdout.write(f"  {entries:,} entries")
        try:
            hcpcs_digest = digest_of([hcpcs.TABLE])
            if force or not _is_loaded("codes.hcpcs", hcpcs_digest):
                rows = hcpcs.load()
                _remember("codes.hcpcs", hcpcs_digest)
                self.stdout.write(f"HCPCS Level II: {rows:,} codes and modifiers")
        except ContentError as error:
            raise CommandError(str(error)) from error


def _is_loaded(name: str, digest: str) -> bool:
    return LoadedDigest.objects.filter(name=name, digest=digest).exists()


def _remember(name: str, digest: str) -> None:
    LoadedDigest.objects.update_or_create(name=name, defaults={"digest": digest})
