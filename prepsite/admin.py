"""What staff did, for everybody at work here to look up."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django.utils.html import format_html

from prepsite.content.lookonly import LookOnlyAdmin


@admin.register(LogEntry)
class LogEntryAdmin(LookOnlyAdmin):
    """Django's log of the admin: who saved what, and when."""

    list_display = ["action_time", "user", "content_type", "what", "message"]
    list_display_links = None
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message", "user__email"]
    date_hierarchy = "action_time"
    show_full_result_count = False

    @admin.display(description="what")
    def what(self, obj: LogEntry) -> str:
        url = obj.get_admin_url()
        if obj.is_deletion() or not url:
            return obj.object_repr
        return format_html('<a href="{}">{}</a>', url, obj.object_repr)

    @admin.display(description="action")
    def message(self, obj: LogEntry) -> str:
        return obj.get_change_message() or str(obj.get_action_flag_display())

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        """Let everybody at work here look: no entry tells more than the page it names."""
        return bool(request.user.is_active and request.user.is_staff)
