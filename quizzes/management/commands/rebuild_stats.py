"""Recount everything that is derived from answers."""

from typing import Any

from django.core.management.base import BaseCommand

from quizzes import rulings, stats


class Command(BaseCommand):
    help = "Recount what learners have seen and how items do, from the answers."

    def handle(self, *args: Any, **options: Any) -> None:
        rulings.rescore_ruled()
        stats.rebuild()
        self.stdout.write("Recounted.")
