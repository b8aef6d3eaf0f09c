"""Filters of the lists."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from careers.review import SOON


class ReviewFilter(admin.SimpleListFilter):
    """Rows by their review date, as seen from today."""

    title = "review date"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("past", "Past its review date"),
            ("soon", "Due within 60 days"),
            ("none", "No review date"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        match self.value():
            case "past":
                return queryset.filter(review_by__lt=today)
            case "soon":
                return queryset.filter(review_by__gte=today, review_by__lte=today + SOON)
            case "none":
                return queryset.filter(review_by=None)
        return queryset
