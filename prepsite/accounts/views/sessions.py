"""Where the user is signed in, and the end of what should not be."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from prepsite.accounts import browsers
from prepsite.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """List the browsers that are signed in; a POST signs out one of them, or all others."""
    user = cast(User, request.user)
    this_key = request.session.session_key
    if request.method == "POST":
        only = None if "others" in request.POST else request.POST.get("session", "")
        if browsers.end_sessions(user, keep=this_key, only=only):
            messages.success(request, "Signed out there.")
        return redirect("usersessions_list")
    found = browsers.signed_in(user, this_key, timezone.now())
    return render(request, "usersessions/usersession_list.html", {"sessions": found})
