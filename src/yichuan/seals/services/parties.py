"""Whose step it is in the life of a seal: the unit's, the supervising office's, the operator's (J-20, J-21)."""

import uuid

from django.db.models import CharField

from yichuan.common.errors import Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import Actor, Permission, check
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import require_transaction
from yichuan.org.models import CentreRole, Unit
from yichuan.seals.permissions import SealsPermission as May

Role = CentreRole.Role
OF_THE_SUPERVISOR = frozenset((May.APPROVE, May.WITNESS))
OF_THE_OPERATOR = frozenset((May.MAKE,))

_playing = Prepared(
    lambda role: CentreRole.objects.select_related("unit").filter(role=role).order_by("pk")[:1], role=CharField()
)


def party(role: str) -> Unit | None:
    """The unit that plays this part in the centre (J-5, J-6), if that is settled."""
    rows = _playing(role=role)
    return rows[0].unit if rows else None


def centre_unit(role: CentreRole.Role) -> Unit:
    """The same; refuses where nobody has been named for it yet."""
    found = party(role)
    if found is None:
        raise Refused("no_party", f"还没有设定{role.label}，不能往下办。请系统管理员先设定。")
    return found


def supervises(actor: Actor) -> bool:
    """Whether the person decides on seals for the supervising office."""
    unit = party(Role.SUPERVISING)
    return unit is not None and actor.has_perm(May.APPROVE, unit)


def operates(actor: Actor) -> bool:
    """Whether the person makes seals for the operator."""
    unit = party(Role.OPERATING)
    return unit is not None and actor.has_perm(May.MAKE, unit)


def require(actor: Actor, permission: Permission, unit: Unit) -> None:
    """Raise `NotAllowed` unless this step, for a seal of `unit`, is the actor's."""
    if permission in OF_THE_SUPERVISOR:
        check(actor, permission, centre_unit(Role.SUPERVISING))
    elif permission in OF_THE_OPERATOR:
        check(actor, permission, centre_unit(Role.OPERATING))
    else:
        check(actor, permission, unit)


def tell(kind: str, unit: Unit, subject_id: uuid.UUID) -> None:
    """Word to the unit and to the centre's two parties. A step."""
    require_transaction()
    told = {unit.pk, *CentreRole.objects.values_list("unit_id", flat=True)}
    publish(kind, sorted(told), subject_id=subject_id)
