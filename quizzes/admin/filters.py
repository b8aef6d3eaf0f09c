"""How staff narrow the list of items down."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from quizzes.bankstate import (
    any_doubt,
    doubts,
    ends_before,
    names_changed_code,
    next_code_year,
)
from quizzes.models import Question, QuestionVersion, Topic

AREA = "topic__area__id__exact"


class ItemFilter(admin.SimpleListFilter):
    """A filter whose values are each a condition; a value nobody offers filters nothing."""

    def value(self) -> str | None:
        value = super().value()
        return value if value in {str(key) for key, _ in self.lookup_choices} else None

    def condition(self, request: HttpRequest, value: str) -> Q | Exists:
        """Return what holds for the items of a value."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Question]) -> QuerySet[Question]:
        value = self.value()
        return queryset.filter(self.condition(request, value)) if value else queryset


class TopicFilter(ItemFilter):
    """The topics of the chosen area: all of them together would fill the page."""

    title = "topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        area = request.GET.get(AREA, "")
        if not (area.isascii() and area.isdigit() and len(area) < 19):
            return []
        topics = Topic.objects.filter(area=int(area))
        return [(str(topic.pk), topic.name) for topic in topics]

    def condition(self, request: HttpRequest, value: str) -> Q:
        return Q(topic=value)


class CheckFilter(ItemFilter):
    """What the checks found."""

    title = "check result"
    parameter_name = "checks"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("errors", "Errors"),
            ("warnings", "Warnings"),
            ("no_errors", "No errors"),
            ("clean", "Nothing found"),
        ]

    def condition(self, request: HttpRequest, value: str) -> Q:
        return {
            "errors": Q(n_errors__gt=0),
            "warnings": Q(n_warnings__gt=0),
            "no_errors": Q(n_errors=0),
            "clean": Q(n_errors=0, n_warnings=0),
        }[value]


class SolvedFilter(ItemFilter):
    """What blind readers of the present wording picked."""

    title = "solved blind"
    parameter_name = "solved"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", "Yes, with agreement"),
            ("no", "Not yet"),
            ("disagreement", "Readers disagree"),
        ]

    def condition(self, request: HttpRequest, value: str) -> Q:
        return {
            "yes": Q(is_agreed=True, is_disputed=False),
            "no": Q(is_agreed=False, is_disputed=False),
            "disagreement": Q(is_disputed=True),
        }[value]


class CodeChangeFilter(ItemFilter):
    """Whether a loaded code set changed a code of the item."""

    title = "changed codes"
    parameter_name = "code_changes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "To be looked at")]

    def condition(self, request: HttpRequest, value: str) -> Exists:
        return names_changed_code()


class DoubtFilter(ItemFilter):
    """What learners' answers and reports say against the key."""

    title = "doubtful key"
    parameter_name = "doubt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("any", "For any reason"),
            ("distractor", "Another choice is picked more"),
            ("discrimination", "Good learners miss it too"),
            ("reports", "Many reports"),
        ]

    def condition(self, request: HttpRequest, value: str) -> Q:
        return any_doubt() if value == "any" else doubts()[value]


class EndsFilter(ItemFilter):
    """Whether the item outlives this code year."""

    title = "coming code year"
    parameter_name = "ends"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        year = next_code_year(timezone.localdate()).year
        return [("this_year", f"Ends before {year}"), ("later", f"Still right in {year}")]

    def condition(self, request: HttpRequest, value: str) -> Q:
        ends = ends_before(next_code_year(timezone.localdate()))
        return ends if value == "this_year" else ~ends


class WrittenFilter(ItemFilter):
    """Who wrote any of the versions."""

    title = "writer"
    parameter_name = "written"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("me", "Written by me")]

    def condition(self, request: HttpRequest, value: str) -> Exists:
        return Exists(
            QuestionVersion.objects.filter(question=OuterRef("pk"), created_by=request.user.pk)
        )


FILTERS: list[str | type[ItemFilter]] = [
    "status",
    "topic__area__subject",
    "topic__area",
    TopicFilter,
    CheckFilter,
    SolvedFilter,
    CodeChangeFilter,
    DoubtFilter,
    EndsFilter,
    "current__code_year",
    "current__difficulty",
    "cpt_content",
    WrittenFilter,
]
