"""What an opening gives to a use of the seal: one use taken under lock, and the device's password for it alone."""

import uuid
from collections.abc import Sequence

from yichuan.common import clock
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.transactions import require_transaction
from yichuan.people.models import Account
from yichuan.seals.kinds import OpeningMatter, OpeningState
from yichuan.seals.models import Opening, Seal, SealUse
from yichuan.seals.places import Place
from yichuan.seals.services.close_opening import end
from yichuan.seals.services.shares import from_device
from yichuan.seals.services.subject import covers, document_facts

OVER = "这次用印申请已经结束，没有盖成。请重新申请用印。"


def needs_opening(seal: Seal) -> bool:
    """Whether custodians must open the seal before each use: several keep it, or the device wants its password."""
    return seal.quorum > 1 or seal.under_password


def take_use(
    *,
    actor: Account,
    seal: Seal,
    document_id: uuid.UUID,
    digest: bytes,
    places: Sequence[Place],
    attachments: str = "",
) -> Opening | None:
    """One use out of an opening that covers exactly this document, digest and places. A step.

    `digest` is SM3 of the body, `attachments` that of their list. None where the seal needs no opening. Refused
    `needs_opening` where there is none, or none for just this; NotAllowed `not_its_custodian`.
    """
    require_transaction()
    require_custodian(actor, seal)
    if not needs_opening(seal):
        return None
    standing = Opening.objects.select_for_update().filter(
        seal=seal, state=OpeningState.OPEN, matter=OpeningMatter.USE, expires_at__gt=clock.now(), uses_left__gt=0
    )
    near = sorted(standing.order_by("expires_at"), key=lambda each: not each.subject["documents"])
    wanted = document_facts(document_id, digest.hex(), attachments, places)
    for opening in near:
        if covers(opening, wanted):
            opening.uses_left -= 1
            opening.save(update_fields=["uses_left"])
            return opening
    agreed = any(each["id"] == str(document_id) for opening in near for each in opening.subject["documents"])
    if agreed:
        raise Refused(
            "needs_opening", "保管人同意以后正文或盖章位置有改动，没有盖成：只能盖他们看过的内容。请重新申请用印。"
        )
    raise Refused("needs_opening", f"印章「{seal.name}」要 {seal.quorum} 位保管人同意才能用。请先申请用印。")


def give_back(use: SealUse) -> None:
    """The use failed: it does not count. A step, in the transaction that settles it."""
    opening = _of(use)
    if opening is not None and opening.state == OpeningState.OPEN:
        opening.uses_left += 1
        opening.save(update_fields=["uses_left"])


def used(use: SealUse) -> None:
    """The use is done; the last one ends the opening. A step, in the transaction that settles it, after the use itself.

    Refused `opening_closed` where the opening ended meanwhile: the seal was suspended, or its custodians changed.
    """
    opening = _of(use)
    if opening is None:
        return
    if opening.state != OpeningState.OPEN:
        raise Refused("opening_closed", OVER)
    if opening.uses_left == 0 and not opening.uses.filter(state=SealUse.State.INTENT).exists():
        end(actor=use.custodian, opening=opening, verb="close", reason="已用完")


def password_of(opening: Opening) -> bytes | None:
    """The device's password, out of the wrap for this opening; None where the device asks for none.

    Outside of transactions. Refused `opening_closed` where the opening ended meanwhile.
    """
    if not opening.seal.under_password:
        return None
    standing = Opening.objects.filter(pk=opening.pk, state=OpeningState.OPEN).first()
    if standing is None:
        raise Refused("opening_closed", OVER)
    return from_device(bytes(standing.sealed_password), context_of(standing))


def require_custodian(actor: Account, seal: Seal) -> None:
    """Raise `NotAllowed` unless the seal was entrusted to the actor; one that was entrusted to nobody is the post's."""
    kept = seal.custodians.filter(until=None)
    if kept.exists() and not kept.filter(account=actor).exists():
        raise NotAllowed("not_its_custodian", f"印章「{seal.name}」不由你保管，不能办理。")


def context_of(opening: Opening) -> str:
    """What the password in an opening is bound to."""
    return f"opening:{opening.pk}"


def _of(use: SealUse) -> Opening | None:
    require_transaction()
    if use.opening_id is None:
        return None
    return Opening.objects.select_for_update(of=("self",)).select_related("seal").get(pk=use.opening_id)
