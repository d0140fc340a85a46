"""办结: what was applied for has been done under three pairs of eyes (J-20, J-23)."""

from yichuan.common.errors import Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.seals.kinds import Matter, SealState
from yichuan.seals.models import Seal, SealApplication
from yichuan.seals.services.loss_reports import standing_reports
from yichuan.seals.services.move import move
from yichuan.seals.services.stepping import step
from yichuan.seals.states import APPLICATION

STANDING = (SealState.IN_USE, SealState.SUSPENDED)


def finish(*, actor: Actor | None, application: SealApplication, seal: Seal | None) -> None:
    """End a locked, approved application: `seal` is the new one, None where one was destroyed. A step.

    A change withdraws the seal it replaces, unless a change of the unit has done so before; a destruction destroys
    it, unless the caller has.
    """
    require_transaction()
    transition = APPLICATION.find("finish", application.state)
    if (seal is None) != (application.matter == Matter.DESTROY):
        raise Refused("no_result", "这份申请还没有办出结果，不能办结。")
    old = Seal.objects.select_for_update().get(pk=application.seal_id) if application.seal_id else None
    words = f"申请 {application.number}"
    if old is not None and application.matter == Matter.CHANGE and old.state in STANDING:
        move(actor=actor, seal=old, verb="withdraw", cause=application.cause, words=words)
        if standing_reports(old).exclude(taken_in_at=None).exists():  # the operator has its carrier already
            move(actor=actor, seal=old, verb="hand_in", words=words)
    if old is not None and application.matter == Matter.DESTROY and old.state != SealState.DESTROYED:
        move(actor=actor, seal=old, verb="destroy", cause=application.cause, words=words)
    application.result = seal
    step(application, transition, actor)
