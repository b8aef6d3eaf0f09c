"""The Preview button of a form: the public page with the edit in it, and nothing saved."""

from copy import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import ResolverMatch, path, resolve, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from careers.admin.history import EntryHistoryAdmin
from careers.models import Entry
from careers.preview import mark
from prepsite.content import revision


class PreviewAdmin(EntryHistoryAdmin):
    """A ModelAdmin whose forms can be tried out on the page."""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view(self.preview_view)
        return [
            path("add/preview/", view, name=f"{name}_preview_new"),
            path("<int:pk>/preview/", view, name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        may = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        if may and not context.get("is_popup"):
            context["preview_url"] = self._preview_url(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def _preview_url(self, row: Entry | None) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_preview"
        return reverse(name, args=[row.pk]) if row else reverse(f"{name}_new")

    @method_decorator(require_POST)
    def preview_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the page with the form's row in it; a faulty form is shown again as it is."""
        row = self.get_object(request, str(pk)) if pk is not None else None
        if pk is not None and row is None:
            raise Http404
        may = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        form = self.get_form(request, row, change=bool(row))(
            request.POST, request.FILES, instance=row
        )
        # All that saving writes, history, log and revision too, is rolled back.
        with transaction.atomic():
            if form.is_valid():
                response = self._page_with(request, form.save())
            else:
                response = self._form_again(request, pk)
            transaction.set_rollback(True)
        # This process may remember what is rolled back now.
        revision.forget()
        return response

    def _page_with(self, request: HttpRequest, row: Entry) -> HttpResponse:
        """Return the page that holds a row, which is in the database for the moment."""
        address, _, anchor = row.get_absolute_url().partition("#")
        view = resolve(address)
        try:
            page = view.func(_as_visit(request, address, view), *view.args, **view.kwargs)
        except Http404:
            context = {
                **self.admin_site.each_context(request),
                "title": "Preview: no page shows this yet",
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/careers/no_page.html", context).render()
        return HttpResponse(mark(page.content.decode(), anchor or row.anchor))

    def _form_again(self, request: HttpRequest, pk: int | None) -> HttpResponse:
        """Return the form with its errors; its own buttons go on to save."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        url = reverse(f"{name}_change", args=[pk]) if pk else reverse(f"{name}_add")
        response = self.changeform_view(request, str(pk) if pk else None, form_url=url)
        return response.render() if isinstance(response, TemplateResponse) else response


def _as_visit(request: HttpRequest, address: str, view: ResolverMatch) -> HttpRequest:
    """Return the request as a visit of a public page."""
    visit = copy(request)
    visit.method, visit.path, visit.path_info = "GET", address, address
    visit.resolver_match = view
    visit.GET, visit.POST = QueryDict(), QueryDict()
    visit.META = request.META | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": "",
    }
    return visit
