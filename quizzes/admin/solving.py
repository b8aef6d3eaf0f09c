"""Blind solving in the admin: the sheets that wait for a reader, and one sheet."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from prepsite.accounts.models import User
from quizzes import publication, readers
from quizzes.admin.staff import staff
from quizzes.itemspec import LETTERS
from quizzes.models import BlindSolve, Choice, Question

CONFIDENCES = [
    ("high", "High: the rule leaves one answer"),
    ("medium", "Medium: likely, with a doubt"),
    ("low", "Low: a guess, or more than one answer fits"),
]


class BlindAnswerForm(forms.Form):
    """A reader's answer to a sheet."""

    place = forms.ChoiceField(
        choices=[(letter, letter) for letter in LETTERS],
        error_messages={
            "required": "Choose the one best answer.",
            "invalid_choice": "Choose one of the four answers.",
        },
    )
    confidence = forms.ChoiceField(
        choices=CONFIDENCES,
        error_messages={
            "required": "Say how sure you are.",
            "invalid_choice": "Say how sure you are: high, medium or low.",
        },
    )
    reason = forms.CharField(
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason in a sentence."},
    )
    token = forms.CharField(max_length=64, required=False)


class BlindSolving(admin.ModelAdmin):
    """The part of the items' admin in which reviewers answer without seeing the key."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("blind/", view(self.blind_list_view), name="quizzes_question_blind"),
            path("blind/<int:pk>/", view(self.blind_sheet_view), name="quizzes_question_sheet"),
            *super().get_urls(),
        ]

    def _reader(self, request: HttpRequest) -> User:
        user = staff(request)
        if user is None or not user.has_perm(publication.REVIEW):
            raise PermissionDenied
        return user

    def _blind_page(
        self, request: HttpRequest, template: str, status: int = 200, **context: Any
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(
            request, f"admin/quizzes/question/{template}.html", context, status=status
        )

    def blind_list_view(self, request: HttpRequest) -> HttpResponse:
        """List the items that wait for this reader, the oldest first, without their names."""
        waiting = readers.waiting_for(self._reader(request))
        waiting = waiting.select_related("current", "topic__area")
        return self._blind_page(request, "blind_list", title="Blind solving", waiting=waiting)

    def blind_sheet_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a sheet and take its answer; once answered, show how it compares."""
        user = self._reader(request)
        question = get_object_or_404(
            Question.objects.exclude(current=None).select_related("current"), pk=pk
        )
        title = f"Blind sheet {question.pk}"
        if solve := readers.solve_of(question, user):
            return self._outcome(request, question, solve, title)
        form = BlindAnswerForm(request.POST if request.method == "POST" else None)
        refusal = ""
        if form.is_bound and form.is_valid():
            try:
                readers.record(question, user, **form.cleaned_data, on=timezone.localdate())
                return redirect(request.path)
            except readers.NotAReader as error:
                refusal = str(error)
                question.refresh_from_db()
        try:
            sheet = readers.sheet_for(question, user)
        except readers.NotAReader as error:
            return self._blind_page(
                request, "blind_refused", status=403, title=title, refusal=str(error)
            )
        return self._blind_page(
            request,
            "blind_sheet",
            title=title,
            sheet=sheet,
            form=form,
            refusal=refusal,
            confidences=CONFIDENCES,
        )

    def _outcome(
        self, request: HttpRequest, question: Question, solve: BlindSolve, title: str
    ) -> HttpResponse:
        choices = {
            choice.letter: choice for choice in Choice.objects.filter(version=question.current_id)
        }
        return self._blind_page(
            request,
            "blind_outcome",
            title=title,
            question=question,
            solve=solve,
            picked=choices[solve.picked],
            key=next(choice for choice in choices.values() if choice.is_key),
            following=readers.waiting_for(self._reader(request)).first(),
        )
