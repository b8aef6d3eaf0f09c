"""Code sets are looked at here, and changed by loading a release."""

from django.contrib import admin

from prepsite.codes.models import CodeSet, HcpcsCode, IcdEntry, IcdNote
from prepsite.content.lookonly import LookOnlyAdmin


@admin.register(CodeSet)
class CodeSetAdmin(LookOnlyAdmin):
    list_display = ["__str__", "effective_from", "effective_to", "source", "loaded_at"]


@admin.register(IcdEntry)
class IcdEntryAdmin(LookOnlyAdmin):
    list_display = ["code", "title", "kind", "is_billable", "code_set"]
    list_filter = ["code_set", "kind", "is_billable"]
    list_select_related = ["code_set"]
    search_fields = ["code", "title"]
    show_full_result_count = False


@admin.register(IcdNote)
class IcdNoteAdmin(LookOnlyAdmin):
    list_display = ["code", "kind", "text", "code_set"]
    list_filter = ["code_set", "kind"]
    list_select_related = ["code_set"]
    search_fields = ["code", "text"]
    show_full_result_count = False


@admin.register(HcpcsCode)
class HcpcsCodeAdmin(LookOnlyAdmin):
    list_display = ["code", "description", "section", "effective_from", "effective_to"]
    list_filter = ["is_modifier", "section"]
    search_fields = ["code", "description"]
