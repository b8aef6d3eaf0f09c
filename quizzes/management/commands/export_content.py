"""Write the bank as content files: the exact counterpart of load_content."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from quizzes import contentload


class Command(BaseCommand):
    help = "Write blueprint, sources and all items as YAML files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        count = contentload.export(options["directory"])
        self.stdout.write(f"{count} items written to {options['directory']}")
