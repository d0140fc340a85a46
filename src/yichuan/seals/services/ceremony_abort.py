"""中止: any party ends a session before its end, and the centre ends those that nobody can go on with (J-23)."""

import uuid

from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.transactions import command
from yichuan.keys.devices.base import DeviceError
from yichuan.people.models import Account
from yichuan.seals.kinds import CeremonyState
from yichuan.seals.models import Ceremony
from yichuan.seals.services.ceremony_minutes import finish
from yichuan.seals.services.ceremony_presence import GONE, attendances_of, end_of, locked_ceremony, parties_open_to
from yichuan.seals.services.ceremony_undo import destroy_keys, undo


def abort(*, actor: Account, ceremony_id: uuid.UUID) -> Ceremony:
    """End it at once: nothing was made. A command of whoever may be one of the three."""
    with command():
        ceremony = locked_ceremony(ceremony_id)
        if not parties_open_to(actor, ceremony):
            raise NotFound("no_ceremony", GONE)
        undo(ceremony, actor, f"{actor.name}中止")
    destroy_keys(ceremony)
    return ceremony


def reap_ceremonies() -> int:
    """End the sessions whose time is over or whom somebody has left, finish those that all three have signed, and
    destroy the keys of ended ones. How many were settled. Commands; may run beside the pages."""
    settled = sum(_settle(ceremony) for ceremony in Ceremony.objects.filter(ended_at=None).order_by("opened_at"))
    ended = Ceremony.objects.exclude(labels=[]).filter(ended_at__isnull=False).order_by("ended_at")
    return settled + sum(destroy_keys(ceremony) for ceremony in ended)


def _settle(ceremony: Ceremony) -> bool:
    here = attendances_of(ceremony)
    reason = end_of(ceremony, here, clock.now())
    if reason:
        return _void_if_still(ceremony.pk)
    if ceremony.state != CeremonyState.MINUTES or not all(row.signed_at for row in here.values()):
        return False
    try:
        finish(actor=None, ceremony_id=ceremony.pk)
    except (Refused, DeviceError):
        return False  # its time ends it
    return True


def _void_if_still(ceremony_id: uuid.UUID) -> bool:
    """A signature may have come since: asked again under the row's lock."""
    with command():
        ceremony = locked_ceremony(ceremony_id)
        reason = end_of(ceremony, attendances_of(ceremony), clock.now())
        if ceremony.ended_at is not None or not reason:
            return False
        undo(ceremony, None, reason)
    destroy_keys(ceremony)
    return True
