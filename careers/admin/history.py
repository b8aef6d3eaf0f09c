"""History of rows: what changed, back to an earlier state, and deleted rows back again."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from simple_history.admin import SimpleHistoryAdmin

from careers import mentions

# Rows deleted long ago are still in the database; nobody looks for them on a page.
SHOWN_DELETED = 200


class EntryHistoryAdmin(SimpleHistoryAdmin):
    """A ModelAdmin whose rows can be taken back to what they were."""

    object_history_template = "admin/careers/history.html"
    object_history_list_template = "admin/careers/history_list.html"
    history_list_per_page = 50

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/history/<int:record>/return/",
                view(self.return_view),
                name=f"{name}_return",
            ),
            path("deleted/", view(self.deleted_view), name=f"{name}_deleted"),
            path("deleted/<int:record>/", view(self.bring_back_view), name=f"{name}_bring_back"),
            *super().get_urls(),
        ]

    def _fields(self) -> list[str]:
        """Return what staff can state about a row; the rest follows from it."""
        return [field.name for field in self.opts.concrete_fields if field.editable]

    def set_history_delta_changes(
        self, request: HttpRequest, historical_records: Any, foreign_keys_are_objs: bool = True
    ) -> None:
        """Give each record its changes against the one before it, also across pages."""
        records = list(historical_records)
        earlier: Sequence[Any] = records[1:]
        if records:
            oldest = records[-1]
            history = self.model.history.filter(id=oldest.id)
            earlier = [*earlier, history.filter(history_id__lt=oldest.pk).first()]
        for record, before in zip(records, earlier, strict=True):
            if before is None or record.history_type != "~":
                continue
            delta = record.diff_against(
                before, included_fields=self._fields(), foreign_keys_are_objs=True
            )
            helper = self.get_historical_record_context_helper(request, record)
            record.history_delta_changes = helper.context_for_delta_changes(delta)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        shown = self.get_queryset(request).filter(pk=object_id) if object_id.isdigit() else None
        context = {
            "exists": shown is not None and shown.exists(),
            "return_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_return",
            "may_return": self.has_change_permission(request),
            **(extra_context or {}),
        }
        return super().history_view(request, object_id, context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the list instead: it says what changed, and returns with one button.

        simple-history's own form saves what anybody posts who may look at the row.
        """
        return redirect(self._url("history", object_id))

    @method_decorator(require_POST)
    def return_view(self, request: HttpRequest, pk: int, record: int) -> HttpResponse:
        """Give a row the values that it had, as a new entry of its history."""
        history = self.model.history
        state = get_object_or_404(history, id=pk, history_id=record)
        with transaction.atomic():
            row = get_object_or_404(self.model._default_manager.select_for_update(), pk=pk)
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            fields = [field for field in self.opts.concrete_fields if field.name in self._fields()]
            changed = []
            for field in fields:
                value = getattr(state, field.attname)
                # Under another key the files would load the row a second time.
                if field.name != "slug" and getattr(row, field.attname) != value:
                    setattr(row, field.attname, value)
                    changed.append(field.name)
            when = format_date(timezone.localtime(state.history_date), "F j, Y, H:i")
            self._save(request, row, changed, f"Returned to the state of {when}")
        return redirect(self._url("history", pk))

    def _save(self, request: HttpRequest, row: Any, changed: list[str], reason: str) -> None:
        if not changed:
            self.message_user(request, "The row is in this state already.")
            return
        try:
            mentions.full_clean(row)
        except ValidationError as error:
            self._refuse(request, error)
            return
        row._change_reason = reason
        row.save()
        self.log_change(request, row, f"{reason}.")
        self.message_user(request, f"{reason}.", messages.SUCCESS)

    def _refuse(self, request: HttpRequest, error: ValidationError) -> None:
        why = " ".join(error.messages)
        self.message_user(
            request, f"This state does not fit what is here now: {why}", messages.ERROR
        )

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """List the rows that were deleted, the latest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        history = self.model.history
        records = (
            history.filter(history_type="-")
            .exclude(id__in=self.model._default_manager.order_by().values("pk"))
            .select_related("history_user")
            .order_by("-history_date", "-history_id")[:SHOWN_DELETED]
        )
        # A row that was brought back and deleted anew is listed once.
        latest = {record.id: record for record in reversed(records)}
        context = {
            **self.admin_site.each_context(request),
            "title": f"Deleted rows: {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "records": sorted(latest.values(), key=lambda r: r.history_date, reverse=True),
            "bring_back_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_bring_back",
            "may_bring_back": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/careers/deleted.html", context)

    @method_decorator(require_POST)
    def bring_back_view(self, request: HttpRequest, record: int) -> HttpResponse:
        """Save a deleted row anew, as it was and under its old id."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        history = self.model.history
        state = history.filter(history_type="-", history_id=record).first()
        if state is None:
            raise Http404
        row = state.instance
        with transaction.atomic():
            if self.model._default_manager.filter(pk=row.pk).exists():
                self.message_user(request, "This row is back already.")
                return redirect(self._url("change", row.pk))
            row._state.adding = True
            try:
                mentions.full_clean(row)
            except ValidationError as error:
                self._refuse(request, error)
                return redirect(self._url("deleted"))
            row._change_reason = "Brought back"
            row.save(force_insert=True)
            self.log_addition(request, row, "Brought back.")
        self.message_user(request, f"{row} is back.", messages.SUCCESS)
        return redirect(self._url("change", row.pk))

    def _url(self, name: str, *args: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)
