"""Who is at work in the admin, and what they hear when an item refuses a change."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from prepsite.accounts.models import User
from quizzes.items import ItemError


def staff(request: HttpRequest) -> User | None:
    """Return who is at work here, for the record of what they save."""
    return request.user if isinstance(request.user, User) else None


class RefusalAsMessage:
    """A model admin whose page says why an item refused a change.

    Forms ask before they save; this is for what changed between the two.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        except ItemError as error:
            messages.error(request, error.message)
            return redirect(request.path)
