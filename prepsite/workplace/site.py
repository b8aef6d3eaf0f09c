"""The admin site: who may enter, and whose name stands in the history."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from simple_history.models import HistoricalRecords


class StaffSite(admin.AdminSite):
    """Django's admin for staff who have shown their second factor."""

    site_header = "Staff workplace"
    site_title = "Staff"
    index_title = "What needs doing"

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
