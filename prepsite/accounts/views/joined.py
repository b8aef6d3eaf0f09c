"""Taking back what a sign-in added to the account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from prepsite.accounts import joining, learners
from prepsite.accounts.forms import UndoForm
from prepsite.accounts.models import Merge


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def undo(request: HttpRequest) -> HttpResponse:
    """Undo what this session's sign-in added; a GET, as after signing in anew, only leads on.

    Only this session may: the answers go back to the browser that brought them.
    """
    if request.method != "POST":
        return redirect("account")
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise Http404
    merge = get_object_or_404(Merge, pk=form.cleaned_data["merge"], target__user=request.user)
    offer = joining.offer_of(request)
    if offer is None or offer["merge"] != merge.pk:
        messages.info(request, "That can no longer be undone: you have signed in anew since.")
    elif learners.undo_join(request, merge, timezone.now()):
        joining.mark_undone(request, offer)
        messages.success(request, f"Undone. Taken out of your account: {offer['what']}.")
    else:
        messages.info(request, "That has been undone already.")
    return redirect("account")
