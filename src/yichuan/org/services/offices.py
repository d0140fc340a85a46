"""Offices of a unit (U7, G-11): set up, renamed, put in order, given an exchange box of their own, closed."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something, skeleton
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.ids import new_id
from yichuan.common.permissions import check
from yichuan.common.transactions import command, require_transaction
from yichuan.org.models import Box, Office, Post, Staff, Unit
from yichuan.org.permissions import OrgPermission
from yichuan.org.selectors import Desk, not_ended
from yichuan.org.services.card import plain
from yichuan.org.services.dismiss import dismiss
from yichuan.org.services.register_unit import make_box_keys
from yichuan.org.services.rename_unit import locked_open
from yichuan.people.models import Account

MOST_OFFICES = 500


def add_office(*, actor: Account, unit: Unit, name: str) -> Office:
    """Set up an office, last in the order. A command."""
    wanted = office_name(name)
    with command():
        locked_open(unit)
        check(actor, OrgPermission.MANAGE_OFFICES, Desk(unit))
        offices = list(Office.objects.filter(unit=unit, closed_at=None))
        if len(offices) >= MOST_OFFICES:
            raise Refused("too_many_offices", f"一个单位最多设 {MOST_OFFICES} 个处室。")
        _new_to(offices, wanted)
        order = max((office.order for office in offices), default=0) + 1
        office = Office.objects.create(unit=unit, name=wanted, order=order)
        record(verb="org.add_office", actor=actor, unit_id=unit.pk, subject=office, detail={"name": wanted})
    return office


def rename_office(*, actor: Account, office_id: uuid.UUID, name: str) -> Office:
    """Another name for an office. A command."""
    wanted = office_name(name)
    with command():
        office = locked_office(actor, office_id)
        _new_to(Office.objects.filter(unit=office.unit, closed_at=None).exclude(pk=office.pk), wanted)
        detail = {"from": office.name, "to": wanted}
        office.name = wanted
        office.save(update_fields=["name"])
        record(verb="org.rename_office", actor=actor, unit_id=office.unit_id, subject=office, detail=detail)
    return office


def move_office(*, actor: Account, office_id: uuid.UUID, up: bool) -> Office:
    """One place up or down in the unit's order. A command; at the end of the list nothing happens."""
    with command():
        office = locked_office(actor, office_id)
        open_ones = Office.objects.select_for_update().filter(unit=office.unit, closed_at=None)
        rows = list(open_ones.order_by("order", "name"))
        at = next(place for place, each in enumerate(rows) if each.pk == office.pk)
        other = at - 1 if up else at + 1
        if 0 <= other < len(rows):
            rows[at], rows[other] = rows[other], rows[at]
            for place, each in enumerate(rows, start=1):
                if each.order != place:
                    Office.objects.filter(pk=each.pk).update(order=place)
            detail = {"name": office.name, "place": other + 1}
            record(verb="org.move_office", actor=actor, unit_id=office.unit_id, subject=office, detail=detail)
    return office


def open_office_box(*, actor: Account, office_id: uuid.UUID) -> Box:
    """Give an office an exchange box with keys of its own. A command; the device makes the keys before any lock."""
    office = _own_office(actor, office_id)
    box = Box(id=new_id(), unit=office.unit, office=office, opened_at=clock.now())
    if office.closed_at is None and not _has_box(office):
        make_box_keys(box)
    with command():
        current = locked_office(actor, office_id)
        if _has_box(current):
            raise Refused("box_open", f"{current.name}已经有交换箱。")
        box.save(force_insert=True)
        detail = {"name": current.name}
        record(verb="org.open_office_box", actor=actor, unit_id=current.unit_id, subject=box, detail=detail)
    return box


def close_office(*, actor: Account, office_id: uuid.UUID) -> Office:
    """Close an office: its posts end, its people stay in the unit, its box goes to the registry with all in it.

    A command. What lies in the box is the business of the room above (`YICHUAN_OFFICE_EMPTIED`): it prepares the move
    before any lock is held, moves inside the transaction, and cleans up after.
    """
    office = _own_office(actor, office_id)
    with import_string(settings.YICHUAN_OFFICE_EMPTIED)(office) as move, command():
        current = locked_office(actor, office_id)
        move(actor)
        for post in not_ended(Post.objects.filter(office=current)).select_related("account", "unit", "office"):
            dismiss(actor=actor, post=post)
        Staff.objects.filter(office=current).update(office=None)
        current.closed_at = clock.now()
        current.save(update_fields=["closed_at"])
        detail = {"name": current.name}
        record(verb="org.close_office", actor=actor, unit_id=current.unit_id, subject=current, detail=detail)
    return current


def locked_office(actor: Account, office_id: uuid.UUID) -> Office:
    """The office, locked and open, for whoever may set up offices there; another unit's does not exist. A step."""
    require_transaction()
    Office.objects.select_for_update().filter(pk=office_id).first()
    office = _own_office(actor, office_id)
    if office.closed_at is not None:
        raise Refused("office_closed", f"{office.name}已经撤销，不能再变更。请刷新页面。")
    return office


def _own_office(actor: Account, office_id: uuid.UUID) -> Office:
    office = Office.objects.select_related("unit").filter(pk=office_id).first()
    if office is None or not actor.has_perm(OrgPermission.MANAGE_OFFICES, Desk(office.unit)):
        raise NotFound("no_office", "没有这个处室，或者不是你单位的。请回到处室列表查看。")
    return office


def office_name(text: str) -> str:
    """The name as it is kept. Raises `Invalid`."""
    name = plain(text)
    if not name:
        raise Invalid({"name": "请填写处室名称。"})
    if len(name) > 60:
        raise Invalid({"name": "处室名称最多 60 个字。"})
    if hides_something(name) or not any(character.isalnum() for character in name):
        raise Invalid({"name": "处室名称里有看不见的字符，或者只有标点，请重新输入。"})
    return name


def _new_to(offices: Iterable[Office], name: str) -> None:
    """No other office of the unit may look the same to a reader."""
    alike = next((each for each in offices if skeleton(each.name) == skeleton(name)), None)
    if alike is not None:
        raise Invalid({"name": f"本单位已经有「{alike.name}」，请换一个名称。"})


def _has_box(office: Office) -> bool:
    return Box.objects.filter(office=office, closed_at=None).exists()
