"""What the admin of all tables of the guide shares."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import NestedObjects
from django.db import router, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from simple_history.utils import bulk_update_with_history

from careers import mentions
from careers.admin.filters import ReviewFilter
from careers.admin.forms import EntryForm, FigureForm
from careers.admin.preview import PreviewAdmin
from careers.changes import logged_models
from careers.exchange import EntryResource, kind_of
from careers.models import Entry
from careers.review import in_a_year
from prepsite.content import revision
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
    "Why it changes": ["change_reason"],
    "Key and place": ["slug", "position"],
}


class EntryAdmin(ExchangeMixin, PreviewAdmin):
    """What all rows share: listed in page order, known to the files by their key."""

    ordering = ["position", "slug"]
    import_export_change_list_template = "admin/careers/entry_list.html"
    import_help = "Columns that a file leaves out stay as they are."

    def make_resource(self, **choices: Any) -> EntryResource:
        return EntryResource(kind_of(self.model), **choices)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = FigureForm if logged_models([self.model]) else EntryForm
        return super().get_form(request, obj, change, **{"form": form, **kwargs})

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse to delete figures that a text names, and say which texts do."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        collector = NestedObjects(using=router.db_for_write(self.model))
        collector.collect(objs)
        gone = [row for rows in collector.data.values() for row in rows]
        naming = mentions.texts_naming(mentions.names_of(gone))
        return deleted, counts, lacking, [*protected, *(_mention(text) for text in naming)]

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


def _mention(text: Entry) -> str:
    """Return a link to a text, with what to do there."""
    url = reverse(f"admin:careers_{text._meta.model_name}_change", args=[text.pk])
    return format_html(
        '{} <a href="{}">{}</a>, whose text names the figure: take it out there first',
        str(text._meta.verbose_name).capitalize(),
        url,
        text,
    )


class SourcedAdmin(EntryAdmin):
    """Rows with a source, which is found by typing."""

    autocomplete_fields = SOURCES
    list_select_related = SOURCES
    actions = ["reviewed"]

    @admin.action(description="Reviewed today: next review in a year", permissions=["change"])
    def reviewed(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Set the day of the check and of the next one; the figure stays as it is."""
        today = timezone.localdate()
        next_review = in_a_year(today)
        with transaction.atomic():
            rows = list(queryset.exclude(review_by=next_review, checked_on=today))
            for row in rows:
                row.review_by, row.checked_on = next_review, today
            if rows:
                bulk_update_with_history(
                    rows,
                    self.model,
                    ["review_by", "checked_on"],
                    default_user=request.user,
                    default_change_reason="Reviewed",
                )
                # In bulk, so no signal does it: the day of the check stands beside a figure.
                revision.bump()
                LogEntry.objects.log_actions(
                    request.user.pk or 0, rows, CHANGE, "Reviewed; next review in a year."
                )
        when = format_date(next_review, "F j, Y")
        count = f"{len(rows)} row" if len(rows) == 1 else f"{len(rows)} rows"
        self.message_user(request, f"{count} reviewed; the next review is on {when}.")
