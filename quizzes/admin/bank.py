"""Areas, topics, sources, questions and rulings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html

from prepsite.content.lookonly import LookOnlyInline
from quizzes import publication, rulings
from quizzes.admin.exchange import ItemExchange
from quizzes.admin.staff import staff
from quizzes.forms import AnswerForm
from quizzes.items import ItemError, is_solved_blind, spec_of
from quizzes.itemspec import LETTERS, StatusName
from quizzes.models import (
    Area,
    BlindSolve,
    KeyRuling,
    Question,
    QuestionVersion,
    Source,
    Status,
    Topic,
    VersionStat,
)
from quizzes.rendering import content_of, face_of
from quizzes.views.practice import verdicts_of


class FrameAdmin(admin.ModelAdmin):
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


class VersionInline(LookOnlyInline):
    model = QuestionVersion
    verbose_name_plural = "versions"
    fields = ["number", "difficulty", "code_year", "valid_to", "created_at", "created_by", "stat"]
    ordering = ["-number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionVersion]:
        return super().get_queryset(request).select_related("question", "stat", "created_by")

    @admin.display(description="correct at first try")
    def stat(self, obj: QuestionVersion) -> VersionStat:
        return obj.stat


class BlindSolveInline(LookOnlyInline):
    model = BlindSolve
    fields = ["solver", "picked", "agreed", "confidence", "reason", "solved_on"]


class QuestionForm(ModelForm):
    """Status and place of an item; what it says is edited as its next version."""

    class Meta:
        model = Question
        fields = ["topic", "rule", "status", "cpt_content"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") == Status.PUBLISHED and data.get("topic"):
            spec = spec_of(self.instance).model_copy(
                update={"status": StatusName.PUBLISHED, "cpt_content": data["cpt_content"]}
            )
            for problem in publication.problems_of(spec, data["topic"], self.instance):
                self.add_error("status", problem)
        return data


@admin.register(Question)
class QuestionAdmin(ItemExchange, admin.ModelAdmin):
    form = QuestionForm
    list_display = ["key", "topic", "status", "cpt_content", "valid_to", "preview"]
    list_filter = [
        "status",
        "topic__area__subject",
        "topic__area",
        "current__difficulty",
        "current__code_year",
        "cpt_content",
    ]
    list_select_related = ["topic", "current"]
    search_fields = ["key", "rule", "current__stem"]
    autocomplete_fields = ["topic"]
    readonly_fields = ["key", "solved_blind", "edit", "preview"]
    fields = [
        "key",
        "topic",
        "rule",
        "status",
        "solved_blind",
        "cpt_content",
        "edit",
        "preview",
    ]
    inlines = [BlindSolveInline, VersionInline]
    actions = ["publish", "send_to_review", "retire"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new item begins with its wording, under versions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        """An item that learners have met is retired, never deleted."""
        return False

    @admin.display(description="valid to", ordering="current__valid_to")
    def valid_to(self, obj: Question) -> Any:
        return obj.current.valid_to if obj.current else None

    @admin.display(description="solved blind", boolean=True)
    def solved_blind(self, obj: Question) -> bool:
        if obj.current is None:
            return False
        key = obj.current.choices.get(is_key=True).letter
        return is_solved_blind(obj, obj.current.sheet_digest, key)

    @admin.display(description="wording")
    def edit(self, obj: Question) -> str:
        url = reverse("admin:quizzes_questionversion_change", args=[obj.current_id])
        return format_html('<a href="{}">Edit the wording</a>', url)

    @admin.display(description="preview")
    def preview(self, obj: Question) -> str:
        url = reverse("admin:quizzes_question_preview", args=[obj.pk])
        return format_html('<a href="{}">As learners see it</a>', url)

    def save_model(
        self, request: HttpRequest, obj: Question, form: ModelForm, change: bool
    ) -> None:
        """Write through the one door for items, so that every rule holds here too."""
        stored = Question.objects.get(pk=obj.pk)
        spec = spec_of(stored).model_copy(
            update={
                "rule": obj.rule,
                "status": StatusName(obj.status),
                "cpt_content": obj.cpt_content,
            }
        )
        publication.save(spec, obj.topic, by=staff(request))

    def _set_status(
        self, request: HttpRequest, questions: QuerySet[Question], status: StatusName
    ) -> None:
        changed = 0
        for question in questions.select_related("topic__area", "current"):
            try:
                result = publication.set_status(question, status, staff(request))
            except ItemError as error:
                self.message_user(request, f"{question.key}: {error.message}", messages.ERROR)
                continue
            if result.changed:
                changed += 1
                self.log_change(request, question, f"Status: {status}")
        self.message_user(request, f"{changed} items changed to {Status(status).label.lower()}.")

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        self._set_status(request, queryset, StatusName.PUBLISHED)

    @admin.action(description="Send to review", permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        self._set_status(request, queryset, StatusName.IN_REVIEW)

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        self._set_status(request, queryset, StatusName.RETIRED)

    def get_urls(self) -> list[Any]:
        preview = path(
            "<int:pk>/preview/",
            self.admin_site.admin_view(self.preview_view),
            name="quizzes_question_preview",
        )
        return [preview, *super().get_urls()]

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show an item as learners see it; checking an answer here saves nothing."""
        question = get_object_or_404(Question.objects.exclude(current=None), pk=pk)
        if not self.has_view_permission(request, question):
            return HttpResponse(status=403)
        content = content_of(question.current_id or 0)
        context: dict[str, Any] = {
            "title": f"Preview: {question.key}",
            "number": 1,
            "n_items": 1,
            "answered": 0,
            "action": request.path,
            "preview": True,
        }
        form = AnswerForm(request.POST or None, content=content)
        if not form.is_valid():
            context |= {"face": face_of(content, seed=question.pk), "form": form}
        else:
            choice = form.cleaned_data["choice"]
            context |= {
                "content": content,
                "correct": content.is_correct(choice),
                "correct_count": int(content.is_correct(choice)),
                "answered": 1,
                "verdicts": verdicts_of(content, question.pk, choice.id),
            }
        return render(request, "quizzes/question.html", context)


class RulingForm(ModelForm):
    """A correction of a key: letters that count, or credit for all."""

    accepted = forms.MultipleChoiceField(
        choices=[(letter, letter) for letter in LETTERS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Letters as in the file. Leave all empty to give credit for every answer.",
    )

    class Meta:
        model = KeyRuling
        fields = ["version", "accepted", "credit_all", "reason"]

    def clean_accepted(self) -> str:
        return "".join(self.cleaned_data["accepted"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("accepted")) == bool(data.get("credit_all")):
            self.add_error("accepted", "Name the accepted letters, or give credit for all.")
        return data


@admin.register(KeyRuling)
class KeyRulingAdmin(admin.ModelAdmin):
    """Rulings are added, never changed; adding one scores all answers anew."""

    form = RulingForm
    list_display = ["version", "__str__", "reason", "at", "by"]
    list_select_related = ["version__question", "by"]
    search_fields = ["version__question__key", "reason"]
    autocomplete_fields = ["version"]

    def has_change_permission(self, request: HttpRequest, obj: KeyRuling | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: KeyRuling | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: KeyRuling, form: ModelForm, change: bool
    ) -> None:
        ruling = rulings.rule(
            obj.version,
            accepted=obj.accepted,
            credit_all=obj.credit_all,
            reason=obj.reason,
            by=staff(request),
        )
        obj.pk = ruling.pk
