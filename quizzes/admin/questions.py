"""Items: their list, their status, and everything that happened to them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from prepsite.content.lookonly import LookOnlyInline
from quizzes import findings, publication
from quizzes.admin.codereviews import ChangedCodes
from quizzes.admin.exchange import ItemExchange
from quizzes.admin.filters import FILTERS
from quizzes.admin.lookback import Lookback
from quizzes.admin.solving import BlindSolving
from quizzes.admin.staff import RefusalAsMessage, staff
from quizzes.bankstate import with_state
from quizzes.forms import AnswerForm
from quizzes.items import ItemError, spec_of
from quizzes.itemspec import StatusName
from quizzes.itemstats import in_words
from quizzes.models import BlindSolve, Question, QuestionVersion, Status, VersionStat
from quizzes.rendering import content_of, face_of
from quizzes.views.practice import verdicts_of


class VersionInline(LookOnlyInline):
    model = QuestionVersion
    verbose_name_plural = "versions"
    fields = ["number", "difficulty", "code_year", "valid_to", "created_at", "created_by", "stat"]
    ordering = ["-number"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionVersion]:
        return super().get_queryset(request).select_related("question", "stat", "created_by")

    @admin.display(description="correct at first try")
    def stat(self, obj: QuestionVersion) -> VersionStat:
        return obj.stat


class BlindSolveInline(LookOnlyInline):
    model = BlindSolve
    fields = ["solver", "picked", "agreed", "confidence", "reason", "solved_on", "wording"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlindSolve]:
        return super().get_queryset(request).select_related("question__current")

    @admin.display(description="wording")
    def wording(self, obj: BlindSolve) -> str:
        current = obj.question.current
        return "present" if current and current.sheet_digest == obj.sheet_digest else "earlier"


class QuestionForm(ModelForm):
    """Status and place of an item; what it says is edited as its next version."""

    # Who saves; the admin sets it on the class that it makes for a request.
    by: Any = None

    class Meta:
        model = Question
        fields = ["topic", "rule", "status", "cpt_content"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "status" in self.fields:
            allowed = publication.allowed_statuses(StatusName(self.instance.status), self.by)
            choices = [(value, label) for value, label in Status.choices if value in allowed]
            self.fields["status"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") == Status.PUBLISHED and data.get("topic") and self.has_changed():
            self._ask_for_publication(data)
        return data

    def _ask_for_publication(self, data: dict[str, Any]) -> None:
        if StatusName.PUBLISHED not in publication.allowed_statuses(None, self.by):
            self.add_error("status", publication.NOT_A_PUBLISHER)
            return
        spec = spec_of(self.instance).model_copy(
            update={"status": StatusName.PUBLISHED, "cpt_content": data["cpt_content"]}
        )
        for problem in publication.problems_of(spec, data["topic"], self.instance, self.by):
            self.add_error("status", problem)


@admin.register(Question)
class QuestionAdmin(
    RefusalAsMessage, ItemExchange, Lookback, BlindSolving, ChangedCodes, admin.ModelAdmin
):
    form = QuestionForm
    list_display = [
        "key",
        "status",
        "check_result",
        "solved_blind",
        "topic",
        "valid_to",
        "preview",
    ]
    list_per_page = 50
    list_filter = FILTERS  # type: ignore[assignment]  # (a list is not covariant)
    search_fields = ["key", "rule", "current__stem"]
    autocomplete_fields = ["topic"]
    readonly_fields = [
        *("key", "found", "changed_codes", "solved_blind", "how_it_does", "edit", "preview"),
    ]
    fields = [
        "key",
        "topic",
        "rule",
        "status",
        "found",
        "changed_codes",
        "solved_blind",
        "how_it_does",
        "cpt_content",
        "edit",
        "preview",
    ]
    inlines = [BlindSolveInline, VersionInline]
    actions = ["publish", "send_to_review", "retire", "codes_looked_at"]

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return with_state(super().get_queryset(request).select_related("current__stat", "topic"))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"by": staff(request)})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new item begins with its wording, under versions."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        """An item that learners have met is retired, never deleted."""
        return False

    def has_review_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(publication.REVIEW)) or self.has_publish_permission(
            request
        )

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(publication.PUBLISH))

    @admin.display(description="valid to", ordering="current__valid_to")
    def valid_to(self, obj: Question) -> Any:
        return obj.current.valid_to if obj.current else None

    @admin.display(description="check result", ordering="-n_errors")
    def check_result(self, obj: Any) -> str:
        """Count what the checks found; the item's page says it in words."""
        counts = [(obj.n_errors, "error"), (obj.n_warnings, "warning")]
        parts = [f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in counts if n]
        return ", ".join(parts) or "nothing found"

    @admin.display(description="checks")
    def found(self, obj: Question) -> str:
        if obj.status == Status.RETIRED:
            return "Retired items are not checked."
        lines = [
            (finding.get_severity_display(), findings.place_in_words(finding.field), finding)
            for finding in obj.findings.all()
        ]
        if not lines:
            return "The checks found nothing wrong."
        return format_html(
            '<ul class="findings">{}</ul>',
            format_html_join(
                "",
                "<li><strong>{}</strong> in {}: {}</li>",
                ((severity, place, finding.message) for severity, place, finding in lines),
            ),
        )

    @admin.display(description="solved blind")
    def solved_blind(self, obj: Any) -> str:
        if obj.is_disputed:
            return "readers disagree"
        return "yes" if obj.is_agreed else "no"

    @admin.display(description="how it does")
    def how_it_does(self, obj: Question) -> str:
        """Tell the present version's statistics in words; the older ones stand below."""
        stat = obj.current.stat if obj.current else None
        return " ".join(in_words(stat)) if stat else "no wording yet"

    @admin.display(description="wording")
    def edit(self, obj: Question) -> str:
        links = format_html(
            '<a href="{}">Edit the wording</a>',
            reverse("admin:quizzes_questionversion_change", args=[obj.current_id]),
        )
        if obj.current and obj.current.number > 1:
            url = reverse("admin:quizzes_question_compare", args=[obj.pk])
            links += format_html(' · <a href="{}">Compare versions</a>', url)
        return links

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
        changed = refused = 0
        for question in questions.select_related("topic__area", "current"):
            try:
                result = publication.set_status(question, status, staff(request))
            except ItemError as error:
                self.message_user(request, f"{question.key}: {error.message}", messages.ERROR)
                refused += 1
                continue
            if result.changed:
                changed += 1
                self.log_change(request, question, f"Status: {status}")
        if changed:
            noun = "item" if changed == 1 else "items"
            text = f"{changed} {noun} changed to {Status(status).label.lower()}."
            self.message_user(request, text, messages.SUCCESS)
        elif not refused:
            self.message_user(request, "Nothing to do: they have this status already.")

    @admin.action(description="Publish", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        self._set_status(request, queryset, StatusName.PUBLISHED)

    @admin.action(description="Send to review", permissions=["review"])
    def send_to_review(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        self._set_status(request, queryset, StatusName.IN_REVIEW)

    @admin.action(description="Retire", permissions=["publish"])
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
