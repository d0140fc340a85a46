"""外部信任名单: authorities outside the centre, shown before they are believed (P6)."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.keys.forms import BundleForm, RevocationsForm
from yichuan.keys.permissions import KeysPermission
from yichuan.keys.selectors import authorities
from yichuan.keys.services.accept_authority import accept_authority
from yichuan.keys.services.import_list import import_list
from yichuan.keys.services.propose_authorities import propose_authorities
from yichuan.keys.services.withdraw_authority import withdraw_authority
from yichuan.web.requests import actor_of, posted

PER_PAGE = 10


@requires(KeysPermission.MANAGE_TRUST)
@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """Every authority that was ever brought in, what waits first, and the two files that may be brought."""
    return _page(request)


@requires(KeysPermission.MANAGE_TRUST)
@posted("keys:trust")
def propose(request: HttpRequest) -> HttpResponse:
    """导入证书: they are shown, and believed by nobody yet."""
    form = BundleForm(request.POST, request.FILES)
    if form.is_valid():
        bundle = form.cleaned_data["bundle"].read()
        return _done(request, lambda: propose_authorities(actor=actor_of(request), bundle=bundle), bundle_form=form)
    return _page(request, bundle_form=form)


@requires(KeysPermission.MANAGE_TRUST)
@posted("keys:trust")
def revocations(request: HttpRequest) -> HttpResponse:
    """导入吊销列表."""
    form = RevocationsForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data["revocations"].read()
        return _done(request, lambda: import_list(actor=actor_of(request), data=data), list_form=form)
    return _page(request, list_form=form)


@requires(KeysPermission.MANAGE_TRUST)
@posted("keys:trust", keep=0)
def accept(request: HttpRequest, authority_id: uuid.UUID) -> HttpResponse:
    """信任: for persons and systems, and for seals where that is ticked."""
    compared, for_seals = "compared" in request.POST, "for_seals" in request.POST
    return _done(
        request,
        lambda: accept_authority(
            actor=actor_of(request), authority_id=authority_id, compared=compared, for_seals=for_seals
        ),
        tried=authority_id,
    )


@requires(KeysPermission.MANAGE_TRUST)
@posted("keys:trust", keep=0)
def withdraw(request: HttpRequest, authority_id: uuid.UUID) -> HttpResponse:
    """停用, or turning down what was only brought in."""
    return _done(request, lambda: withdraw_authority(actor=actor_of(request), authority_id=authority_id))


def _done(request: HttpRequest, act: Any, **shown: Any) -> HttpResponse:
    """Act, and back to the list; what is wrong stands beside the field it is about."""
    form: Form | None = shown.get("bundle_form") or shown.get("list_form")
    try:
        act()
    except Invalid as invalid:
        if form is None:
            return _page(request, refusal=invalid, **shown)
        for name, message in invalid.errors.items():
            form.add_error(name, message)
        return _page(request, **shown)
    except Refused as error:
        if error.status in (403, 404):
            raise
        return _page(request, refusal=error, **shown)
    return redirect("keys:trust")


def _page(
    request: HttpRequest,
    *,
    bundle_form: BundleForm | None = None,
    list_form: RevocationsForm | None = None,
    refusal: Refused | None = None,
    tried: uuid.UUID | None = None,
) -> HttpResponse:
    context = {
        "page": Paginator(authorities(), PER_PAGE).get_page(request.GET.get("page")),
        "bundle_form": bundle_form or BundleForm(),
        "list_form": list_form or RevocationsForm(),
        "refusal": refusal,
        "tried": tried,
        "now": clock.now(),
    }
    wrong = refusal is not None or bundle_form is not None or list_form is not None
    return render(request, "keys/trust.html", context, status=422 if wrong else 200)
