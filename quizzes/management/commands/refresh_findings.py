"""Check every item of the database and keep what is wrong beside it."""

from typing import Any

from django.core.management.base import BaseCommand

from quizzes import findings


class Command(BaseCommand):
    help = "Check the whole bank anew for the staff's pages; run it after load_codes."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{findings.refresh_all()} findings.")
