"""One admin for each table of the guide."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from careers import models
from careers.admin.base import FILTERS, SHOWN, SOURCES, EntryAdmin, SourcedAdmin
from careers.review import SOON, due_tables, may, sourced_models, split_at
from prepsite.content.lookonly import LookOnlyAdmin


@admin.register(models.Source)
class SourceAdmin(EntryAdmin):
    list_display = ["__str__", "publisher", "release", "url", "position"]
    list_filter = ["publisher"]
    search_fields = ["slug", "name", "publisher", "note"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.due_view)
        return [path("due/", view, name="careers_source_due"), *super().get_urls()]

    def due_view(self, request: HttpRequest) -> HttpResponse:
        """List the figures of all tables that are past their review date, or soon will be."""
        visible = [
            model
            for model in sourced_models()
            if may(request.user, "view", model) or may(request.user, "change", model)
        ]
        if not visible:
            raise PermissionDenied
        today = timezone.localdate()
        past, soon = split_at(due_tables(visible, today + SOON), today)
        context = {
            **self.admin_site.each_context(request),
            "title": "Figures to review",
            "opts": self.opts,
            "groups": [
                {"title": "Past their review date", "anchor": "past", "tables": past},
                {"title": "Due within 60 days", "anchor": "soon", "tables": soon},
            ],
        }
        return TemplateResponse(request, "admin/careers/due.html", context)


@admin.register(models.Page)
class PageAdmin(EntryAdmin):
    list_display = ["__str__", "nav_title", "slug", "updated_on", "position"]
    search_fields = ["slug", "title", "description", "answer"]


@admin.register(models.Section)
class SectionAdmin(EntryAdmin):
    list_display = ["__str__", "page", "block", "position"]
    list_filter = ["page", "block"]
    list_select_related = ["page"]
    search_fields = ["slug", "title", "body", "note"]
    autocomplete_fields = ["page"]


@admin.register(models.Area)
class AreaAdmin(EntryAdmin):
    list_display = ["__str__", "postal", "fips", "kind", "neighbours", "position"]
    list_filter = ["kind"]
    search_fields = ["slug", "name", "postal", "fips"]


@admin.register(models.Wage)
class WageAdmin(SourcedAdmin):
    list_display = [
        "area",
        "released",
        "employment",
        "annual_p10",
        "annual_median",
        "annual_p90",
        "annual_mean",
        *SHOWN,
    ]
    list_filter = ["release", "area__kind", *FILTERS]
    search_fields = ["slug", "area__name", "area__postal"]
    autocomplete_fields = [*SOURCES, "area"]
    list_select_related = [*SOURCES, "area"]
    ordering = ["-release", "area__position", "area__slug"]


@admin.register(models.Question)
class QuestionAdmin(EntryAdmin):
    list_display = ["__str__", "position"]
    search_fields = ["slug", "question", "answer"]


@admin.register(models.ExamFact)
class ExamFactAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "group", *SHOWN]
    list_filter = ["group", *FILTERS, "unit"]
    search_fields = ["slug", "label", "text"]


@admin.register(models.ExamCost)
class ExamCostAdmin(SourcedAdmin):
    list_display = ["__str__", "amount_in_words", "pays_back", "remark", *SHOWN]
    list_filter = ["pays_back", *FILTERS, "unit"]
    search_fields = ["slug", "label", "remark"]


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


@admin.register(models.CredentialStep)
class CredentialStepAdmin(EntryAdmin):
    list_display = ["__str__", "lower", "higher", "position"]
    list_filter = ["lower", "higher"]
    search_fields = ["slug", "lower__status", "higher__status"]
    autocomplete_fields = ["lower", "higher"]
    list_select_related = ["lower", "higher"]


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
    list_display = ["__str__", "amount_in_words", "certification", "demand", "is_general", *SHOWN]
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
