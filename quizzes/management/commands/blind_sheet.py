"""Write the blind sheet of an area: stems, notes and shuffled options, without keys."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from prepsite.content.files import ContentError
from quizzes import blind
from quizzes.contentfiles import CONTENT_DIR, read_bank


class Command(BaseCommand):
    help = "Write a blind sheet outside the repository, for a reader who sees nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("areas", nargs="+", metavar="AREA", help="slugs of areas or topics")
        parser.add_argument("--output", type=Path, required=True, help="file to write")
        parser.add_argument("--all", action="store_true", help="also items that are solved already")
        parser.add_argument("--key", action="append", default=[], help="only these items")
        parser.add_argument("--content", type=Path, default=CONTENT_DIR)

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"].resolve()
        if output.is_relative_to(settings.BASE_DIR):
            raise CommandError("The sheet must lie outside the repository.")
        try:
            bank = read_bank(options["content"])
        except ContentError as error:
            raise CommandError(str(error)) from error
        wanted = set(options["areas"])
        known = {item.area for item in bank.items} | {item.topic for item in bank.items}
        if strange := sorted(wanted - known):
            raise CommandError(f"No items in: {', '.join(strange)}")
        items = [
            item
            for item in bank.items
            if wanted & {item.area, item.topic}
            and (options["all"] or not item.spec.is_solved_blind())
            and (not options["key"] or item.spec.key in options["key"])
        ]
        if not items:
            raise CommandError("Every item there is solved blind already.")
        blind.write_sheet(blind.make_sheet(items), output)
        self.stdout.write(f"{len(items)} item{pluralize(len(items))}: {output}")
        self.stdout.write(f"Keep {blind.map_path(output)} from the reader.")
