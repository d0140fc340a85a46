"""Withdrawing a unit's seals (停用印章, U3, U5, J-9): a renamed or closed unit seals nothing more with them."""

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.keys.services.registry import row_of
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CertificateState, Why
from yichuan.org.models import Unit, UnitName
from yichuan.seals.models import Seal


def withdraw_seals(*, actor: Actor | None, unit: Unit, name: UnitName | None = None, reason: str) -> list[Seal]:
    """Withdraw the unit's seals, or only those that bear `name`, and revoke their certificates. A step.

    What was sealed and sent before stays good: the centre saw it before the revocation.
    """
    require_transaction()
    seals = Seal.objects.select_for_update().filter(unit=unit, withdrawn_at=None).order_by("pk")
    withdrawn = list(seals.filter(name=name.name) if name is not None else seals)
    for seal in withdrawn:
        seal.withdrawn_at = clock.now()
        seal.save(update_fields=["withdrawn_at"])
        certificate = row_of(seal.key_label)
        if certificate.state in (CertificateState.VALID, CertificateState.HELD):
            revoke(actor=actor, certificate=certificate, reason=Why.CESSATION_OF_OPERATION, words=reason)
        detail = {"name": seal.name, "reason": reason}
        record(verb="seals.withdraw", actor=actor, unit_id=unit.pk, subject=seal, detail=detail)
    return withdrawn
