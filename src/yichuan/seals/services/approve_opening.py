"""A custodian's word to an opening (J-24): agreed with their certificate's signature and their share, or refused."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account
from yichuan.people.services.challenge import Action, Proof, answer
from yichuan.seals.kinds import OpeningMatter, OpeningState
from yichuan.seals.models import Approval, Custodian, Opening
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.close_opening import end, locked, tell
from yichuan.seals.services.open_seal import open_if_agreed, share_context_of
from yichuan.seals.services.open_share import open_share
from yichuan.seals.services.said import said
from yichuan.seals.services.shares import under_device
from yichuan.seals.services.usable import require_usable
from yichuan.seals.states import OPENING


@dataclass(frozen=True)
class Signed:
    """What the browser brings back: which challenge, whose certificate (DER), and the signature."""

    challenge_id: uuid.UUID
    certificate: bytes
    signature: bytes


def approve_opening(
    request: HttpRequest, *, actor: Account, opening_id: uuid.UUID, signed: Signed, password: str = ""
) -> Opening:
    """Agree to exactly what the opening's digest says. A command; the last word needed opens the seal.

    `password` opens the custodian's share where the key rests in the device. Refused as `challenge.answer`,
    `open_share` and `require_usable`; `certificate_other`, `already_said`, `opening_over`; NotFound who keeps nothing.
    """
    opening, kept = own_word(actor, opening_id)
    proof = proof_of(request, Action.OPEN_SEAL, actor, opening, signed)
    share = b""
    if opening.seal.under_password:
        share = under_device(open_share(kept, password), share_context_of(opening, kept.index))
    with command():
        opening, kept = _word_on(actor, opening_id)
        require_usable(opening.seal, clock.now())
        _keep(opening, kept, agreed=True, proof=proof, share=share)
        detail = {"seal": str(opening.seal_id), "digest": opening.digest, "serial": proof.certificate.serial}
        record(verb="seals.approve_opening", actor=actor, unit_id=opening.seal.unit_id, subject=opening, detail=detail)
        tell(opening)
    return open_if_agreed(opening_id)


def refuse_opening(*, actor: Account, opening_id: uuid.UUID, words: str) -> Opening:
    """Do not agree, with words. A command; where too few are left to agree, the opening ends."""
    reason = said(words, needed="请写明不同意的原因，申请人会看到。")[:200]
    with command():
        opening, kept = _word_on(actor, opening_id)
        _keep(opening, kept, agreed=False, words=reason)
        against = opening.approvals.filter(agreed=False, custodian__until=None).count()
        if opening.seal.custodians.filter(until=None).count() - against < opening.quorum:
            return end(actor=actor, opening=opening, verb="refuse", reason=reason)
        detail = {"seal": str(opening.seal_id), "reason": reason}
        verb = OPENING.find("refuse", opening.state).audit
        record(verb=verb, actor=actor, unit_id=opening.seal.unit_id, subject=opening, detail=detail)
        tell(opening)
    return opening


def proof_of(request: HttpRequest, action: Action, actor: Account, opening: Opening, signed: Signed) -> Proof:
    """The actor's own signature over the opening's digest. A command; uses the challenge up."""
    proof = answer(
        request,
        action=action,
        challenge_id=signed.challenge_id,
        certificate=signed.certificate,
        signature=signed.signature,
        digest=opening.digest,
    )
    if proof.certificate.account_id != actor.pk:
        raise Refused("certificate_other", "这不是你本人的证书，没有通过。请用自己的密钥文件或 USB Key 签名。")
    return proof


def own_word(actor: Account, opening_id: uuid.UUID) -> tuple[Opening, Custodian]:
    """The opening and the actor's custody of its seal, where a word of theirs is still wanted. Locks nothing."""
    found = Opening.objects.select_related("seal__unit", "asked_by").filter(pk=opening_id).first()
    if found is None:
        raise NotFound("no_opening", "没有这次用印申请，请回到「待我同意」查看。")
    return found, _wanted(actor, found)


def _word_on(actor: Account, opening_id: uuid.UUID) -> tuple[Opening, Custodian]:
    require_transaction()
    opening = locked(opening_id)
    return opening, _wanted(actor, opening)


def _wanted(actor: Account, opening: Opening) -> Custodian:
    kept = Custodian.objects.filter(seal=opening.seal, account=actor, until=None).first()
    if kept is None:
        raise NotFound("no_opening", "没有这次用印申请，请回到「待我同意」查看。")
    check(actor, SealsPermission.USE, opening.seal)
    if opening.matter == OpeningMatter.CHANGE and not opening.seal.under_password:
        raise Refused("leader_confirms", "这次更换由主管领导确认，不用保管人同意。")
    if opening.approvals.filter(custodian=kept).exists():
        raise Refused("already_said", "你已经表示过意见，不用再办。")
    if opening.state != OpeningState.ASKED or opening.expires_at <= clock.now():
        raise Refused("opening_over", "这次用印申请已经开启或者结束，不能再表示意见。请刷新页面看最新情况。")
    return kept


def _keep(
    opening: Opening, kept: Custodian, *, agreed: bool, proof: Proof | None = None, share: bytes = b"", words: str = ""
) -> None:
    Approval.objects.create(
        opening=opening,
        custodian=kept,
        at=clock.now(),
        agreed=agreed,
        text=proof.text if proof else words,
        signature=proof.signature if proof else None,
        certificate=bytes(proof.certificate.der) if proof else None,
        wrapped_share=share,
    )
