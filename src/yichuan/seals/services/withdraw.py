"""Withdrawing a unit's seals (停用印章, U3, U5, J-9): a renamed or closed unit seals nothing more with them."""

from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Unit, UnitName
from yichuan.seals.kinds import Cause, SealState
from yichuan.seals.models import Seal
from yichuan.seals.services.move import move


def withdraw_seals(
    *, actor: Actor | None, unit: Unit, name: UnitName | None = None, reason: str, cause: Cause = Cause.RENAME
) -> list[Seal]:
    """Withdraw the unit's seals, or only those that bear `name`, and revoke both parts' certificates. A step.

    What was sealed and sent before stays good: the centre saw it before the revocation.
    """
    require_transaction()
    standing = (SealState.IN_USE, SealState.SUSPENDED)
    seals = Seal.objects.select_for_update().filter(unit=unit, state__in=standing).order_by("pk")
    chosen = list(seals.filter(name=name.name) if name is not None else seals)
    return [move(actor=actor, seal=seal, verb="withdraw", cause=cause, words=reason) for seal in chosen]
