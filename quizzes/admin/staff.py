"""Who is at work in the admin."""

from django.http import HttpRequest

from prepsite.accounts.models import User


def staff(request: HttpRequest) -> User | None:
    """Return who is at work here, for the record of what they save."""
    return request.user if isinstance(request.user, User) else None
