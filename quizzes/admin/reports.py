"""Reports from learners: read, mend, and say what was done."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import CharField, ModelForm, Textarea
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from quizzes import reports
from quizzes.admin.staff import staff
from quizzes.models import QuestionReport


class SettledFilter(admin.SimpleListFilter):
    title = "settled"
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Waiting"), ("yes", "Settled")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[QuestionReport]
    ) -> QuerySet[QuestionReport]:
        if self.value() in {"no", "yes"}:
            return queryset.filter(settled_at__isnull=self.value() == "no")
        return queryset


class SettleForm(ModelForm):
    outcome = CharField(
        label="What was done",
        widget=Textarea(attrs={"rows": 4}),
        help_text="In your own words: no change and why, or what was mended.",
    )

    class Meta:
        model = QuestionReport
        fields = ["outcome"]


@admin.register(QuestionReport)
class QuestionReportAdmin(admin.ModelAdmin):
    form = SettleForm
    list_display = ["__str__", "reason", "at", "is_settled"]
    list_filter = [SettledFilter, "reason", "answer__version__question__topic__area"]
    list_select_related = ["answer__version__question"]
    search_fields = ["answer__version__question__key", "note", "outcome"]
    readonly_fields = [
        *("item", "reason", "note", "at"),
        *("settled_at", "settled_by"),
    ]
    fields = [*readonly_fields[:4], "outcome", "settled_at", "settled_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: QuestionReport | None = None
    ) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: QuestionReport | None = None
    ) -> bool:
        """A settled report stays as it is."""
        is_open = obj is None or obj.settled_at is None
        return is_open and super().has_change_permission(request, obj)

    @admin.display(description="settled", boolean=True, ordering="settled_at")
    def is_settled(self, obj: QuestionReport) -> bool:
        return obj.settled_at is not None

    @admin.display(description="item")
    def item(self, obj: QuestionReport) -> str:
        question = obj.answer.version.question
        return format_html(
            '<a href="{}">{}</a> (<a href="{}">as learners see it</a>)',
            reverse("admin:quizzes_question_change", args=[question.pk]),
            question.key,
            reverse("admin:quizzes_question_preview", args=[question.pk]),
        )

    def save_model(
        self, request: HttpRequest, obj: QuestionReport, form: ModelForm, change: bool
    ) -> None:
        if not reports.settle(obj, obj.outcome, staff(request), timezone.now()):
            messages.warning(request, "A colleague settled this report before you.")
