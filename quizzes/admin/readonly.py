"""Admin classes for what staff look at and do not change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from prepsite.accounts.models import User


def staff(request: HttpRequest) -> User | None:
    """Return who is at work here, for the record of what they save."""
    return request.user if isinstance(request.user, User) else None


class LookOnly:
    """Permissions of a page that only shows."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LookOnlyAdmin(LookOnly, admin.ModelAdmin):
    """A list and its rows, without buttons that save."""


class LookOnlyInline(LookOnly, admin.TabularInline):
    """Rows of a parent, shown beneath it."""

    extra = 0
    show_change_link = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show columns that no form could hold, such as the time of writing."""
        return self.fields or []
