"""Put a backup in the place of everything that the database holds."""

from argparse import ArgumentParser
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from redis.exceptions import RedisError

from prepsite.backup import archive
from prepsite.backup.manifest import BackupError, Manifest, differences, missing_migrations
from prepsite.content import revision
from prepsite.content.models import PublicationState


class Command(BaseCommand):
    help = "Replace the whole database by a backup, and prove that all of it arrived."
    # A ruined database must not keep its cure from starting.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that backup has made")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--no-safety",
            action="store_true",
            help="do not back up what is there first, for a database that is damaged",
        )

    def handle(self, *args: Any, file: Path, yes: bool, no_safety: bool, **options: Any) -> None:
        try:
            manifest = archive.read(file)
            archive.refuse_unfit(manifest, connection)
            self._announce(manifest)
            if not yes and input("Type yes to go on: ").strip().lower() != "yes":
                raise CommandError("Nothing was changed.")
            self._replace(file, manifest, is_safe=not no_safety)
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _announce(self, manifest: Manifest) -> None:
        contents = manifest.contents
        self.stdout.write(
            f"The backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC holds {contents.rows} rows in"
            f" {len(contents.tables)} tables.\nIt replaces everything in"
            f" {connection.settings_dict['NAME']}: what came later is gone from the site."
        )
        if others := archive.engine_of(manifest.database).users(connection):
            self.stdout.write(f"Other connections to the database: {others}. Stop the site first.")

    def _replace(self, file: Path, manifest: Manifest, *, is_safe: bool) -> None:
        engine = archive.engine_of(manifest.database)
        if is_safe and not engine.is_empty(connection):
            self._keep_what_is_there(file.resolve().parent)
        reached = self._revision()
        with archive.unpacked(file, settings.VAR_DIR) as copy:
            engine.load(connection, copy)
        if unequal := differences(manifest.contents, engine.contents(connection)):
            raise CommandError("The database differs from the backup. " + " ".join(unequal))
        self.stdout.write("Restored: every table has the rows and the digest of the backup.")
        self._refresh(reached)
        if missing := missing_migrations(manifest.contents.migrations):
            self.stdout.write(
                f"The backup is older than this program by {len(missing)} migrations."
                " Now run: manage.py migrate"
            )

    def _keep_what_is_there(self, folder: Path) -> None:
        """Back it up beside the file: in a container the site's own folder may not last."""
        now = timezone.now().astimezone(UTC)
        target = folder / ("before-restore-" + archive.name_at(now, connection.vendor))
        try:
            archive.make(connection, target, now)
        except BackupError as error:
            raise BackupError(
                f"What is there now could not be saved first. {error} Nothing was changed;"
                " --no-safety goes on without."
            ) from error
        self.stdout.write(f"What was there is kept in {target}.")

    def _revision(self) -> int:
        """Return how far the content revision has come; 0 where nothing can be read."""
        try:
            state = PublicationState.objects.filter(pk=1).first()
        except DatabaseError:
            return 0
        return state.revision if state else 0

    def _refresh(self, reached: int) -> None:
        """Let no process or cache go on with what it kept of the database before.

        The revision goes beyond both: one that comes a second time would bring back the
        pages that were kept under it.
        """
        PublicationState.objects.filter(pk=1).update(revision=Greatest(F("revision"), reached))
        revision.bump()
        try:
            cache.clear()
        except (OSError, RedisError) as error:
            self.stdout.write(f"Clear the cache by hand, it cannot be reached: {error}")
