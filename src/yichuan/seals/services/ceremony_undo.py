"""Undoing what a session has made (J-23): certificates revoked, the seal's rows gone, the keys destroyed in the device.

An ended session whose `labels` are not empty has keys that are to go: those that an aborted one made, and those that a
destruction ends. They are asked away again until the process that may still be making one is long over.
"""

import uuid
from datetime import timedelta

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command, require_transaction
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.device import device
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CertificateState, Why
from yichuan.seals.kinds import Matter
from yichuan.seals.models import Ceremony, Seal
from yichuan.seals.services.ceremony_open import EVENT
from yichuan.seals.services.ceremony_presence import LIVING, locked_ceremony
from yichuan.seals.services.parties import tell
from yichuan.seals.states import CEREMONY

LATEST_KEY = timedelta(minutes=5)
"""So long after its session's end a device may still be making a key."""
STANDING = (CertificateState.VALID, CertificateState.HELD)
REVOKED_FOR = "会签没有办完，印章作废"


def void(ceremony_id: uuid.UUID, reason: str) -> bool:
    """作废: end a session in the centre's own name, unless it has ended. Whether it did. A command.

    Of one that ended meanwhile too the keys go: whoever asks may have made them after those who ended it had none to
    destroy.
    """
    with command():
        ceremony = locked_ceremony(ceremony_id)
        living = ceremony.state in LIVING
        if living:
            undo(ceremony, None, reason)
    destroy_keys(ceremony)
    return living


def undo(ceremony: Ceremony, actor: Actor | None, reason: str) -> None:
    """Abort a locked session: nothing was made. A step; the keys in the device go afterwards, by `destroy_keys`."""
    require_transaction()
    transition = CEREMONY.find("abort", ceremony.state)
    made = ceremony.seal_id
    if ceremony.request["matter"] != Matter.DESTROY:
        _revoke(actor, uuid.UUID(ceremony.request["seal"]["id"]))
    ceremony.state, ceremony.seal = transition.target, None
    ceremony.ended_at, ceremony.reason = clock.now(), reason[:200]
    ceremony.save(update_fields=["state", "seal", "ended_at", "reason"])
    if made is not None:
        seal = Seal.objects.select_for_update(of=("self",)).get(pk=made)
        seal.custodians.all().delete()
        seal.verification.delete()
        seal.delete()
    unit = ceremony.application.unit
    detail = {"number": ceremony.number, "reason": ceremony.reason, "keys": len(ceremony.labels)}
    record(verb=transition.audit, actor=actor, unit_id=unit.pk, subject=ceremony, detail=detail)
    tell(EVENT, unit, ceremony.pk)


def _revoke(actor: Actor | None, seal_id: uuid.UUID) -> None:
    rows = IssuedCertificate.objects.filter(holder_kind="seal", holder_id=seal_id, state__in=STANDING)
    for row in rows.order_by("pk"):
        revoke(actor=actor, certificate=row, reason=Why.CESSATION_OF_OPERATION, words=REVOKED_FOR)


def destroy_keys(ceremony: Ceremony) -> bool:
    """Destroy the keys of an ended session in the device; whether none is left. Outside of transactions.

    A device that does not answer is asked again by `reap_ceremonies`.
    """
    try:
        for label in ceremony.labels:
            device().destroy(label)
    except DeviceError:
        return False
    if not ceremony.labels or ceremony.ended_at is None or ceremony.ended_at > clock.now() - LATEST_KEY:
        return False
    with command():
        locked = locked_ceremony(ceremony.pk)
        if not locked.labels:
            return False
        detail = {"number": locked.number, "labels": locked.labels}
        locked.labels = []
        locked.save(update_fields=["labels"])
        unit_id = locked.application.unit_id
        record(verb="seals.destroy_keys", actor=None, unit_id=unit_id, subject=locked, detail=detail)
    return True
