"""Load the salary and outlook files into the database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from careers import loading
from prepsite.content.files import ContentError


class Command(BaseCommand):
    help = "Load careers/data into the database: all files, or none if one is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--take",
            choices=["newer", "files"],
            default="newer",
            help="newer (default): rows edited in the admin since the last load stay and are "
            "reported; files: the files win.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Report what would change and save nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = loading.load(take=options["take"], dry_run=options["dry_run"])
        except ContentError as error:
            raise CommandError(str(error)) from error
        for line in report.kept:
            self.stdout.write(self.style.WARNING(f"kept {line}"))
        self.stdout.write(report.summary())
