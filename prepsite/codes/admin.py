"""Code sets are looked at here, and changed by loading a release."""

from django.contrib import admin

from prepsite.codes.models import (
    CodeChange,
    CodeSet,
    HcpcsCode,
    IcdEntry,
    IcdNote,
    PlaceOfService,
)
from prepsite.content.lookonly import LookOnlyAdmin


@admin.register(CodeSet)
class CodeSetAdmin(LookOnlyAdmin):
    list_display = [
        *("__str__", "effective_from", "effective_to", "notes_year", "source", "loaded_at"),
    ]


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
    list_display = ["code", "description", "section", "effective_from", "effective_to", "source"]
    list_filter = ["source", "is_modifier", "section"]
    search_fields = ["code", "description"]


@admin.register(PlaceOfService)
class PlaceOfServiceAdmin(LookOnlyAdmin):
    list_display = ["code", "name", "description", "effective_from"]
    search_fields = ["code", "name", "description"]


@admin.register(CodeChange)
class CodeChangeAdmin(LookOnlyAdmin):
    """What each load changed; the items concerned are listed with the questions."""

    list_display = ["code", "kind", "before", "after", "release", "holds_from", "holds_to"]
    list_filter = ["release", "kind"]
    search_fields = ["code", "before", "after"]
    show_full_result_count = False
