"""The admin site: who may enter, and whose name stands in the history."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from simple_history.models import HistoricalRecords

from prepsite.accounts import second_factor


class StaffSite(admin.AdminSite):
    """Django's admin for staff who have shown their second factor."""

    site_header = "Staff workplace"
    site_title = "Staff"
    index_title = "What needs doing"

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
