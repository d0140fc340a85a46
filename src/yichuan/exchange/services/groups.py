"""收件单位分组: a unit's own groups of recipients (D2), kept, put in order, deleted."""

import uuid
from collections.abc import Sequence

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something, skeleton
from yichuan.common.errors import Invalid, NotFound
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.models import GroupMember, RecipientGroup
from yichuan.exchange.permissions import ExchangePermission
from yichuan.org.models import Unit
from yichuan.org.selectors import Desk
from yichuan.people.models import Account

LONGEST_NAME = 60
MOST_GROUPS = 100
MOST_MEMBERS = 2_000
Place = tuple[uuid.UUID, uuid.UUID | None]


def save_group(
    *, actor: Account, unit: Unit, name: str, places: Sequence[Place], group_id: uuid.UUID | None = None
) -> RecipientGroup:
    """Make a group, or with `group_id` give one another name and other members. A command. Raises `Invalid`.

    `places` are units, or offices of units; the unit itself is left out.
    """
    called, members = name.strip(), _members(unit, places)
    errors = {}
    if not skeleton(called):
        errors["name"] = "请给分组起一个名称。"
    elif len(called) > LONGEST_NAME or hides_something(called):
        errors["name"] = f"分组名称最多 {LONGEST_NAME} 个字，不能有看不见的字符。"
    if not members:
        errors["members"] = "分组是空的，请至少选一个单位。"
    elif len(members) > MOST_MEMBERS:
        errors["members"] = f"一个分组最多 {MOST_MEMBERS} 个单位。"
    if errors:
        raise Invalid(errors)
    with command():
        own = _locked(actor, unit)
        group = _one(own, group_id) if group_id else RecipientGroup(unit=unit, order=len(own) + 1)
        if any(skeleton(each.name) == skeleton(called) and each.pk != group.pk for each in own):
            raise Invalid({"name": f"已经有一个分组叫「{called}」，请换一个名称，或者去修改那一个。"})
        if group_id is None and len(own) >= MOST_GROUPS:
            raise Invalid({"name": f"一个单位最多 {MOST_GROUPS} 个分组，请先删去不用的。"})
        group.name, group.changed_by, group.changed_at = called, actor, clock.now()
        group.save()
        group.members.all().delete()
        GroupMember.objects.bulk_create(
            GroupMember(group=group, order=order, unit_id=unit_id, office_id=office_id, place=office_id or unit_id)
            for order, (unit_id, office_id) in enumerate(members, start=1)
        )
        detail = {"name": called, "members": len(members)}
        record(verb="exchange.save_group", actor=actor, unit_id=unit.pk, subject=group, detail=detail)
    return group


def move_group(*, actor: Account, unit: Unit, group_id: uuid.UUID, up: bool) -> None:
    """One place up or down in the unit's order. A command; at the end of the list nothing happens."""
    with command():
        own = _locked(actor, unit)
        at = own.index(_one(own, group_id))
        other = at - 1 if up else at + 1
        if not 0 <= other < len(own):
            return
        own[at], own[other] = own[other], own[at]
        for place, each in enumerate(own, start=1):
            each.order = place
        RecipientGroup.objects.bulk_update(own, ["order"])
        moved = own[other]
        detail = {"name": moved.name, "place": moved.order}
        record(verb="exchange.save_group", actor=actor, unit_id=unit.pk, subject=moved, detail=detail)


def delete_group(*, actor: Account, unit: Unit, group_id: uuid.UUID) -> None:
    """Delete a group; what was sent by it stays. A command."""
    with command():
        group = _one(_locked(actor, unit), group_id)
        detail = {"name": group.name}
        record(verb="exchange.delete_group", actor=actor, unit_id=unit.pk, subject=group, detail=detail)
        group.delete()


def _members(unit: Unit, places: Sequence[Place]) -> list[Place]:
    """Each place once, in order, without the unit itself."""
    return [place for place in dict.fromkeys(places) if place[0] != unit.pk]


def _locked(actor: Account, unit: Unit) -> list[RecipientGroup]:
    """The unit's groups in their order; changes of one unit's groups wait for each other. A step."""
    require_transaction()
    Unit.objects.select_for_update().get(pk=unit.pk)
    check(actor, ExchangePermission.CHOOSE_GROUPS, Desk(unit))
    return list(RecipientGroup.objects.filter(unit=unit))


def _one(own: Sequence[RecipientGroup], group_id: uuid.UUID) -> RecipientGroup:
    group = next((each for each in own if each.pk == group_id), None)
    if group is None:
        raise NotFound("no_group", "没有这个分组，或者已经删去。请回到收件单位分组查看。")
    return group
