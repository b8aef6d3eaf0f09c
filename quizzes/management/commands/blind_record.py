"""Score a reader's answers to a blind sheet and write the records into the content files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from prepsite.content.files import ContentError
from quizzes import blind
from quizzes.contentfiles import CONTENT_DIR


class Command(BaseCommand):
    help = "Record the answers to a blind sheet; disagreements are printed with their reasons."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("answers", type=Path, metavar="FILE", help="the reader's JSON answers")
        parser.add_argument("--sheet", type=Path, required=True, help="the sheet that was given")
        parser.add_argument("--solver", required=True, help="who answered, such as blind-reader-1")
        parser.add_argument("--content", type=Path, default=CONTENT_DIR)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcomes = blind.record(
                options["content"],
                blind.read_answers(options["answers"]),
                blind.read_map(options["sheet"]),
                options["solver"],
                timezone.localdate(),
            )
        except ContentError as error:
            raise CommandError(str(error)) from error
        agreed = sum(outcome.agreed for outcome in outcomes)
        self.stdout.write(f"{agreed} of {len(outcomes)} agree with the key.")
        for outcome in outcomes:
            if not outcome.agreed or outcome.confidence == "low":
                self.stdout.write(
                    f"{outcome.key}: key {outcome.answer}, reader {outcome.picked}"
                    f" ({outcome.confidence}): {outcome.reason}"
                )
