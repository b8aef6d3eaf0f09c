"""Bring items in from a table or a GIFT file: all of them, or none if one is wrong."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from prepsite.content import revision
from prepsite.content.exchange.formats import FileFault, read_text_file
from prepsite.content.exchange.forms import HEAD_BYTES, place_of
from prepsite.content.exchange.resource import Conflict, Outcomes, RowReport, Verdict
from quizzes.exchange import ItemResource, reference_problem
from quizzes.interchange import formats
from quizzes.interchange.drafts import Wishes
from quizzes.models import Topic


class Command(BaseCommand):
    help = "Import items from CSV, JSON or GIFT; new ones are drafts unless their row says else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=list(formats.IN), help="default: by the name")
        parser.add_argument("--topic", default="", help="topic of items that name none")
        parser.add_argument(
            "--reference",
            default="",
            help="reference of items that name none: 'source | section | address'",
        )
        parser.add_argument(
            "--on-conflict",
            choices=list(Conflict),
            default=Conflict.KEEP,
            help="an item that is here and differs: keep it (default), take the file's as the "
            "next version, or refuse the file",
        )
        parser.add_argument("--dry-run", action="store_true", help="report, but change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        topic, reference = options["topic"], options["reference"]
        if topic and not Topic.objects.filter(slug=topic).exists():
            raise CommandError(f"No such topic: {topic}")
        if reference and (problem := reference_problem(reference)):
            raise CommandError(f"--reference: {problem}")
        resource = ItemResource(
            conflict=options["on_conflict"],
            reason=f"Imported from {options['file'].name}"[:100],
            wishes=Wishes(topic, reference, timezone.localdate()),
        )
        try:
            content = read_text_file(options["file"])
            kinds = list(formats.IN.values())
            kind = (
                formats.IN[options["format"]]
                if options["format"]
                else kinds[place_of(options["file"].name, content[:HEAD_BYTES], kinds)]
            )
            outcomes = self._import(resource, kind, content, dry_run=options["dry_run"])
        except FileFault as fault:
            raise CommandError(f"Nothing was imported. {options['file']}: {fault}") from fault
        for report in outcomes.reports:
            for remark in report.remarks:
                self.stdout.write(_line(report, remark))
        counts = ", ".join(f"{number} {verdict}" for verdict, number in outcomes.counts().items())
        self.stdout.write(
            f"Items: {counts}{' (dry run, nothing saved)' if options['dry_run'] else ''}"
        )

    def _import(
        self, resource: ItemResource, kind: formats.TableFormat, content: bytes, *, dry_run: bool
    ) -> Outcomes:
        with transaction.atomic():
            outcomes = resource.import_data(kind().create_dataset(content), dry_run=dry_run)
            refused = [r for r in outcomes.reports if r.verdict is Verdict.REFUSED]
            if refused or dry_run:
                transaction.set_rollback(True)
        if refused or dry_run:
            # This process may have read the revision that is rolled back now.
            revision.forget()
        if refused:
            lines = [_line(report, problem) for report in refused for problem in report.problems]
            raise CommandError("\n".join(["Nothing was imported.", *lines]))
        return outcomes


def _line(report: RowReport, said: tuple[str, str]) -> str:
    place = f"{report.unit} {report.number}" + (f" ({report.key})" if report.key else "")
    return f"{place}: {' '.join(filter(None, said))}"
