"""Count finished sessions into the items' statistics."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes import itemstats, rulings


class Command(BaseCommand):
    help = "Count the answers of finished sessions into the items' statistics. Run it every hour."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        rulings.rescore_ruled(since=now - timedelta(days=1))
        counted = itemstats.roll_up(now)
        self.stdout.write(f"Counted {counted} session{'' if counted == 1 else 's'}.")
