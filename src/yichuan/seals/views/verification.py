"""验证印章: what the person holds of verification seals, and taking one over (J-18)."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.common.errors import Invalid
from yichuan.common.permissions import requires
from yichuan.seals.forms_verification import TakeForm
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.selectors_ceremonies import verification_seals_of
from yichuan.seals.services.take_verification import own_verification, take_verification
from yichuan.web.requests import actor_of


@requires(SealsPermission.HOLD_VERIFICATION)
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """我保管的验证印章."""
    return render(request, "seals/verification.html", {"held": verification_seals_of(actor_of(request))[:100]})


@requires(SealsPermission.HOLD_VERIFICATION)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, seal_id: uuid.UUID) -> HttpResponse:
    """接管."""
    held = own_verification(actor_of(request), seal_id)
    form = TakeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            take_verification(actor=actor_of(request), seal_id=seal_id, **form.cleaned_data)
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name, message)
        else:
            return redirect("seals:verification_seals")
    context = {"held": held, "form": form}
    return render(request, "seals/verification_take.html", context, status=422 if form.errors else 200)
