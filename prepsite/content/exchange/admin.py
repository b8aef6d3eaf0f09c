"""Import and export in the admin: upload, preview, import, result; and one file out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.results import RowResult

from prepsite.content import revision
from prepsite.content.exchange.formats import FORMATS, FileFault, JsonFile
from prepsite.content.exchange.forms import ConfirmForm, ExportForm, UploadForm
from prepsite.content.exchange.resource import Outcomes, RowReport, TableResource, Verdict
from prepsite.content.exchange.uploads import Upload, UploadStorage

# Of each verdict; a page with thousands of differences helps nobody.
SHOWN_ROWS = 200
# Refused rows first: they are what the editor has to see to.
HEADINGS = {
    Verdict.REFUSED: "Refused",
    Verdict.CHANGED: "Changes",
    Verdict.NEW: "New",
    Verdict.LEFT: "Left as here",
    Verdict.UNCHANGED: "Unchanged",
}
FLAGS = {RowResult.IMPORT_TYPE_NEW: ADDITION, RowResult.IMPORT_TYPE_UPDATE: CHANGE}
GONE = "This upload is not here any more: it was imported, or is over an hour old."
STALE = "Something changed here since the preview. Nothing was imported; look at it once more."


class ExchangeMixin(ImportExportMixin):
    """Import and export for a ModelAdmin; ``make_resource`` says how rows are read."""

    preview_template = "admin/import_export/preview.html"
    result_template = "admin/import_export/result.html"
    # What taking a differing row from the file does, as a choice.
    take_label = "Take what the file says"
    # A sentence or two above the form.
    import_help = ""
    import_formats: Sequence[Any] = FORMATS
    export_formats: Sequence[Any] = FORMATS
    upload_form = UploadForm
    export_form = ExportForm

    def make_resource(self, **choices: Any) -> TableResource:
        """Return the table's resource with ``by``, ``conflict`` and ``reason``."""
        raise NotImplementedError

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Let those import who may add and change, here and anywhere."""
        codes = [get_permission_codename(action, self.opts) for action in ("add", "change")]
        return request.user.has_perms([f"{self.opts.app_label}.{code}" for code in codes])

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[Any]:
        result = path(
            "import/<slug:name>/",
            self.admin_site.admin_view(self.result_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_import_result",
        )
        return [result, *super().get_urls()]

    # --- import -------------------------------------------------------------------

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form; with a file, show what importing it would do."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.upload_form(
            request.POST or None,
            request.FILES or None,
            take_label=self.take_label,
            formats=self.import_formats,
        )
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            file = data["import_file"]
            upload = Upload(
                file.read(),
                file.name,
                data["format"],
                data["conflict"],
                choices={field.name: data[field.name] for field in form.further_fields()},
            )
            try:
                outcomes = self._run(request, upload, dry_run=True)
            except FileFault as fault:
                form.add_error("import_file", str(fault))
            else:
                return self._preview(request, upload, outcomes)
        resource = self.make_resource()
        context = {
            "form": form,
            "required_columns": resource.required,
            "optional_columns": resource.optional,
            "import_help": self.import_help,
        }
        return self._exchange_page(request, self.import_template_name, "Import", context)

    @method_decorator(require_POST)
    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import what the preview showed, if all of it still holds."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ConfirmForm(request.POST)
        name = form.cleaned_data["import_file_name"] if form.is_valid() else ""
        storage = self._storage(request, name)
        upload: Upload | None = storage.read() if name else None
        if upload is None:
            return self._gone(request, name)
        with transaction.atomic():
            outcomes = self._run(request, upload, dry_run=False)
            is_stale = outcomes.digest() != upload.preview
            is_blocked = _has(outcomes, Verdict.REFUSED) and not form.cleaned_data["only_good"]
            # Only one of two clicks finds the upload still there.
            is_taken = not is_stale and not is_blocked and not storage.remove()
            if is_stale or is_blocked or is_taken:
                transaction.set_rollback(True)
            else:
                self._log(request, upload, outcomes)
        if is_taken or (is_stale and storage.read() is None):
            return self._gone(request, name)
        if is_stale or is_blocked:
            # This process read the revision that is rolled back now.
            revision.forget()
            if is_stale:
                messages.warning(request, STALE)
            else:
                form.add_error("only_good", "Tick this to go on, or mend the rows first.")
            return self._preview(request, upload, outcomes, None if is_stale else form)
        self._storage(request, f"{name}-done").save((upload.file_name, outcomes.reports))
        return self._to_result(name)

    def result_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """Show what an import did."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        found = self._storage(request, f"{name}-done").read()
        if found is None:
            messages.info(request, GONE)
            return redirect(self._url("changelist"))
        file_name, reports = found
        context = {"file_name": file_name, **self._grouped(reports)}
        return self._exchange_page(request, self.result_template, "Imported", context)

    def _run(self, request: HttpRequest, upload: Upload, *, dry_run: bool) -> Outcomes:
        resource = self.make_resource(
            by=request.user,
            conflict=upload.conflict,
            reason=f"Imported from {upload.file_name}"[:100],
            **upload.choices,
        )
        table = self.import_formats[upload.format]().create_dataset(upload.content)
        return resource.import_data(table, dry_run=dry_run)

    def _preview(
        self,
        request: HttpRequest,
        upload: Upload,
        outcomes: Outcomes,
        form: ConfirmForm | None = None,
    ) -> HttpResponse:
        if form is None:
            upload = replace(upload, preview=outcomes.digest())
            storage = self._storage(request)
            storage.save(upload)
            form = ConfirmForm(initial={"import_file_name": storage.name})
        context = {
            "confirm_form": form,
            "file_name": upload.file_name,
            "can_import": _has(outcomes, Verdict.NEW) or _has(outcomes, Verdict.CHANGED),
            "has_refused": _has(outcomes, Verdict.REFUSED),
            "good": sum(
                report.verdict in (Verdict.NEW, Verdict.CHANGED) for report in outcomes.reports
            ),
            **self._grouped(outcomes.reports),
        }
        return self._exchange_page(request, self.preview_template, "Preview of the import", context)

    def _grouped(self, reports: list[RowReport]) -> dict[str, Any]:
        groups = []
        for verdict, heading in HEADINGS.items():
            rows = [report for report in reports if report.verdict is verdict]
            # Of rows that nothing happens to, their number is all there is to say.
            shown = [] if verdict is Verdict.UNCHANGED else rows[:SHOWN_ROWS]
            if rows:
                groups.append(
                    {
                        "verdict": verdict.value,
                        "heading": heading,
                        "count": len(rows),
                        "rows": shown,
                        "hidden": len(rows) - len(shown) if shown else 0,
                    }
                )
        return {"groups": groups, "n_rows": len(reports)}

    def _gone(self, request: HttpRequest, name: str) -> HttpResponse:
        if name and self._storage(request, f"{name}-done").read() is not None:
            return self._to_result(name)
        messages.error(request, f"{GONE} Choose the file again.")
        return redirect(self._url("import"))

    def _to_result(self, name: str) -> HttpResponse:
        return redirect(self._url("import_result", name))

    def _storage(self, request: HttpRequest, name: str | None = None) -> UploadStorage:
        owner = f"{request.user.pk}:{self.opts.label_lower}"
        storage: UploadStorage = self.get_tmp_storage_class()(name=name, owner=owner)
        return storage

    def _log(self, request: HttpRequest, upload: Upload, outcomes: Outcomes) -> None:
        for kind, flag in FLAGS.items():
            rows = [row.instance for row in outcomes if row.import_type == kind]
            if rows:
                # One entry for each, also where there is only one.
                LogEntry.objects.log_actions(
                    request.user.pk or 0, rows, flag, f"Imported from {upload.file_name}."
                )

    # --- export -------------------------------------------------------------------

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Ask for the format, then send what the list shows under its filters."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_export_queryset(request)
        except IncorrectLookupParameters:
            return redirect(self._url("export"))
        form = self.export_form(request.POST or None, formats=self.export_formats)
        if form.is_valid():
            file_format = self.export_formats[int(form.cleaned_data["format"])]()
            name = f"{self.opts.model_name}-{timezone.localdate()}.{file_format.get_extension()}"
            return HttpResponse(
                self.export_content(file_format, rows, form),
                content_type=file_format.get_content_type(),
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        context = {"form": form, "n_rows": rows.count(), "columns": self.make_resource().columns}
        return self._exchange_page(request, self.export_template_name, "Export", context)

    def export_content(
        self, file_format: Any, rows: QuerySet[Any], form: ExportForm
    ) -> bytes | str:
        """Return the file of these rows."""
        table = self.make_resource().export(rows, structured=isinstance(file_format, JsonFile))
        content: str = file_format.export_data(table)
        return content

    # --- both ---------------------------------------------------------------------

    def _url(self, name: str, *args: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def _exchange_page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        plural = str(self.opts.verbose_name_plural)
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request, template, {**shared, "title": f"{title}: {plural}", "step": title, **context}
        )


def _has(outcomes: Outcomes, verdict: Verdict) -> bool:
    return outcomes.counts()[verdict.value] > 0
