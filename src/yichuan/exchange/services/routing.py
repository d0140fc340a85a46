"""Whom a letter reaches (U4, U5, U7): the open box of each addressee, and of its successor where it was closed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.exchange.models import Delivery
from yichuan.org.models import Box, Unit, UnitName
from yichuan.org.selectors.addressing import BookName, BookUnit, OpenBox, units_addressed

NO_MAIN = "主送是空的，请至少选一个联网的单位。（第三十条）"


@dataclass(frozen=True)
class Recipient:
    """A unit or one of its offices, as main or copy recipient, and how many originals it may print."""

    unit_id: uuid.UUID
    role: Delivery.Role
    allowance: int
    office_id: uuid.UUID | None = None


class Share(NamedTuple):
    """What one box gets of a dispatch: in which role, how many originals, and under which name it was addressed."""

    box: OpenBox
    role: Delivery.Role
    allowance: int
    addressee: BookName
    addressee_office: str = ""

    @property
    def routed(self) -> bool:
        """Whether it reaches another unit than it was addressed to."""
        return self.addressee.unit_id != self.box.unit_id


def route(recipients: Sequence[Recipient], *, sender: uuid.UUID) -> list[Share]:
    """Each recipient's open box, in order; what leads to one box is one share. Raises `Invalid`, one message a field.

    A closed unit's letters go to its successor, and to that one's; the name it was addressed to stays with the share.
    """
    units = _with_successors({recipient.unit_id for recipient in recipients})
    errors = _faults(recipients, units, sender)
    if errors:
        raise Invalid(errors)
    offices = _office_boxes(recipients)
    former = _former_names(recipient.unit_id for recipient in recipients if units[recipient.unit_id].name is None)
    shares: dict[uuid.UUID, Share] = {}
    for recipient in recipients:
        unit = units[recipient.unit_id]
        field, end = recipient.role.value, _end(unit, units)
        office = offices.get(recipient.office_id) if recipient.office_id else None
        to_office = recipient.office_id is not None and end.id == recipient.unit_id
        box = (office.box if office else None) if to_office else end.box
        if box is None:
            errors[field] = _no_box(end, to_office)
            continue
        label = office.name if office is not None else ""
        if to_office and office is not None and not office.addressable:
            errors[field] = f"{end.short_name}{label}不直接接收外单位公文，请改发{end.short_name}。"
            continue
        share = Share(box, recipient.role, recipient.allowance, unit.name or former[unit.id], label)
        shares[box.id] = _merged(shares[box.id], share) if box.id in shares else share
    if errors:
        raise Invalid(errors)
    return list(shares.values())


def _merged(first: Share, second: Share) -> Share:
    """Two addressees whose letters reach one box: main beats copy, the larger allowance, the box's own name."""
    named = first if first.routed <= second.routed else second
    main = Delivery.Role.MAIN in (first.role, second.role)
    return named._replace(
        role=Delivery.Role.MAIN if main else Delivery.Role.COPY,
        allowance=max(first.allowance, second.allowance),
    )


def _faults(recipients: Sequence[Recipient], units: dict[uuid.UUID, BookUnit], sender: uuid.UUID) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not any(recipient.role == Delivery.Role.MAIN for recipient in recipients):
        errors["main"] = NO_MAIN
    most = profile.current().greatest_allowance
    if any(not 0 <= recipient.allowance <= most for recipient in recipients):
        errors["allowance"] = f"打印份数应是 0 到 {most} 之间的整数。"
    seen: set[tuple[uuid.UUID, uuid.UUID | None]] = set()
    for recipient in recipients:
        field, unit = recipient.role.value, units.get(recipient.unit_id)
        if unit is None:
            errors["main"] = "有的收件单位不在通讯录里，请从名单中选择。"
            continue
        place = (recipient.unit_id, recipient.office_id)
        if place in seen:
            errors["copy"] = f"{unit.short_name} 重复了：一个单位只能出现一次，主送或抄送。"
        seen.add(place)
        end = _end(unit, units)
        if end.id == sender:
            errors[field] = _own(unit, end)
        elif end.closed_at is not None:
            errors[field] = _closed(unit, end)
    return errors


def _own(unit: BookUnit, end: BookUnit) -> str:
    if unit.id == end.id:
        return "不能发给本单位自己，请从收件单位里去掉。"
    return f"{unit.short_name}已经由本单位承继，不能发给本单位自己，请从收件单位里去掉。"


def _closed(unit: BookUnit, end: BookUnit) -> str:
    day = localtime(end.closed_at, profile.current().zone)
    after = "" if unit.id == end.id else f"{unit.short_name}由{end.short_name}承继，"
    disposal = Unit.Disposal(end.disposal).label if end.disposal else "未写明"
    return (
        f"{after}{end.short_name}已于{day:%Y}年{day.month}月{day.day}日注销，没有承继单位，公文处理办法是：{disposal}。"
        "请从收件单位里去掉，需要时联系主管单位。"
    )


def _no_box(unit: BookUnit, to_office: bool) -> str:
    if to_office:
        return f"{unit.short_name}的这个处室现在没有交换箱，请改发{unit.short_name}。"
    return f"{unit.short_name}还没有交换箱，请联系系统管理员。"


def _with_successors(unit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, BookUnit]:
    """The units, their successors, and so on: one query a step of the longest chain."""
    found: dict[uuid.UUID, BookUnit] = {}
    wanted = set(unit_ids)
    while wanted:
        found |= units_addressed(wanted)
        successors = {unit.successor_id for unit in found.values() if unit.successor_id is not None}
        wanted = successors - set(found)
    return found


def _end(unit: BookUnit, units: dict[uuid.UUID, BookUnit]) -> BookUnit:
    """The last of a chain of successors. Only the closed have one and none is opened again, so it does end."""
    while unit.closed_at is not None and unit.successor_id is not None:
        unit = units[unit.successor_id]
    return unit


class _Office(NamedTuple):
    """An office that was addressed: its name, and its open box."""

    name: str
    addressable: bool
    box: OpenBox


def _office_boxes(recipients: Sequence[Recipient]) -> dict[uuid.UUID, _Office]:
    """The open boxes of the offices that were addressed, where the office is the addressed unit's own."""
    wanted = {recipient.office_id: recipient.unit_id for recipient in recipients if recipient.office_id}
    if not wanted:
        return {}
    boxes = Box.objects.filter(office__in=wanted, closed_at=None, office__closed_at=None)
    rows = boxes.values_list("pk", "unit_id", "office_id", "generation", "office__name", "addressable")
    return {
        office_id: _Office(name, addressable, OpenBox(pk, unit_id, office_id, generation))
        for pk, unit_id, office_id, generation, name, addressable in rows
        if wanted[office_id] == unit_id
    }


def _former_names(unit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, BookName]:
    """The last name of each of these units, which have none at present."""
    nameless = list(unit_ids)
    last = UnitName.objects.filter(unit_id__in=nameless, main=True).order_by("valid_to", "pk") if nameless else []
    return {row.unit_id: BookName(row.pk, row.unit_id, row.name) for row in last}
