"""Logging in by certificate: a signed challenge, or what the reverse proxy says of the TLS connection (P6, G-25)."""

import uuid

from django.http import HttpRequest

from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.keys.states import CertificateState
from yichuan.lib.gm.sm3 import sm3
from yichuan.people.client import address_of, client_of, device_of
from yichuan.people.models import CertificateSession, LoginAttempt, Method, OpenSession, PersonCertificate
from yichuan.people.services.certificate_loss import end_sessions_begun_with
from yichuan.people.services.certificate_standing import WORDS, bound_certificate
from yichuan.people.services.challenge import Action, answer
from yichuan.people.services.log_in import KEY, note_failure
from yichuan.people.services.tls_client import presented
from yichuan.people.services.tries import Try, begin_try

NOTHING_TO_LEARN = frozenset(("challenge_unknown", "challenge_session", "challenge_used", "challenge_expired"))
"""Refusals of the page's own: somebody was slow, or a window was old."""


def signed_login(
    request: HttpRequest, *, challenge_id: uuid.UUID, certificate: bytes, signature: bytes
) -> PersonCertificate:
    """Whose certificate signed the challenge of this browser. Begins no session; a second proof may be wanted."""
    try:
        proof = answer(
            request,
            action=Action.LOG_IN,
            challenge_id=challenge_id,
            certificate=certificate,
            signature=signature,
        )
        return _from_here(request, proof.certificate)
    except Refused as refusal:
        if refusal.code not in NOTHING_TO_LEARN:
            _note(request, refusal, certificate)
        raise


def tls_login(request: HttpRequest) -> PersonCertificate:
    """Whose certificate the browser's TLS connection was made with, as the trusted reverse proxy says."""
    der = presented(request)
    if der is None:
        raise Refused(
            "no_tls_certificate", "浏览器没有出示证书。请插好 USB Key，重新打开浏览器，在弹出的窗口里选本人的证书。"
        )
    try:
        return _from_here(request, bound_certificate(der))
    except Refused as refusal:
        _note(request, refusal, der)
        raise


def bind_session(request: HttpRequest, certificate: PersonCertificate) -> None:
    """Remember that the session which has just begun hangs on this certificate. A command.

    A loss reported in between ends it on the spot.
    """
    with command():
        locked = PersonCertificate.objects.select_for_update(of=("self",)).select_related("issued")
        bound = locked.get(pk=certificate.pk)
        session = OpenSession.objects.get(pk=request.session[KEY])
        CertificateSession.objects.create(session=session, certificate=bound)
        lost = bound.state is not CertificateState.VALID
        if lost:
            end_sessions_begun_with(bound)
    if lost:
        raise Refused(f"certificate_{bound.state}", WORDS[bound.state])


def _from_here(request: HttpRequest, bound: PersonCertificate) -> PersonCertificate:
    """Where the certificate is bound to devices, only from one of them."""
    if not bound.account.is_active:
        raise Refused("suspended", "这个账号已停用。请找本单位管理员问明原因。")
    devices = set(bound.application.devices.filter(retired_at=None).values_list("pk", flat=True))
    if not bound.application.devices.exists():
        return bound
    here = device_of(request)
    if here is None or here.pk not in devices:
        raise Refused(
            "certificate_other_device", "这张证书只准在登记的设备上使用。请换到那台设备，或重新申请证书、改登记设备。"
        )
    return bound


def _note(request: HttpRequest, refusal: Refused, der: bytes) -> None:
    """A login by certificate that did not go through is on record, under its owner's account where it is known.

    It counts as a try of its address; beyond those that an address has, no rows are left: the log must not be flooded.
    """
    with command():
        if begin_try(address_of(request)) is Try.STILL_SLOWED:
            return
    bound = PersonCertificate.objects.select_related("account").filter(fingerprint=sm3(der).hex()).first()
    account = bound.account if bound else None
    note_failure(account, client_of(request), Method.CERTIFICATE, LoginAttempt.Outcome.CERTIFICATE, refusal.code)
