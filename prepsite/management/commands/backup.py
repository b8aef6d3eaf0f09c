"""Make a backup of the whole database, while the site is running."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from prepsite.backup import archive
from prepsite.backup.manifest import BackupError


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("must be 1 or more")
    return int(text)


class Command(BaseCommand):
    help = "Back up the whole database into one checked file. The site may go on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="a new file, or a folder for a file named by the time (default: var/backups)",
        )
        parser.add_argument(
            "--keep",
            type=_positive,
            metavar="N",
            help="then delete all but the newest N backups that this command named",
        )

    def handle(self, *args: Any, file: Path | None, keep: int | None, **options: Any) -> None:
        now = timezone.now().astimezone(UTC)
        folder = file or settings.VAR_DIR / "backups"
        is_named = file is not None and not file.is_dir()
        if is_named and keep:
            raise CommandError(
                "--keep needs a folder: a file that you name yourself is not counted."
            )
        target = file if file and is_named else folder / archive.name_at(now, connection.vendor)
        try:
            manifest = archive.make(connection, target, now)
        except BackupError as error:
            raise CommandError(str(error)) from error
        contents = manifest.contents
        self.stdout.write(
            f"{target}: {contents.rows} rows in {len(contents.tables)} tables,"
            f" {target.stat().st_size / 1e6:.1f} MB, checked."
        )
        if keep:
            for old in archive.delete_older(folder, connection.vendor, keep):
                self.stdout.write(f"Deleted {old}.")
