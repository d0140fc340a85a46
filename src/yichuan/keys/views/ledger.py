"""证书台账: every certificate that the centre issued, and what the security officer does with one (G-9, G-25)."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from yichuan.audit.selectors import history
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import requires
from yichuan.keys.forms import RevokeForm, SystemForm, WordsForm
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.permissions import KeysPermission
from yichuan.keys.selectors import SOON, SOON_DAYS, VERY_SOON_DAYS, chain_of, ledger, ledger_counts, published
from yichuan.keys.services.certify_system import certify_system
from yichuan.keys.services.manage import Verb, manage
from yichuan.keys.services.registry import ISSUING, ROOT
from yichuan.keys.services.renew import BOUND
from yichuan.keys.states import AUTHORITIES, CERTIFICATE, CertificateState, Use
from yichuan.lib.gm.csr import LONGEST as LONGEST_REQUEST
from yichuan.web.requests import actor_of, file, posted, searched

PER_PAGE = 14
FORMS: dict[Verb, type[Form]] = {"hold": WordsForm, "release": WordsForm, "revoke": RevokeForm, "renew": Form}
LABELS: dict[Verb, str] = {"hold": "挂失", "release": "解除挂失", "revoke": "吊销", "renew": "更新"}
ASKED: dict[Verb, str] = {
    "hold": "挂失以后这张证书马上不能使用，吊销列表随即公布；找回以后可以解除挂失。",
    "release": "解除挂失以后这张证书恢复使用，请确认介质一直在持有人手里。",
    "revoke": "吊销以后不能恢复，持有人要重新申请证书。",
    "renew": "用原来的密钥签发一张新证书，接着使用。",
}


@requires(KeysPermission.SEE_CERTIFICATES)
@require_GET
def certificates(request: HttpRequest) -> HttpResponse:
    """The register, narrowed by state, use and holder; beside it how the revocation lists stand."""
    wanted = {name: searched(request, name) for name in ("state", "use", "q")}
    tabs = {state.value: state.label for state in CertificateState} | {SOON: f"{SOON_DAYS} 天内到期"}
    if wanted["state"] not in tabs:
        wanted["state"] = ""
    if wanted["use"] not in {use.value for use in Use}:
        wanted["use"] = ""
    found = ledger(state=wanted["state"], use=wanted["use"], text=wanted["q"])
    counts = ledger_counts()
    now = clock.now()
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "wanted": wanted,
        "uses": list(Use),
        "may_certify": actor_of(request).has_perm(KeysPermission.MANAGE_CERTIFICATES, IssuedCertificate()),
        "tabs": [{"state": state, "label": label, "count": counts.get(state, 0)} for state, label in tabs.items()],
        "total": sum(counts.get(state.value, 0) for state in CertificateState),
        "lists": [row for label in (ISSUING, ROOT) if (row := published(label)) is not None],
        "now": now,
        "soon": now + timedelta(days=SOON_DAYS),
        "very_soon": now + timedelta(days=VERY_SOON_DAYS),
    }
    return render(request, "keys/ledger.html", context)


@requires(KeysPermission.SEE_CERTIFICATES)
@require_GET
def certificate(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """One certificate: its fields, chain and history, and what may be done with it."""
    return _page(request, get_object_or_404(IssuedCertificate, pk=certificate_id))


@requires(KeysPermission.SEE_CERTIFICATES)
@require_GET
def download(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """The certificate as a file."""
    row = get_object_or_404(IssuedCertificate, pk=certificate_id)
    return file(bytes(row.der), name=f"{row.subject}.cer", media_type="application/pkix-cert")


@requires(KeysPermission.MANAGE_CERTIFICATES)
@require_http_methods(["GET", "POST"])
def system(request: HttpRequest) -> HttpResponse:
    """签发系统接入证书."""
    form = SystemForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, asked = form.cleaned_data["name"], form.cleaned_data["request"].read(LONGEST_REQUEST + 1)
        try:
            row = certify_system(actor=actor_of(request), name=name, request=asked)
        except Invalid as invalid:
            for field, message in invalid.errors.items():
                form.add_error(field, message)
        else:
            return redirect("keys:certificate", row.pk)
    return render(request, "keys/system.html", {"form": form}, status=422 if form.errors else 200)


@requires(KeysPermission.MANAGE_CERTIFICATES)
@posted("keys:certificate")
def hold(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """挂失."""
    return _act(request, certificate_id, "hold")


@requires(KeysPermission.MANAGE_CERTIFICATES)
@posted("keys:certificate")
def release(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """解除挂失."""
    return _act(request, certificate_id, "release")


@requires(KeysPermission.MANAGE_CERTIFICATES)
@posted("keys:certificate")
def revoke(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """吊销."""
    return _act(request, certificate_id, "revoke")


@requires(KeysPermission.MANAGE_CERTIFICATES)
@posted("keys:certificate")
def renew(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """更新: on to the new certificate."""
    return _act(request, certificate_id, "renew")


def _act(request: HttpRequest, certificate_id: uuid.UUID, verb: Verb) -> HttpResponse:
    form, refusal = FORMS[verb](request.POST), None
    if form.is_valid():
        try:
            row = manage(actor=actor_of(request), verb=verb, certificate_id=certificate_id, **form.cleaned_data)
        except Invalid as invalid:
            for name, message in invalid.errors.items():
                form.add_error(name, message)
        except Refused as error:
            if error.status in (403, 404):
                raise
            refusal = error
        else:
            return redirect("keys:certificate", row.pk)
    row = get_object_or_404(IssuedCertificate, pk=certificate_id)
    return _page(request, row, verb=verb, form=form, refusal=refusal)


def _page(
    request: HttpRequest,
    row: IssuedCertificate,
    *,
    verb: Verb | None = None,
    form: Form | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    may = actor_of(request).has_perm(KeysPermission.MANAGE_CERTIFICATES, row)
    context = {
        "row": row,
        "certificate": row.certificate,
        "use": Use(row.use),
        "chain": chain_of(row),
        "newer": row.renewals.order_by("-issued_at").first(),
        "history": history([row.pk]),
        "verbs": _verbs(row, verb, form) if may else [],
        "refusal": refusal,
        "now": clock.now(),
    }
    return render(request, "keys/certificate.html", context, status=422 if form is not None else 200)


def _verbs(row: IssuedCertificate, tried: Verb | None, form: Form | None) -> list[dict[str, Any]]:
    """What the state of the certificate lets one do, each with its form; the one that was tried keeps its input."""
    if row.use in AUTHORITIES:
        return []
    return [
        {
            "name": verb,
            "label": LABELS[verb],
            "ask": ASKED[verb],
            "route": f"keys:{verb}",
            "form": form if verb == tried and form is not None else made(auto_id=f"{verb}_%s"),
        }
        for verb, made in FORMS.items()
        if CERTIFICATE.allows(verb, row.state) and (verb != "renew" or (row.label and Use(row.use) not in BOUND))
    ]
