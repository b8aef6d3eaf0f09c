"""Areas, topics and sources."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from prepsite.content.historyadmin import HistoryAdmin
from quizzes.models import Area, Source, Topic


class FrameAdmin(HistoryAdmin):
    """Rows that files name by their slug: it stays, and so do they."""

    named_by = "name"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Any = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": [self.named_by]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Area)
class AreaAdmin(FrameAdmin):
    list_display = ["name", "tab", "subject", "exam_count", "position", "checked_on"]
    list_filter = ["subject"]
    search_fields = ["name", "slug"]


@admin.register(Topic)
class TopicAdmin(FrameAdmin):
    list_display = ["name", "area", "slug", "position"]
    list_filter = ["area__subject", "area"]
    list_select_related = ["area"]
    search_fields = ["name", "slug", "area__name"]
    autocomplete_fields = ["area"]


@admin.register(Source)
class SourceAdmin(FrameAdmin):
    named_by = "title"
    list_display = ["title", "publisher", "edition", "slug"]
    search_fields = ["title", "publisher", "slug"]
