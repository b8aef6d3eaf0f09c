"""The gate before the staff's workplace: how a staff account gets its first second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.decorators import rate_limit
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from prepsite.accounts import second_factor
from prepsite.accounts.models import User

type View = Callable[..., HttpResponseBase]


def _staff_user(request: HttpRequest) -> User:
    """Return the user; raises Http404 for everybody who is no staff."""
    if not (isinstance(request.user, User) and request.user.is_staff):
        raise Http404
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@rate_limit(action="staff_link")  # type: ignore[untyped-decorator]
def gate(request: HttpRequest) -> HttpResponseBase:
    """Say what a staff account still needs, and mail the link that lets it enrol."""
    user = _staff_user(request)
    if second_factor.is_shown(request):
        return redirect(get_next_redirect_url(request) or "admin:index")
    if second_factor.is_enrolled(user):
        return redirect(second_factor.gate_url(request, reverse("admin:index")))
    confirmed = second_factor.has_confirmed_address(user)
    if request.method == "POST":
        if confirmed:
            second_factor.send_link(request, user)
            messages.success(request, f"The link is on its way to {user.email}.")
        else:
            _send_confirmation(request, user)
        return redirect("staff-gate")
    context = {"confirmed": confirmed, "may_enrol": second_factor.may_enrol_first(request)}
    return render(request, "account/staff_gate.html", context)


def _send_confirmation(request: HttpRequest, user: User) -> None:
    sync_user_email_address(user)
    address = EmailAddress.objects.get_for_user(user, user.email)
    if send_verification_email_to_address(request, address):
        messages.success(request, f"The link is on its way to {user.email}.")
    else:
        messages.error(request, "A link was sent a moment ago. Look into your mail first.")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Follow the link from the mail or the terminal: this session may enrol a first factor."""
    user = _staff_user(request)
    if not second_factor.is_link_of(token, user):
        return render(request, "account/staff_link_void.html", status=410)
    if request.method == "POST":
        second_factor.follow_link(request, token)
        return redirect("staff-gate")
    return render(request, "account/staff_link.html")


def factor_first(view: View) -> View:
    """Let staff reach a page only with their second factor shown in this session.

    The pages behind it change a factor, show recovery codes or change the address: each
    would be a way round. Everybody else goes straight through.
    """
    return _guard(view, enrols_first=False)


def enrols_first(view: View) -> View:
    """Guard a page as ``factor_first`` does, and open it to a first factor after the link."""
    return _guard(view, enrols_first=True)


def _guard(view: View, *, enrols_first: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_staff = isinstance(request.user, User) and request.user.is_staff
        if not is_staff or second_factor.is_shown(request):
            return view(request, *args, **kwargs)
        if not (enrols_first and second_factor.may_enrol_first(request)):
            return redirect(second_factor.gate_url(request, request.get_full_path()))
        response = view(request, *args, **kwargs)
        second_factor.note_first(request)
        return response

    return guarded


def keeps_last(view: View) -> View:
    """Refuse to remove the last factor of a staff account: allauth asks for apps only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        own = Authenticator.objects.filter(user_id=request.user.pk, pk=kwargs["pk"])
        adapter = get_factor_adapter()
        if any(not adapter.can_delete_authenticator(one) for one in own.select_related("user")):
            messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return guarded
