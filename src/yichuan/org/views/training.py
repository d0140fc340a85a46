"""登记在编和培训, from the person's page (P8, J-12)."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yichuan.common.errors import Invalid
from yichuan.common.permissions import requires
from yichuan.org.forms.people import TrainingForm
from yichuan.org.permissions import OrgPermission
from yichuan.org.services.looked_after import visible_person
from yichuan.org.services.qualification import record_training
from yichuan.org.views.person import person_page
from yichuan.web.requests import actor_of, posted


@requires(OrgPermission.SEE_CONTACTS)
@posted("org:person")
def training(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Keep both facts; the administrator of the person's unit and the system administrator may."""
    actor, form = actor_of(request), TrainingForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            record_training(
                actor=actor,
                account_id=account_id,
                established=given["established"],
                trained_on=given["trained_on"],
                note=given["training_note"],
            )
        except Invalid as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name, message)
        else:
            return redirect("org:person", account_id)
    return person_page(request, visible_person(actor, account_id), training=form)
