"""Submit the mocks whose time is up."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.mock import submitting


class Command(BaseCommand):
    help = "Submit the mock exams whose time is up, with what was saved. Run it every few minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        closed = submitting.close_due(timezone.now())
        self.stdout.write(f"Closed {closed} mock exam{'' if closed == 1 else 's'}.")
