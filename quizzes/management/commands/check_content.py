"""Check the bank's files, and against the database what was edited since the last load."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from quizzes import contentcheck
from quizzes.contentfiles import CONTENT_DIR
from quizzes.contentload import check_database


class Command(BaseCommand):
    help = "Check every item; exits with an error if one is wrong. Works without a database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print counts and problems as JSON")
        parser.add_argument("--content", type=Path, default=CONTENT_DIR)

    def handle(self, *args: Any, **options: Any) -> None:
        has_database = _has_database()
        report = contentcheck.check(options["content"], use_database=has_database)
        if has_database:
            report.problems.extend(check_database())
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=1))
        else:
            for problem in report.problems:
                self.stdout.write(str(problem))
            self.stdout.write(
                f"{report.published} published items, {len(report.errors)} errors,"
                f" {len(report.problems) - len(report.errors)} warnings"
            )
        if report.errors:
            raise CommandError(f"{len(report.errors)} errors", returncode=1)


def _has_database() -> bool:
    """Tell whether there is a migrated database to compare with."""
    try:
        return "quizzes_question" in connection.introspection.table_names()
    except DatabaseError:
        return False
