"""What the admin of all tables of the guide shares."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date
from simple_history.utils import bulk_update_with_history

from careers.admin.filters import ReviewFilter
from careers.admin.history import EntryHistoryAdmin
from careers.exchange import EntryResource, kind_of
from careers.review import in_a_year
from prepsite.content.exchange.admin import ExchangeMixin

# Who said it, when, and when staff should look again.
SHOWN = ["source", "quoted_in", "dated", "checked_on", "review_by", "position"]
FILTERS = [ReviewFilter, "source", "quoted_in", "as_of"]
SOURCES = ["source", "quoted_in"]

# The form's groups; what a model adds of its own stands above them.
GROUPS = {
    "Amount": ["low", "high", "open_ended", "approximate", "unit", "headline"],
    "Source and date": [
        "source",
        "quoted_in",
        "as_of",
        "as_of_precision",
        "checked_on",
        "review_by",
    ],
    "Key and place": ["slug", "position"],
}


class EntryAdmin(ExchangeMixin, EntryHistoryAdmin):
    """What all rows share: listed in page order, known to the files by their key."""

    ordering = ["position", "slug"]
    import_export_change_list_template = "admin/careers/entry_list.html"
    import_help = "Columns that a file leaves out stay as they are."

    def make_resource(self, **choices: Any) -> EntryResource:
        return EntryResource(kind_of(self.model), **choices)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Put first what the row says, then what all rows share."""
        names = self.get_fields(request, obj)
        groups = {
            title: [name for name in group if name in names] for title, group in GROUPS.items()
        }
        shared = {name for group in groups.values() for name in group}
        own = [name for name in names if name not in shared]
        named = [(title, {"fields": group}) for title, group in groups.items() if group]
        return [(None, {"fields": own}), *named]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Keep the key: under another one the files would load the row a second time."""
        return ["slug"] if obj else []


class SourcedAdmin(EntryAdmin):
    """Rows with a source, which is found by typing."""

    autocomplete_fields = SOURCES
    list_select_related = SOURCES
    actions = ["reviewed"]

    @admin.action(description="Reviewed today: next review in a year", permissions=["change"])
    def reviewed(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Set the next review date; what is shown stays as it is."""
        next_review = in_a_year(timezone.localdate())
        with transaction.atomic():
            rows = list(queryset.exclude(review_by=next_review))
            for row in rows:
                row.review_by = next_review
            if rows:
                bulk_update_with_history(
                    rows,
                    self.model,
                    ["review_by"],
                    default_user=request.user,
                    default_change_reason="Reviewed",
                )
                LogEntry.objects.log_actions(
                    request.user.pk or 0, rows, CHANGE, "Reviewed; next review in a year."
                )
        when = format_date(next_review, "F j, Y")
        count = f"{len(rows)} row" if len(rows) == 1 else f"{len(rows)} rows"
        self.message_user(request, f"{count} reviewed; the next review is on {when}.")
