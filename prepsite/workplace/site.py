"""The admin site: who may enter, whose name stands in the history, what needs doing."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from prepsite.accounts import second_factor
from prepsite.content import workqueue

# What editors come for stands first; Django sorts the rest by name.
FIRST_APPS = ["quizzes", "careers", "content", "codes"]


class StaffSite(admin.AdminSite):
    """Django's admin with a start page that says what needs doing, and a guide."""

    site_header = "Staff workplace"
    site_title = "Staff"
    index_title = "What needs doing"
    # Beside it the lists with their filters would be too narrow to read.
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in staff whose second factor this session has seen; costs no statement."""
        return super().has_permission(request) and second_factor.is_shown(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to where one can go on: there is one sign-in, with one rate limit, for all.

        Raises PermissionDenied for somebody who is signed in and no staff.
        """
        after = get_next_redirect_url(request) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(after)
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied
        if self.has_permission(request):
            return redirect(after)
        return redirect(second_factor.gate_url(request, after))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Write down who is at work, for the history of everything saved in this request."""
        inner = super().admin_view(view, cacheable)

        def recorded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            HistoricalRecords.context.request = request
            try:
                return inner(request, *args, **kwargs)
            finally:
                del HistoricalRecords.context.request

        return recorded

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        places = {label: place for place, label in enumerate(FIRST_APPS)}
        return sorted(apps, key=lambda app: places.get(app["app_label"], len(places)))

    def get_urls(self) -> list[Any]:
        guide = path("guide/", self.admin_view(self.guide), name="guide")
        return [guide, *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the queues of work, then every table."""
        groups: dict[str, list[workqueue.WorkQueue]] = {}
        for queue in workqueue.queues(request.user, timezone.localdate()):
            groups.setdefault(queue.group, []).append(queue)
        return super().index(request, {"queue_groups": groups} | (extra_context or {}))

    def guide(self, request: HttpRequest) -> HttpResponse:
        """Show an editor who is new here how each task is done."""
        context = self.each_context(request) | {"title": "Guide for editors"}
        return TemplateResponse(request, "admin/guide.html", context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Lead to the account's own page, which sends a notice and ends other sessions."""
        return redirect("account_change_password")
