"""The editor of an item's wording. Saving makes the next version; none is ever changed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from prepsite.content.files import ContentError
from quizzes import publication
from quizzes.admin.staff import RefusalAsMessage, staff
from quizzes.items import ItemError
from quizzes.itemspec import LETTERS, ItemSpec, StatusName, parse_item
from quizzes.models import Choice, Question, QuestionVersion, Source, Status, Topic
from quizzes.versiondiff import reference_line

REFERENCE_HELP = "One a line: source slug | section | address (the address may be left out)."


# The name of the button that saves and sends to review.
TO_REVIEW = "_to_review"


class VersionForm(ModelForm):
    """What an item says, and for a new one its key, topic and rule."""

    # Who saves; the admin sets it on the class that it makes for a request.
    by: Any = None
    key = forms.SlugField(max_length=100, help_text="Lasting name, such as wound-repair-04.")
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        widget=AutocompleteSelect(Question._meta.get_field("topic"), admin.site),
    )
    rule = forms.SlugField(max_length=100, help_text="The one rule that the item tests.")
    cpt_content = forms.BooleanField(label="Names CPT codes", required=False)
    reference_lines = forms.CharField(
        label="References",
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=REFERENCE_HELP,
    )

    class Meta:
        model = QuestionVersion
        fields = [
            "stem",
            "note",
            "rationale",
            "difficulty",
            "payer_context",
            "code_year",
            "valid_from",
            "valid_to",
            "order",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only with its options is this an item: their formset sees the version alone.
        self.instance.editor_form = self
        if self.instance.pk:
            question = self.instance.question
            self.fields["key"].disabled = True
            self.initial = dict(self.initial) | {
                "key": question.key,
                "topic": question.topic,
                "rule": question.rule,
                "cpt_content": question.cpt_content,
                "reference_lines": "\n".join(map(reference_line, self.instance.references)),
            }

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not self.instance.pk and Question.objects.filter(key=key).exists():
            raise ValidationError("Another item has this key.")
        return key

    def clean_reference_lines(self) -> list[dict[str, str]]:
        """Return the references; names every source that is not on the list."""
        known = set(Source.objects.values_list("slug", flat=True))
        references = []
        for line in self.cleaned_data["reference_lines"].splitlines():
            if not line.strip():
                continue
            source, section, url = (*(part.strip() for part in line.split("|")), "", "")[:3]
            if source not in known:
                raise ValidationError(f"There is no source {source!r}. {REFERENCE_HELP}")
            if not section:
                raise ValidationError(f"{source}: name the section. {REFERENCE_HELP}")
            references.append({"source": source, "section": section, "url": url})
        return references


class ChoiceFormSet(BaseInlineFormSet):
    """The four options. Checks the whole item, so that an error stands where staff see it."""

    spec: ItemSpec

    @property
    def version_form(self) -> VersionForm:
        form: VersionForm = self.instance.editor_form
        return form

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not self.version_form.is_valid():
            return
        rows = {form.cleaned_data.get("letter"): form.cleaned_data for form in self.forms}
        keys = [letter for letter, row in rows.items() if letter and row.get("is_key")]
        if len(keys) != 1:
            raise ValidationError(f"An item has exactly one key; {len(keys)} are marked.")
        try:
            self.spec = parse_item(self._data(rows, keys[0]), "item")
        except ContentError as error:
            raise ValidationError(str(error)) from error
        form = self.version_form
        question = form.instance.question if form.instance.pk else None
        try:
            self.spec = publication.with_status(
                self.spec,
                form.cleaned_data["topic"],
                question,
                form.by,
                to_review=TO_REVIEW in form.data,
            )
        except ItemError as error:
            raise ValidationError(error.message) from error

    def _data(self, rows: dict[Any, dict[str, Any]], key: str) -> dict[str, Any]:
        form = self.version_form
        fields = form.cleaned_data
        question = form.instance.question if form.instance.pk else None
        return {
            "key": fields["key"],
            "rule": fields["rule"],
            "status": question.status if question else Status.DRAFT,
            "cpt_content": fields["cpt_content"],
            "references": fields["reference_lines"],
            "facts": form.instance.facts,
            "answer": key,
            **{name: fields[name] for name in VersionForm.Meta.fields},
            "options": {
                letter: {
                    "text": rows[letter]["text"],
                    "codes": rows[letter]["codes"].split(),
                    "error": rows[letter]["error_tag"],
                    "reason": rows[letter]["reason"],
                }
                for letter in LETTERS
                if letter in rows
            },
        }


class ChoiceForm(ModelForm):
    """One option, in fields as wide as what goes into them."""

    class Meta:
        model = Choice
        fields = ["letter", "is_key", "text", "codes", "error_tag", "reason"]
        widgets = {
            "letter": forms.TextInput(attrs={"size": 2}),
            "text": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "reason": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        }

    def validate_constraints(self) -> None:
        """Ask nothing of the stored rows: moving the key would clash with the old version's.

        The formset sees to one key and four letters, and the next version has rows of its own.
        """


class ChoiceInline(admin.StackedInline):
    model = Choice
    formset = ChoiceFormSet
    form = ChoiceForm
    fields = [("letter", "is_key", "codes", "error_tag"), "text", "reason"]
    extra = 4
    max_num = 4
    can_delete = False

    def get_extra(
        self, request: HttpRequest, obj: QuestionVersion | None = None, **kwargs: Any
    ) -> int:
        return 0 if obj else 4

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An option goes with its version."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("quizzes.change_questionversion"))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("quizzes.add_questionversion"))


@admin.register(QuestionVersion)
class VersionAdmin(RefusalAsMessage, admin.ModelAdmin):
    """Old versions are shown as they were; the current one opens for its successor."""

    form = VersionForm
    inlines = [ChoiceInline]
    list_display = ["__str__", "question_key", "difficulty", "code_year", "valid_to", "created_at"]
    list_filter = ["question__topic__area", "difficulty", "code_year", "payer_context"]
    list_select_related = ["question"]
    search_fields = ["question__key", "stem"]
    fieldsets = [
        (None, {"fields": ["key", "topic", "rule", "cpt_content"]}),
        ("Item", {"fields": ["note", "stem", "rationale", "reference_lines"]}),
        (
            "Use",
            {
                "fields": [
                    *("difficulty", "payer_context", "order"),
                    *("code_year", "valid_from", "valid_to"),
                ]
            },
        ),
    ]

    class Media:
        css = {"all": ["css/admin.css"]}

    # A page that only shows has no form to ask for these.
    shown_of_old = ["question_key", "shown_topic", "shown_rule", "shown_references"]

    def get_fieldsets(self, request: HttpRequest, obj: QuestionVersion | None = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": [*self.shown_of_old, *VersionForm.Meta.fields]})]

    def get_readonly_fields(
        self, request: HttpRequest, obj: QuestionVersion | None = None
    ) -> list[str]:
        if obj is None or self.has_change_permission(request, obj):
            return []
        return self.shown_of_old

    @admin.display(description="topic")
    def shown_topic(self, obj: QuestionVersion) -> Topic:
        return obj.question.topic

    @admin.display(description="rule")
    def shown_rule(self, obj: QuestionVersion) -> str:
        return obj.question.rule

    @admin.display(description="references")
    def shown_references(self, obj: QuestionVersion) -> str:
        return "\n".join(map(reference_line, obj.references))

    @admin.display(description="item", ordering="question__key")
    def question_key(self, obj: QuestionVersion) -> str:
        return obj.question.key

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"by": staff(request)})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say which buttons this page has beside Django's own."""
        version: QuestionVersion | None = context.get("original")
        by = staff(request)
        is_old = version is not None and version.question.current_id != version.pk
        context |= {
            "may_review": StatusName.IN_REVIEW in publication.allowed_statuses(None, by),
            "may_return": is_old and super().has_change_permission(request),
            "is_old": is_old,
            # Both would lead to the same page as a plain save.
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        return_path = path(
            "<int:pk>/return/",
            self.admin_site.admin_view(require_POST(self.return_view)),
            name="quizzes_questionversion_return",
        )
        return [return_path, *super().get_urls()]

    def return_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a new version that says what this one says."""
        version = get_object_or_404(QuestionVersion.objects.select_related("question"), pk=pk)
        if not super().has_change_permission(request):
            raise PermissionDenied
        try:
            result = publication.return_to(version, by=staff(request))
        except ItemError as error:
            self.message_user(request, error.message, messages.ERROR)
            return redirect("admin:quizzes_questionversion_change", pk)
        if result.new_version:
            self.log_change(request, result.question, f"Returned to version {version.number}")
            status = Status(result.question.status).label.lower()
            text = f"The item says again what version {version.number} said. It is {status}."
        else:
            text = f"The item says what version {version.number} says already."
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:quizzes_questionversion_change", result.question.current_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show the item's history: its versions are a part of it."""
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404
        return redirect("admin:quizzes_question_history", version.question_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionVersion]:
        return super().get_queryset(request).select_related("question__topic__area")

    def has_change_permission(
        self, request: HttpRequest, obj: QuestionVersion | None = None
    ) -> bool:
        is_current = obj is None or obj.question.current_id == obj.pk
        return is_current and super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: QuestionVersion | None = None
    ) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing is saved from the form: ``save_item`` writes the next version."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)
        result = publication.save(formsets[0].spec, form.cleaned_data["topic"], by=staff(request))
        # What the log and the redirect name is the version that was written.
        form.instance.question = result.question
        form.instance.pk = result.question.current_id
        form.instance.number = result.question.current.number if result.question.current else 1

    def response_change(self, request: HttpRequest, obj: QuestionVersion) -> HttpResponse:
        in_review = obj.question.status == Status.IN_REVIEW
        where = " It is in review." if in_review else ""
        text = f"Saved. The item has the wording that you see here.{where}"
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:quizzes_questionversion_change", obj.pk)

    def response_add(
        self, request: HttpRequest, obj: QuestionVersion, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self.response_change(request, obj)
