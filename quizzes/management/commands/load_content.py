"""Load the bank's files: all or nothing; loading twice changes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prepsite.content.files import ContentError
from quizzes import contentload
from quizzes.contentfiles import CONTENT_DIR


class Command(BaseCommand):
    help = "Load blueprint, sources and items from their files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--content", type=Path, default=CONTENT_DIR)
        parser.add_argument("--dry-run", action="store_true", help="report, but change nothing")
        parser.add_argument("--force", action="store_true", help="load even if unchanged")
        parser.add_argument(
            "--take",
            choices=["report", "files", "database"],
            default="report",
            help="what counts where an item was edited in the admin (default: keep and report)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = contentload.load(
                options["content"],
                take=options["take"],
                dry_run=options["dry_run"],
                force=options["force"],
            )
        except ContentError as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        if report.skipped:
            self.stdout.write("Questions: unchanged since the last load.")
            return
        self.stdout.write(
            f"Questions: {len(report.created)} new, {len(report.updated)} updated,"
            f" {report.unchanged} unchanged"
            + (" (dry run, nothing saved)" if options["dry_run"] else "")
        )
        for key in report.kept:
            self.stdout.write(f"  kept as edited in the admin: {key} (--take files overwrites it)")
        for key in report.not_in_files:
            self.stdout.write(f"  only in the database: {key}")
