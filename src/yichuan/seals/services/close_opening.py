"""Ending openings: by who asked, at the last use, when their time is over, when the seal or its custodians change.

With an opening ends everything that could open the seal: the password in it and the shares that were given to it.
"""

import uuid

from django.db.models import QuerySet

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account
from yichuan.seals.kinds import OpeningMatter, OpeningState
from yichuan.seals.models import Opening, Seal
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.states import OPENING

EVENT = "opening"
STANDING = (OpeningState.ASKED, OpeningState.OPEN)


def close_opening(*, actor: Account, opening_id: uuid.UUID) -> Opening:
    """Who asked takes it back (撤回); what is open any present custodian ends before its time too. A command."""
    with command():
        opening = locked(opening_id)
        check(actor, SealsPermission.USE, opening.seal)
        kept = opening.seal.custodians.filter(account=actor, until=None).exists()
        if opening.asked_by_id != actor.pk and not (kept and opening.state != OpeningState.ASKED):
            raise NotAllowed("not_its_custodian", "只有申请人可以撤回；开启以后，保管人也可以提前结束。")
        if under_way(opening):
            raise Refused("change_under_way", "更换保管人已经同意，正在办理，不能撤回。")
        return end(actor=actor, opening=opening, verb="close", reason="申请人或保管人结束")


def close_openings(*, actor: Actor | None, seal: Seal, reason: str) -> int:
    """End all of the seal's openings at once: it is suspended, out of use, or kept by others. A step; how many.

    A change of custodians on its way goes on: it seals nothing, and the device's password may hang on it.
    """
    require_transaction()
    standing = [each for each in _locked().filter(seal=seal, state__in=STANDING).order_by("pk") if not under_way(each)]
    for opening in standing:
        end(actor=actor, opening=opening, verb="close", reason=reason)
    return len(standing)


def end(*, actor: Actor | None, opening: Opening, verb: str, reason: str) -> Opening:
    """Close or refuse a locked opening and destroy what it holds. A step."""
    require_transaction()
    transition = OPENING.find(verb, opening.state)
    opening.state, opening.closed_at, opening.reason = transition.target, clock.now(), reason
    opening.sealed_password = opening.sealed_next = b""
    opening.save(update_fields=["state", "closed_at", "reason", "sealed_password", "sealed_next"])
    opening.approvals.update(wrapped_share=b"")
    detail = {"seal": str(opening.seal_id), "reason": reason, "uses_left": opening.uses_left}
    record(verb=transition.audit, actor=actor, unit_id=opening.seal.unit_id, subject=opening, detail=detail)
    tell(opening)
    return opening


def under_way(opening: Opening) -> bool:
    """Whether it is a change of custodians that was agreed to and is being carried out."""
    return opening.matter == OpeningMatter.CHANGE and opening.state == OpeningState.OPEN


def tell(opening: Opening) -> None:
    """Word to the screens of the seal's custodians. A step."""
    people = set(opening.seal.custodians.filter(until=None).values_list("account_id", flat=True))
    publish(EVENT, sorted(people | {opening.asked_by_id}), subject_id=opening.pk)


def locked(opening_id: uuid.UUID) -> Opening:
    """The opening with its row locked. NotFound where there is none."""
    found = _locked().filter(pk=opening_id).first()
    if found is None:
        raise NotFound("no_opening", "没有这次用印申请，请回到「待我同意」查看。")
    return found


def _locked() -> QuerySet[Opening]:
    return Opening.objects.select_for_update(of=("self",)).select_related("seal")
