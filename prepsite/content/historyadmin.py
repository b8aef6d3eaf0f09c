"""The admin of rows whose changes are recorded."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin


class HistoryAdmin(SimpleHistoryAdmin):
    """Rows with their history: it is shown, a former state can be taken up again.

    Taking one up is a change like any other, and stands in the history as one.
    """

    history_list_per_page = 50

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Refuse a change to those who may only look, whom the library would let save."""
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)
