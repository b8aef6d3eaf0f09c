"""Staff edit every row here; an edit shows on the page within a second."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from careers import models
from prepsite.content.lookonly import LookOnlyAdmin

# Who said it, when, and when staff should look again.
SHOWN = ["source", "quoted_in", "dated", "review_by", "position"]
FILTERS = ["source", "quoted_in", "as_of", "review_by"]
SOURCES = ["source", "quoted_in"]

# The form's groups; what a model adds of its own stands above them.
GROUPS = {
    "Amount": ["low", "high", "open_ended", "approximate", "unit", "headline"],
    "Source and date": ["source", "quoted_in", "as_of", "as_of_precision", "review_by"],
    "Key and place": ["slug", "position"],
}


class EntryAdmin(admin.ModelAdmin):
    """What all rows share: listed in page order, known to the files by their key."""

    ordering = ["position", "slug"]

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


@admin.register(models.Source)
class SourceAdmin(EntryAdmin):
    list_display = ["__str__", "publisher", "release", "url", "position"]
    list_filter = ["publisher"]
    search_fields = ["slug", "name", "publisher", "note"]


@admin.register(models.Section)
class SectionAdmin(EntryAdmin):
    list_display = ["__str__", "block", "position"]
    list_filter = ["block"]
    search_fields = ["slug", "title", "body", "note"]


@admin.register(models.Resource)
class ResourceAdmin(EntryAdmin):
    list_display = ["__str__", "url", "position"]
    search_fields = ["slug", "name", "full_name", "offers"]


@admin.register(models.SalaryFigure)
class SalaryFigureAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "statistic", "in_overview", *SHOWN]
    list_filter = ["statistic", "in_overview", *FILTERS, "unit"]
    search_fields = ["slug", "label"]


@admin.register(models.SourceComparison)
class SourceComparisonAdmin(SourcedAdmin):
    list_display = ["__str__", "figure", "is_baseline", *SHOWN]
    list_filter = ["is_baseline", *FILTERS]
    search_fields = ["slug", "figure__label", "counts", "effect"]
    autocomplete_fields = [*SOURCES, "figure"]
    list_select_related = [*SOURCES, "figure"]


@admin.register(models.CertificationPay)
class CertificationPayAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "job_access", *SHOWN]
    list_filter = [*FILTERS, "unit"]
    search_fields = ["slug", "status", "job_access"]


@admin.register(models.CertificationPremium)
class CertificationPremiumAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "in_overview", *SHOWN]
    list_filter = ["in_overview", *FILTERS, "unit"]
    search_fields = ["slug", "label", "remark"]


@admin.register(models.StatePay)
class StatePayAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "end", "rank", *SHOWN]
    list_filter = ["end", *FILTERS, "unit"]
    search_fields = ["slug", "state", "remark"]


@admin.register(models.SpecialtyPay)
class SpecialtyPayAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "certification", "demand", *SHOWN]
    list_filter = ["demand", *FILTERS, "unit"]
    search_fields = ["slug", "specialty", "certification"]


@admin.register(models.NicheFact)
class NicheFactAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "specialty", "since_year", *SHOWN]
    list_filter = ["specialty", *FILTERS, "unit"]
    search_fields = ["slug", "label", "text", "specialty__specialty"]
    autocomplete_fields = [*SOURCES, "specialty"]
    list_select_related = [*SOURCES, "specialty"]


@admin.register(models.WorkModel)
class WorkModelAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "pay_effect", *SHOWN]
    list_filter = [*FILTERS, "unit"]
    search_fields = ["slug", "name", "pay_effect"]


@admin.register(models.RemoteAdvantage)
class RemoteAdvantageAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", *SHOWN]
    list_filter = [*FILTERS, "unit"]
    search_fields = ["slug", "label", "text"]


@admin.register(models.LadderLevel)
class LadderLevelAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "level", "years", *SHOWN]
    list_filter = [*FILTERS, "unit"]
    search_fields = ["slug", "title", "skills"]


@admin.register(models.AlternativePath)
class AlternativePathAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "route", "years", *SHOWN]
    list_filter = [*FILTERS, "unit"]
    search_fields = ["slug", "career", "route"]


@admin.register(models.OutlookFigure)
class OutlookFigureAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "remark", *SHOWN]
    list_filter = [*FILTERS, "unit"]
    search_fields = ["slug", "label", "remark"]


@admin.register(models.OutlookDriver)
class OutlookDriverAdmin(SourcedAdmin):
    list_display = ["__str__", *SHOWN]
    list_filter = [*FILTERS]
    search_fields = ["slug", "text"]


@admin.register(models.AiPoint)
class AiPointAdmin(SourcedAdmin):
    list_display = ["__str__", *SHOWN]
    list_filter = [*FILTERS]
    search_fields = ["slug", "label", "text"]


@admin.register(models.AdviceStage)
class AdviceStageAdmin(EntryAdmin):
    list_display = ["__str__", "years", "position"]
    search_fields = ["slug", "title"]


@admin.register(models.AdviceStep)
class AdviceStepAdmin(SourcedAdmin):
    list_display = ["__str__", "stage", "path", "premium", *SHOWN]
    list_filter = ["stage", *FILTERS]
    search_fields = ["slug", "text", "stage__title"]
    autocomplete_fields = [*SOURCES, "stage", "path", "premium"]
    list_select_related = [*SOURCES, "stage", "path", "premium"]


@admin.register(models.LoadedRow)
class LoadedRowAdmin(LookOnlyAdmin):
    """What the loader remembers."""

    list_display = ["slug", "kind", "loaded_at"]
    list_filter = ["kind"]
    search_fields = ["slug", "kind"]
