"""Write items for another program, or as a table to edit: what learners have, unless asked."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from prepsite.content import revision
from quizzes.interchange import formats
from quizzes.itemspec import StatusName
from quizzes.models import Area, Question, Topic


class Command(BaseCommand):
    help = "Write items as CSV, JSON, GIFT, Moodle XML or Anki package."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=list(formats.OUT))
        parser.add_argument("--output", type=Path, required=True, help="file to write")
        parser.add_argument("--area", action="append", default=[], help="only this area's items")
        parser.add_argument("--topic", action="append", default=[], help="only this topic's items")
        parser.add_argument(
            "--status",
            choices=[*StatusName, "any"],
            default=StatusName.PUBLISHED,
            help="only items with this status (default: published)",
        )
        parser.add_argument("--dry-run", action="store_true", help="count, but write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for model, slugs in ((Area, options["area"]), (Topic, options["topic"])):
            known = model.objects.filter(slug__in=slugs).values_list("slug", flat=True)
            if strange := sorted(set(slugs) - set(known)):
                raise CommandError(f"No such {model._meta.verbose_name}: {', '.join(strange)}")
        questions = Question.objects.exclude(current=None)
        if options["area"]:
            questions = questions.filter(topic__area__slug__in=options["area"])
        if options["topic"]:
            questions = questions.filter(topic__slug__in=options["topic"])
        if options["status"] != "any":
            questions = questions.filter(status=options["status"])
        if not revision.current().show_cpt_content:
            withdrawn = questions.filter(cpt_content=True).count()
            questions = questions.filter(cpt_content=False)
            self.stdout.write(f"{withdrawn} items with CPT content are withdrawn and left out.")
        count = questions.count()
        if not count:
            raise CommandError("There are no such items. Nothing was written.")
        if options["dry_run"]:
            self.stdout.write(f"{count} items (dry run, nothing written)")
            return
        content = formats.write(
            formats.OUT[options["format"]],
            questions,
            site_name=settings.SITE_NAME,
            now=timezone.now(),
        )
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}") from error
        self.stdout.write(f"{count} items: {options['output']}")
