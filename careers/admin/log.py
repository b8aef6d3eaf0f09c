"""The public log in the admin: staff add why a figure changed, and nothing else."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from careers import models
from prepsite.content import revision


@admin.register(models.FigureChange)
class FigureChangeAdmin(admin.ModelAdmin):
    """What changed was written by the change itself."""

    list_display = ["__str__", "at", "kind", "table", "source", "note"]
    list_filter = ["kind", "model", "at"]
    search_fields = ["slug", "label", "before", "after", "source", "note"]
    fields = [
        *("note", "at", "kind", "table", "slug", "label", "before", "after"),
        *("source", "source_before", "place"),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [name for name in self.fields or () if isinstance(name, str) and name != "note"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # Pages that show the note are cached under it.
        revision.bump()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
