"""What is kept about somebody: to see, to take along, to have erased."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from prepsite.accounts import account_data, learners, registry, takeout
from prepsite.accounts.forms import DeletionForm, ForgetForm
from prepsite.accounts.models import User

UNPROCESSABLE = 422
FORMATS = {
    "json": (takeout.as_json, "application/json", "json"),
    "csv": (takeout.as_csv_zip, "application/zip", "zip"),
}


@require_safe
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """What is kept, as two files; with or without an account."""
    return _data_page(request, ForgetForm())


def _data_page(request: HttpRequest, form: ForgetForm) -> HttpResponse:
    learner = learners.current(request)
    kept = registry.count(learner) if learner else {}
    return render(
        request,
        "account/export.html",
        {"kept": kept, "learner": learner, "form": form},
        status=UNPROCESSABLE if form.errors else 200,
    )


@require_safe
@never_cache
def download(request: HttpRequest, file_format: str) -> HttpResponse:
    """All own data as one file, in the format that the address names."""
    tables = _tables_for(request)
    if tables is None or file_format not in FORMATS:
        raise Http404
    write, content_type, ending = FORMATS[file_format]
    now = timezone.now()
    name = f"my-data-{now:%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(tables, now), content_type=content_type, headers=headers)


def _tables_for(request: HttpRequest) -> registry.Tables | None:
    if isinstance(request.user, User):
        return account_data.export(request.user)
    learner = learners.current(request)
    return registry.export(learner) if learner else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def forget(request: HttpRequest) -> HttpResponse:
    """Erase what was practised in this browser without an account."""
    if request.user.is_authenticated:
        return redirect("account-delete")
    if request.method == "POST":
        form = ForgetForm(request.POST)
        if not form.is_valid():
            return _data_page(request, form)
        learners.forget_browser(request)
    return redirect("account-export")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    """What deleting the account erases and what stays; confirmed twice, it is done."""
    user = get_object_or_404(User, pk=request.user.pk)
    form = DeletionForm(request.POST if request.method == "POST" else None, email=user.email)
    if form.is_valid():
        try:
            return _delete(request)
        except account_data.LastSuperuser:
            form.add_error(
                None,
                "You are the only superuser. Make somebody else one first, or nobody could "
                "administer this site.",
            )
    learner = learners.current(request)
    return render(
        request,
        "account/delete.html",
        {"form": form, "kept": registry.count(learner) if learner else {}},
        status=UNPROCESSABLE if form.errors else 200,
    )


@reauthentication_required  # type: ignore[untyped-decorator]
def _delete(request: HttpRequest) -> HttpResponse:
    """Delete the account of somebody who has just shown again who they are."""
    account_data.delete(get_object_or_404(User, pk=request.user.pk))
    logout(request)
    return redirect("account-deleted")


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """The last page of an account, which knows nobody any more."""
    return render(request, "account/deleted.html")
