"""Code sets are looked at here, and changed by loading a release."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from prepsite.codes.models import CodeSet, HcpcsCode, IcdEntry


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CodeSet)
class CodeSetAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "effective_from", "effective_to", "source", "loaded_at"]


@admin.register(IcdEntry)
class IcdEntryAdmin(ReadOnlyAdmin):
    list_display = ["code", "title", "kind", "is_billable", "code_set"]
    list_filter = ["code_set", "kind", "is_billable"]
    list_select_related = ["code_set"]
    search_fields = ["code", "title"]
    show_full_result_count = False


@admin.register(HcpcsCode)
class HcpcsCodeAdmin(ReadOnlyAdmin):
    list_display = ["code", "description", "section", "effective_from", "effective_to"]
    list_filter = ["is_modifier", "section"]
    search_fields = ["code", "description"]
