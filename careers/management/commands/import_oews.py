"""Import a later release of the official wage survey."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from careers.oews.release import ImportReport, Move, import_release
from careers.oews.table import month_in
from prepsite.content.files import ContentError


def _month(text: str) -> dt.date:
    try:
        return month_in(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    help = (
        "Add a release of BLS's wage survey (OEWS): the file of the states and that of the "
        "nation, as .xlsx, .zip or .csv. All of them, or nothing if anything is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="+", type=Path, help="such as oesm26st.zip and oesm26nat.zip"
        )
        parser.add_argument(
            "--release",
            type=_month,
            metavar="YYYY-MM",
            help="the survey's month, where the file's name does not tell",
        )
        parser.add_argument(
            "--published",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="when BLS published it; without it pages show the survey's month as the date",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="take the file's numbers where the release is here with others",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Report what would change and save nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_release(
                options["file"],
                now=timezone.now(),
                release=options["release"],
                published=options["published"],
                replace=options["replace"],
                dry_run=options["dry_run"],
            )
        except ContentError as error:
            raise CommandError(str(error)) from error
        for line in _lines(report):
            self.stdout.write(line)


def _lines(report: ImportReport) -> list[str]:
    """Return the summary for people."""
    saved = ", not saved" if report.dry_run else ""
    counts = (
        f"{report.areas} areas read",
        f"{report.created} added",
        f"{len(report.replaced)} corrected",
        f"{report.unchanged} unchanged",
    )
    lines = [f"{report.release:%B %Y}{saved}: {', '.join(counts)}"]
    if report.missing:
        lines.append(f"No row in this release: {', '.join(report.missing)}")
    if not report.has_nation:
        lines.append("The nation is missing: it stands in BLS's national file, so import that too")
    lines += [f"Not released: {said}" for said in report.not_released]
    lines += [f"Note: {said}" for said in report.notes]
    if report.compared_with:
        since = f"{report.compared_with:%B %Y}"
        lines += _moved(f"Annual medians that rose most since {since}:", report.rises)
        lines += _moved(f"Annual medians that fell most since {since}:", report.falls)
    if report.shown:
        lines.append(f"Pages show {report.shown:%B %Y}")
    return lines


def _moved(title: str, moves: list[Move]) -> list[str]:
    if not moves:
        return []
    said = (
        f"  {move.area}: ${move.before:,} to ${move.after:,} ({move.percent:+.1f}%)"
        for move in moves
    )
    return [title, *said]
