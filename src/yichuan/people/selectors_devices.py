"""Reading devices with what is so about each now."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from yichuan.common.errors import NotFound
from yichuan.common.permissions import Actor, Permission
from yichuan.people.models import Device, SealingOff, SpotCheck
from yichuan.people.scope import reaches


def devices(unit_id: uuid.UUID | None, text: str = "") -> QuerySet[Device]:
    """The devices in use of one unit, or of the whole centre: newest first, each with its last check and seal."""
    found = _with_state(Device.objects.filter(retired_at=None)).order_by("-registered_at", "-id")
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(asset_number__istartswith=text) | Q(user__name__startswith=text)
        )
    return found


def device_in_reach(actor: Actor, device_id: uuid.UUID, permission: Permission) -> Device:
    """One device, for whoever the permission lets see it; others hear that there is none."""
    found = _with_state(Device.objects.filter(pk=device_id)).first()
    if found is None or not reaches(actor, permission, found.unit_id):
        raise NotFound("no_device", "没有登记这台设备，或者不归你管。")
    return found


def _with_state(found: QuerySet[Device]) -> QuerySet[Device]:
    sealed_off = SealingOff.objects.filter(device=OuterRef("pk"), ended_at=None)
    checked = SpotCheck.objects.filter(device=OuterRef("pk")).order_by("-at").values("at")[:1]
    return found.select_related("user", "registered_by").annotate(
        sealed_off=Exists(sealed_off), checked_at=Subquery(checked)
    )
