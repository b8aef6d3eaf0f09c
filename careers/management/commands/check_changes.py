"""``manage.py check_changes``: does the public log agree with the history of the rows?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from careers.changecheck import faults


class Command(BaseCommand):
    """Compare the log of changed figures with the history; ends with 1 where they differ."""

    help = "Compare the public log of changed figures with the history of the rows."

    def handle(self, *args: Any, **options: Any) -> None:
        if found := faults():
            raise CommandError("\n".join(found))
        self.stdout.write("The log of changed figures agrees with the history.")
