"""Sealing off a device and opening it again (封存、解封, P7, G-39)."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.people.models import Account, SealingOff
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import suspend_person
from yichuan.people.reasons import reason_at_fault
from yichuan.people.services.devices import locked_device
from yichuan.people.services.end_sessions import end_sessions_at


def seal_off(*, actor: Actor, device_id: uuid.UUID, reason: str, suspend_user: bool = False) -> SealingOff:
    """封存: nobody logs in at it any more, what is open there ends within seconds; with `suspend_user`, the person too.

    A command.
    """
    with command():
        device = locked_device(actor, device_id, PeoplePermission.SPOT_CHECK)
        if device.sealings.filter(ended_at=None).exists():
            raise Refused("sealed_off_already", "这台设备已经封存。")
        if fault := reason_at_fault(reason):
            raise Invalid({"reason": fault})
        reason = reason.strip()
        device.code_digest, device.code_until = "", None
        device.save(update_fields=["code_digest", "code_until"])
        ended = end_sessions_at(device)
        user = Account.objects.get(pk=device.user_id)
        if suspends := suspend_user and user.is_active:
            suspend_person(actor=actor, account=user, reason=reason)
        sealing = SealingOff.objects.create(
            device=device, at=clock.now(), by_id=actor.pk, reason=reason, suspended_user=suspends, sessions_ended=ended
        )
        detail = {"reason": reason, "sessions_ended": ended, "suspended_user": suspends}
        record(verb="people.seal_off_device", actor=actor, unit_id=device.unit_id, subject=device, detail=detail)
    return sealing


def open_device(*, actor: Actor, device_id: uuid.UUID, reason: str) -> SealingOff:
    """解封: it may be used again. The user, if suspended, is taken up again elsewhere. A command."""
    with command():
        device = locked_device(actor, device_id, PeoplePermission.SPOT_CHECK)
        sealing = SealingOff.objects.select_for_update().filter(device=device, ended_at=None).first()
        if sealing is None:
            raise Refused("not_sealed_off", "这台设备没有封存。")
        if fault := reason_at_fault(reason):
            raise Invalid({"reason": fault})
        sealing.ended_at, sealing.ended_by_id, sealing.end_reason = clock.now(), actor.pk, reason.strip()
        sealing.save(update_fields=["ended_at", "ended_by", "end_reason"])
        detail = {"reason": sealing.end_reason}
        record(verb="people.open_device", actor=actor, unit_id=device.unit_id, subject=device, detail=detail)
    return sealing
