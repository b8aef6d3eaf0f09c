"""Changed codes of items: the report of all loads, and what staff do about it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from prepsite.content.lookonly import LookOnlyAdmin
from quizzes import codereviews
from quizzes.admin.staff import staff
from quizzes.models import CodeReview, Question


class ChangedCodes:
    """The part of the items' admin that shows changed codes, and settles them."""

    @admin.display(description="changed codes")
    def changed_codes(self, obj: Question) -> str:
        lines = [
            (str(review), review.change.release, "looked at" if review.settled_at else "to look at")
            for review in obj.code_reviews.select_related("change")
        ]
        if not lines:
            return "No code set has changed a code of this item for its exams."
        return format_html(
            '<ul class="findings">{}</ul>',
            format_html_join("", "<li>{} <strong>{}</strong>: {}</li>", lines),
        )

    @admin.action(description="Changed codes looked at: still right", permissions=["review"])
    def codes_looked_at(self, request: HttpRequest, queryset: QuerySet[Question]) -> None:
        """Settle what code sets changed; the items themselves stay as they are."""
        by, now = staff(request), timezone.now()
        numbers = [codereviews.settle(question, by, now) for question in queryset]
        settled = sum(number > 0 for number in numbers)
        if settled:
            noun = "item" if settled == 1 else "items"
            text = f"Changed codes of {settled} {noun} noted as looked at."
            messages.success(request, text)
        else:
            messages.info(request, "Nothing to do: none of them has a changed code.")


@admin.register(CodeReview)
class CodeReviewAdmin(LookOnlyAdmin):
    """Every item that a load concerned, one line for each changed code."""

    list_display = ["item", "change", "release", "found_at", "settled_at", "settled_by"]
    list_display_links = None
    list_filter = [("settled_at", admin.EmptyFieldListFilter), "change__release", "change__kind"]
    list_select_related = ["question", "change", "settled_by"]
    search_fields = ["question__key", "change__code"]

    @admin.display(description="item", ordering="question__key")
    def item(self, obj: CodeReview) -> str:
        url = reverse("admin:quizzes_question_change", args=[obj.question_id])
        return format_html('<a href="{}">{}</a>', url, obj.question.key)

    @admin.display(description="code set", ordering="change__release")
    def release(self, obj: Any) -> str:
        return str(obj.change.release)
