"""Learners' sessions: to look at, never to change."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from prepsite.content.lookonly import LookOnlyAdmin, LookOnlyInline
from quizzes.models import Answer, Attempt


class AnswerInline(LookOnlyInline):
    model = Answer
    fields = ["slot", "version", "picked", "correct", "first_try", "answered_at", "millis"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("version__question", "picked")


@admin.register(Attempt)
class AttemptAdmin(LookOnlyAdmin):
    list_display = ["id", "title", "learner", "started_at", "finished_at"]
    list_filter = ["mode", "started_at"]
    list_select_related = ["learner"]
    search_fields = ["title", "scope"]
    show_full_result_count = False
    inlines = [AnswerInline]
