"""Collecting an approved certificate, and renewing one before it ends (G-28).

The pair is made where the private key stays: in the browser or in the USB key. Up come the public key and a signature
that proves its other half; the server never sees more.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.certify import certify
from yichuan.keys.services.renew import renew as renew_issued
from yichuan.keys.states import Use
from yichuan.lib.gm.errors import GmError
from yichuan.lib.gm.sm2 import PublicKey
from yichuan.lib.gm.x509 import Name
from yichuan.people.models import Account, PersonCertificate
from yichuan.people.ports import card_of, unit_of
from yichuan.people.services.bind_certificate import bind
from yichuan.people.services.certificate_apply import locked_application, own_application
from yichuan.people.services.challenge import Action, answer, digest_of, signed, take
from yichuan.people.states import APPLICATION

LASTS = timedelta(days=2 * 365)
RENEWED_FROM = timedelta(days=60)
"""How long before its end a certificate may be renewed."""


@dataclass(frozen=True)
class NewKey:
    """What the browser sends of a new pair: the point in hex, and a signature over the challenge's text."""

    public_key: str
    signature: bytes

    def proved(self, text: str) -> PublicKey:
        """The public key, whose other half signed `text`. Refused `public_key` or `signature_wrong`."""
        try:
            key = PublicKey.from_point(bytes.fromhex(self.public_key))
        except (ValueError, GmError) as error:
            raise Refused("public_key", "浏览器生成的公钥不对，请刷新页面重新生成。") from error
        if not signed(key, text, self.signature):
            raise Refused("signature_wrong", "没有证明私钥在你手里，证书没有签发。请刷新页面重新生成。")
        return key


def collect(
    request: HttpRequest, *, actor: Account, application_id: uuid.UUID, challenge_id: uuid.UUID, key: NewKey
) -> PersonCertificate:
    """The certificate for the new key. A command."""
    own_application(actor, application_id)
    digest = digest_of(str(application_id), key.public_key)
    public_key = key.proved(take(request, action=Action.COLLECT, challenge_id=challenge_id, digest=digest))
    card = card_of(actor)
    with command():
        application = locked_application(application_id)
        transition = APPLICATION.find("collect", application.state)
        if application.account_id != actor.pk:
            raise NotAllowed("not_yours", "数字证书要由本人领取。")
        application.state = transition.target
        application.save(update_fields=["state"])
        issued = certify(
            use=Use.LOGIN,
            holder_kind="person",
            holder_id=actor.pk,
            holder_name=actor.name,
            subject=Name(common_name=actor.name, organizational_unit=actor.username, organization=card.unit[:64]),
            public_key=public_key,
            lasts=LASTS,
            actor=actor,
        )
        bound = bind(application, issued.certificate, issued)
        _note(transition.audit, bound)
        return bound


def renew(
    request: HttpRequest, *, actor: Account, challenge_id: uuid.UUID, old: bytes, old_signature: bytes, key: NewKey
) -> PersonCertificate:
    """A successor with a new key, which the old certificate's key asked for. A command.

    Refused `too_early` more than `RENEWED_FROM` before the end.
    """
    proof = answer(
        request,
        action=Action.RENEW,
        challenge_id=challenge_id,
        certificate=old,
        signature=old_signature,
        digest=digest_of(key.public_key),
    )
    public_key = key.proved(proof.text)
    with command():
        before = PersonCertificate.objects.select_for_update(of=("self",)).get(pk=proof.certificate.pk)
        if before.account_id != actor.pk:
            raise NotFound("no_certificate", "这张证书不是你的，不能由你更新。")
        if before.issued_id is None:
            raise Refused("external", "外部证书请在发证机构更新，再在这里申请登记新证书。")
        if before.not_after - clock.now() > RENEWED_FROM:
            raise Refused("too_early", f"证书到期前 {RENEWED_FROM.days} 天内才能更新。密钥有泄露可能的，请办理挂失。")
        issued = IssuedCertificate.objects.get(pk=before.issued_id)
        successor = renew_issued(actor=actor, certificate=issued, public_key=public_key, lasts=LASTS)
        bound = bind(before.application, successor.certificate, successor)
        _note("people.renew_certificate", bound)
        return bound


def _note(verb: str, bound: PersonCertificate) -> None:
    detail = {"serial": bound.serial, "subject": bound.subject}
    record(verb=verb, actor=bound.account, unit_id=unit_of(bound.account), subject=bound, detail=detail)
