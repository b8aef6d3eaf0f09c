"""Reports from learners: read them, and decide what comes of them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from prepsite.content.lookonly import LookOnlyAdmin
from quizzes import errata, publication
from quizzes.admin.staff import staff
from quizzes.itemspec import LETTERS
from quizzes.models import Decision, QuestionReport, QuestionVersion

KEY_RULING = Decision.Kind.KEY_RULING.value


class DecidedFilter(admin.SimpleListFilter):
    title = "decision"
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Waiting"), ("yes", "Decided")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[QuestionReport]
    ) -> QuerySet[QuestionReport]:
        if self.value() in {"no", "yes"}:
            return queryset.filter(decision__isnull=self.value() == "no")
        return queryset


class DecisionForm(forms.ModelForm):
    """What staff decide on a report; a key ruling is offered to publishers only."""

    # Who decides; the admin sets it on the class that it makes for a request.
    by: Any = None

    kind = forms.ChoiceField(
        label="Decision", choices=Decision.Kind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="In your words",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Everybody may read this. Say what you found and what changed. Name nobody, and"
        " do not give away the answer of a question that is still asked, unless you correct it.",
    )
    new_version = forms.ModelChoiceField(
        QuestionVersion.objects.none(),
        label="If reworded: the version that mends it",
        required=False,
    )
    accepted = forms.MultipleChoiceField(
        label="If the key is corrected: what counts as right from now on",
        choices=[(letter, letter) for letter in LETTERS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    credit_all = forms.BooleanField(label="Every answer counts as right", required=False)
    is_listed = forms.BooleanField(
        label="Show on the page of errata",
        initial=True,
        required=False,
        help_text="A changed item always stands there; leave out only what is no real report.",
    )
    with_others = forms.BooleanField(
        label="Decide the other open reports on this version too", initial=True, required=False
    )

    class Meta:
        model = QuestionReport
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = self.instance.answer.version
        later = version.question.versions.filter(number__gt=version.number).order_by("-number")
        self.fields["new_version"].queryset = later  # type: ignore[attr-defined]
        self.fields["accepted"].choices = [  # type: ignore[attr-defined]
            (choice.letter, f"{choice}{', the key as written' if choice.is_key else ''}")
            for choice in version.choices.all()
        ]
        if not (self.by and self.by.has_perm(publication.PUBLISH)):
            kinds = [kind for kind in Decision.Kind.choices if kind[0] != KEY_RULING]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
            for name in ("accepted", "credit_all"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == Decision.Kind.REWORDED and not data.get("new_version"):
            self.add_error("new_version", "Choose the version that mends it; first make one.")
        if kind == KEY_RULING and bool(data.get("accepted")) == bool(data.get("credit_all")):
            self.add_error("accepted", "Name the accepted letters, or give credit for all.")
        return data

    def verdict(self) -> errata.Verdict:
        """Return what is decided; fields that belong to another kind count for nothing."""
        data = self.cleaned_data
        kind = Decision.Kind(data["kind"])
        is_ruling = kind == Decision.Kind.KEY_RULING
        return errata.Verdict(
            kind,
            data["words"],
            accepted="".join(data["accepted"]) if is_ruling else "",
            credit_all=is_ruling and data["credit_all"],
            new_version=data["new_version"] if kind == Decision.Kind.REWORDED else None,
            is_listed=data["is_listed"],
        )


@admin.register(QuestionReport)
class QuestionReportAdmin(admin.ModelAdmin):
    """Reports; on an open one those who may review decide, once."""

    form = DecisionForm
    list_display = ["__str__", "reason", "at", "decided"]
    list_filter = [DecidedFilter, "reason", "answer__version__question__topic__area"]
    list_select_related = ["answer__version__question", "decision"]
    search_fields = ["answer__version__question__key", "note", "decision__words"]
    readonly_fields = ["item", "reason", "note", "at", "others", "decided", "said"]

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        told = ["item", "reason", "note", "at", "others"]
        if not self.has_change_permission(request, obj):
            return [*told, "decided", "said"]
        ruling = ["accepted", "credit_all"] if self._may_rule(request) else []
        return [*told, "kind", "words", "new_version", *ruling, "is_listed", "with_others"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"by": staff(request)})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: QuestionReport | None = None
    ) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: QuestionReport | None = None
    ) -> bool:
        """A decided report stays as it is."""
        is_open = obj is None or obj.decision_id is None
        may = request.user.has_perm(publication.REVIEW) or self._may_rule(request)
        return is_open and bool(may)

    def _may_rule(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(publication.PUBLISH))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except errata.AlreadyDecided:
            messages.warning(request, "A colleague decided on this report before you.")
            return redirect(request.path)

    @admin.display(description="decision", ordering="decision__kind", empty_value="waiting")
    def decided(self, obj: QuestionReport) -> str | None:
        return obj.decision.get_kind_display() if obj.decision else None

    @admin.display(description="in our words")
    def said(self, obj: QuestionReport) -> str | None:
        return obj.decision.words if obj.decision else None

    @admin.display(description="item")
    def item(self, obj: QuestionReport) -> str:
        version = obj.answer.version
        return format_html(
            '<a href="{}">{}</a>, version {} (<a href="{}">as learners see it</a>)',
            reverse("admin:quizzes_question_change", args=[version.question_id]),
            version.question.key,
            version.number,
            reverse("admin:quizzes_question_preview", args=[version.question_id]),
        )

    @admin.display(description="other open reports on this version")
    def others(self, obj: QuestionReport) -> str:
        rows = errata.open_reports(obj.answer.version_id).exclude(pk=obj.pk)
        lines = ((row.get_reason_display(), row.note or "no note") for row in rows)
        return format_html_join("", "<p>{}: {}</p>", lines) or "none"

    def save_model(
        self, request: HttpRequest, obj: QuestionReport, form: Any, change: bool
    ) -> None:
        errata.decide(
            obj,
            form.verdict(),
            with_others=form.cleaned_data["with_others"],
            by=staff(request),
            now=timezone.now(),
        )


@admin.register(Decision)
class DecisionAdmin(LookOnlyAdmin):
    """All decisions, the latest first: facts, to look at."""

    list_display = ["version", "kind", "words", "at", "by", "is_listed"]
    list_filter = ["kind", "is_listed", "version__question__topic__area"]
    list_select_related = ["version__question", "by"]
    search_fields = ["version__question__key", "words"]
