"""Admin classes for what staff look at and do not change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show columns that no form could hold, such as the time of writing."""
        return self.fields or []
