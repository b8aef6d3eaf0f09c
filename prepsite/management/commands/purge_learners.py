"""Erase anonymous learners who have not been here for a long time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from prepsite.accounts.purge import idle_since, months_before, purge

DEFAULT_MONTHS = 13


class Command(BaseCommand):
    help = "Erase learners without an account who have been idle; statistics stay true."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, default=DEFAULT_MONTHS)
        parser.add_argument("--dry-run", action="store_true", help="only say how many")

    def handle(self, *args: Any, months: int, dry_run: bool, **options: Any) -> None:
        if not 1 <= months <= 1_200:
            raise CommandError("--months must lie between 1 and 1200.")
        moment = months_before(timezone.now(), months)
        if dry_run:
            count = idle_since(moment).count()
            self.stdout.write(f"{count} learners idle since {moment:%Y-%m-%d} would be erased.")
            return
        total = 0
        for number in purge(moment):
            total += number
            if options["verbosity"] > 1:
                self.stdout.write(f"{total} …")
        self.stdout.write(f"{total} learners idle since {moment:%Y-%m-%d} erased.")
