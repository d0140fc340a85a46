"""Which unit supervises the centre and which one operates it (J-5, J-6, G-4): set by the system administrator (G-8)."""

from yichuan.audit.services.record import record
from yichuan.common.errors import Invalid, NotAllowed, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.org.duties import OPERATING_DUTIES, SUPERVISING_DUTIES
from yichuan.org.models import CentreRole, Post, Unit
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import not_ended

Part = CentreRole.Role
DUTIES = {Part.SUPERVISING: SUPERVISING_DUTIES, Part.OPERATING: OPERATING_DUTIES}


def set_part(*, actor: Actor, part: str, name: str) -> CentreRole:
    """Give a part in running the centre to the open unit of this full or short name. A command.

    Refused while somebody still holds a post of the part in the unit that has it now: they would go on approving or
    accepting for a unit that no longer does.
    """
    if not actor.has_perm(OrgPermission.SET_CENTRE):
        raise NotAllowed("no_permission", f"你的岗位没有「{OrgPermission.SET_CENTRE.label}」的权限。")
    if part not in set(Part):
        raise Invalid({"part": "请选择主管单位或承办单位。"})
    with command():
        row = CentreRole.objects.select_for_update().filter(role=part).first()
        unit = _open_unit(name.strip())
        if row is not None and row.unit_id == unit.pk:
            return row
        if row is not None:
            _require_vacant(Part(part), row.unit)
        before = row.unit.name if row else ""
        kept, _ = CentreRole.objects.update_or_create(role=part, defaults={"unit": unit})
        detail = {"part": part, "from": before, "to": unit.name}
        record(verb="org.set_part", actor=actor, unit_id=unit.pk, subject=unit, detail=detail)
    return kept


def _open_unit(name: str) -> Unit:
    for field in ("name", "short_name"):
        unit = Unit.objects.select_for_update().filter(closed_at=None, **{field: name}).first()
        if unit is not None:
            return unit
    raise Invalid({"name": "没有叫这个名字的单位，请写通讯录里的全称或简称；已经注销的单位不能担任。"})


def _require_vacant(part: Part, unit: Unit) -> None:
    duties = DUTIES[part]
    if not_ended(Post.objects.filter(unit=unit, duty__in=duties)).exists():
        named = "、".join(duty.label for duty in duties)
        raise Refused("part_held", f"{unit.short_name}还有人担任{named}，请先免去这些岗位，再更换{part.label}。")
