"""Check the bank's files, and against the database what was edited since the last load."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from prepsite.content.files import ContentError
from quizzes.checks import CHECKS
from quizzes.checks.reference import read_reference
from quizzes.checks.report import CheckReport, check
from quizzes.contentfiles import CONTENT_DIR
from quizzes.contentload import check_database


class Command(BaseCommand):
    help = "Check every item; exits with an error if one is wrong. Works without a database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            metavar="PATH",
            help="list only the problems of these files or areas; comparisons still read all",
        )
        parser.add_argument("--list", action="store_true", help="print all checks and stop")
        parser.add_argument("--json", action="store_true", help="print counts and problems as JSON")
        parser.add_argument("--content", type=Path, default=CONTENT_DIR)
        parser.add_argument(
            "--reference",
            type=Path,
            metavar="DIR",
            help="also check HCPCS codes against hcpcs.csv and hcpcs_modifiers.csv there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._print_checks()
            return
        root: Path = options["content"]
        places = [_place(root, path) for path in options["paths"]]
        try:
            reference = read_reference(options["reference"]) if options["reference"] else None
        except ContentError as error:
            raise CommandError(str(error)) from error
        has_database = _has_database()
        report = check(root, use_database=has_database, reference=reference)
        if has_database:
            report.problems.extend(check_database())
        if places:
            report = report.only(places)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=1))
        else:
            self._print(report)
        if report.errors:
            raise CommandError(f"{len(report.errors)} errors", returncode=1)

    def _print_checks(self) -> None:
        for check_ in sorted(CHECKS, key=lambda check: check.id):
            self.stdout.write(
                f"{check_.id:<20} {check_.severity:<8} {check_.scope:<5} {check_.description}"
            )

    def _print(self, report: CheckReport) -> None:
        for problem in report.problems:
            self.stdout.write(str(problem))
        if report.cpt:
            named, found = report.cpt
            self.stdout.write(
                f"{found} of {named} CPT numbers are on the list of active ones;"
                " a number that is not on it may be active all the same"
            )
        self.stdout.write(
            f"{report.published} published items, {len(report.errors)} errors,"
            f" {len(report.problems) - len(report.errors)} warnings"
        )


def _place(root: Path, path: str) -> str:
    """Return a file or area as problems name it; raises CommandError if there is none."""
    for candidate in (Path(path).resolve(), (root / path).resolve()):
        if candidate.exists() and candidate.is_relative_to(root.resolve()):
            return candidate.relative_to(root.resolve()).as_posix()
    raise CommandError(f"{path} is no file or area of the bank in {root}.")


def _has_database() -> bool:
    """Tell whether there is a migrated database to compare with."""
    try:
        return "quizzes_question" in connection.introspection.table_names()
    except DatabaseError:
        return False
