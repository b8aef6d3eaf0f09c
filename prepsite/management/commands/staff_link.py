"""Print the link with which a member of staff sets up the first second factor."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from prepsite.accounts import second_factor
from prepsite.accounts.models import User


class Command(BaseCommand):
    help = "Print a link, good for one hour, for the second factor of a staff account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="address of the staff account")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        if not (user.is_staff and user.is_active):
            raise CommandError(f"{user} is not on the staff.")
        if second_factor.is_enrolled(user):
            raise CommandError(
                f"{user} has a second factor already. A superuser can remove it in the admin."
            )
        self.stdout.write(f"{settings.SITE_URL}{second_factor.link_path(user)}")
