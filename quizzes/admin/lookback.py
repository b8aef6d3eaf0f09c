"""Looking back at an item: its history in one list, and two versions side by side."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path

from quizzes.models import Question, QuestionVersion
from quizzes.timeline import events_of
from quizzes.versiondiff import compare, fields_of

EVENTS_PER_PAGE = 50


class TwoVersionsForm(forms.Form):
    """Which version is on the left, and which on the right."""

    old = forms.TypedChoiceField(label="Older version", coerce=int)
    new = forms.TypedChoiceField(label="Newer version", coerce=int)

    def __init__(self, data: Any, versions: list[QuestionVersion]) -> None:
        last = [version.number for version in versions[-2:]]
        super().__init__(data or {"old": last[0], "new": last[-1]})
        choices = [
            (version.number, f"{version.number}, {version.created_at:%Y-%m-%d}")
            for version in versions
        ]
        for name in ("old", "new"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class Lookback(admin.ModelAdmin):
    """The part of the items' admin that shows what was."""

    def get_urls(self) -> list[Any]:
        compare_path = path(
            "<int:pk>/compare/",
            self.admin_site.admin_view(self.compare_view),
            name="quizzes_question_compare",
        )
        return [compare_path, *super().get_urls()]

    def _viewed(self, request: HttpRequest, pk: int) -> Question:
        question = get_object_or_404(Question.objects.exclude(current=None), pk=pk)
        if not self.has_view_permission(request, question):
            raise PermissionDenied
        return question

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show two versions side by side; without a choice the last two."""
        question = self._viewed(request, pk)
        versions = list(question.versions.select_related("created_by").prefetch_related("choices"))
        form = TwoVersionsForm(request.GET, versions)
        context = self._page(request, question, f"Compare versions of {question.key}")
        context["form"] = form
        if form.is_valid():
            by_number = {version.number: version for version in versions}
            old, new = (by_number[form.cleaned_data[name]] for name in ("old", "new"))
            fields = compare(fields_of(old), fields_of(new))
            context |= {
                "old": old,
                "new": new,
                "versions": [old, new],
                "changed": [field for field in fields if field.changed],
                "unchanged": [
                    field for field in fields if not field.changed and (field.old or field.new)
                ],
            }
        return TemplateResponse(request, "admin/quizzes/question/compare.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show everything that happened to an item, the latest first."""
        pk = int(object_id) if object_id.isascii() and object_id.isdigit() else 0
        question = self._viewed(request, pk)
        pages = Paginator(events_of(question), EVENTS_PER_PAGE)
        context = self._page(request, question, f"History of {question.key}")
        context["page"] = pages.get_page(request.GET.get("p"))
        return TemplateResponse(request, "admin/quizzes/question/history.html", context)

    def _page(self, request: HttpRequest, question: Question, title: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "original": question,
        }
