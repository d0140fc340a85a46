"""Signing (负责人签字, J-21): the unit's head has read the application and signs it with a certificate."""

import json
import uuid

from django.http import HttpRequest

from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.lib.gm.x509 import Certificate
from yichuan.people.models import Account
from yichuan.people.services.challenge import Action, answer, digest_of, signed
from yichuan.seals.models import SealApplication
from yichuan.seals.services.application_access import locked, visible
from yichuan.seals.services.application_facts import require_sound
from yichuan.seals.services.said import said
from yichuan.seals.services.stepping import step


def signed_content(application: SealApplication) -> str:
    """What the head signs: every field, the imprint and the papers by their digests, in one canonical text (JSON)."""
    imprint = application.imprint
    content = {
        "application": str(application.pk),
        "number": application.number,
        "unit": str(application.unit_id),
        "matter": application.matter,
        "cause": application.cause,
        "seal": str(application.seal_id or ""),
        "imprint": imprint.digest if imprint else "",
        "words": application.words,
        "carrier": application.carrier,
        "custodians": application.custodians,
        "quorum": application.quorum,
        "opening": [application.opening_kind, application.opening_limit],
        "verification_holder": str(application.verification_holder_id or ""),
        "attendant": str(application.attendant_id or ""),
        "papers": [[each.role, each.digest] for each in application.papers.all()],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def digest_to_sign(application: SealApplication) -> str:
    """SM3 over `signed_content`, in hex: what the challenge of the head's certificate binds."""
    return digest_of(signed_content(application))


def sign_application(
    request: HttpRequest,
    *,
    actor: Account,
    application_id: uuid.UUID,
    challenge_id: uuid.UUID,
    certificate: bytes,
    signature: bytes,
    words: str = "",
) -> SealApplication:
    """Sign what was shown, and send it to the supervising office. A command."""
    words = said(words)
    digest = digest_to_sign(visible(actor, application_id))
    action = Action.SIGN_SEAL_APPLICATION
    proof = answer(
        request, action=action, challenge_id=challenge_id, certificate=certificate, signature=signature, digest=digest
    )
    if proof.certificate.account_id != actor.pk:
        raise NotAllowed("other_person", "这是别人的数字证书。请用本人的证书签字。")
    with command():
        application, transition = locked(actor, application_id, "sign")
        require_sound(application)
        if digest_to_sign(application) != digest:
            raise Refused("changed", "签字的时候申请内容有变化，没有签。请刷新页面，重新看过再签。")
        application.digest = digest
        application.signed_by = actor
        application.signed_text = proof.text
        application.signature = proof.signature
        application.signer_certificate = bytes(proof.certificate.der)
        step(application, transition, actor, words)
    return application


def unsign(application: SealApplication) -> None:
    """The head's signature counts no longer; the row is the caller's to save."""
    application.digest, application.signed_text = "", ""
    application.signed_by = application.signature = application.signer_certificate = None


def require_signed(application: SealApplication) -> None:
    """Refuse with `signature_void` unless the head's signature holds over what the application says now."""
    if not signature_holds(application):
        raise Refused("signature_void", "负责人签字以后申请内容有变化，签字已经无效。请退回申请单位重新签字。")


def signature_holds(application: SealApplication) -> bool:
    """Whether the kept signature is the kept certificate's, over a text that binds the application as it is now."""
    if not application.signature or not application.signer_certificate:
        return False
    try:
        bound = json.loads(application.signed_text).get("digest")
    except ValueError:
        return False
    key = Certificate.from_der(bytes(application.signer_certificate)).public_key
    holds = signed(key, application.signed_text, bytes(application.signature))
    return holds and bound == application.digest == digest_to_sign(application)
