"""The salary estimator: a form by GET, so that a reply has an address to share."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect, push_url, replace_url
from django_htmx.middleware import HtmxDetails

from careers import publicpages
from careers.estimator.reading import read_inputs
from careers.estimator.replying import reply_to
from careers.forms import EstimateForm
from careers.guide import read_topic
from careers.models import ESTIMATE, CredentialStep
from prepsite.content.pagecache import same_for_all

PAGE = "careers/estimate.html"


@require_safe
@same_for_all
@vary_on_headers("HX-Request")
def estimate(request: HttpRequest) -> HttpResponse:
    """Estimate pay from what the address names; one that names nothing gets the form alone."""
    found = read_topic(ESTIMATE)
    if found is None:
        return render(request, "careers/empty.html", {"meta": publicpages.EMPTY})
    asked = EstimateForm.is_asked(request.GET)
    steps: list[CredentialStep] = list(CredentialStep.objects.for_page())
    meta = publicpages.topic_meta(found, indexed=not asked)
    context = {"topic": found, "meta": meta, "steps": steps}
    inputs = read_inputs(steps)
    if inputs is None:
        return render(request, PAGE, context)
    form = EstimateForm(request.GET if asked else None, inputs=inputs)
    context |= {"inputs": inputs, "form": form, "asked": asked}
    if not asked:
        return render(request, PAGE, context)
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    is_htmx = bool(htmx) and not htmx.history_restore_request
    if not form.is_valid():
        # Only a crafted address is: the whole page says at each field what is wrong.
        if is_htmx:
            return HttpResponseClientRedirect(request.get_full_path())
        return render(request, PAGE, context, status=400)
    reply = reply_to(inputs, form.choices())
    address = f"{reverse('careers:estimate')}?{reply.choices.query}"
    context |= {"reply": reply, "address": f"{settings.SITE_URL}{address}"}
    if not is_htmx:
        return render(request, PAGE, context)
    # Asking the same again is not a step to go back to.
    keep = replace_url if htmx.current_url_abs_path == address else push_url
    return keep(render(request, f"{PAGE}#result", context), address)
