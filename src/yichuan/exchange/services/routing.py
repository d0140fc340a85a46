"""Whom a letter reaches (U4, U5, U7): the open box of each addressee, and of its successor where it was closed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.timezone import localtime

from yichuan.common import profile
from yichuan.common.errors import Invalid
from yichuan.exchange.models import Delivery
from yichuan.org.models import Box, Unit, UnitName
from yichuan.org.selectors import boxes_of, names_of

NO_MAIN = "主送是空的，请至少选一个联网的单位。（第三十条）"


@dataclass(frozen=True)
class Recipient:
    """A unit or one of its offices, as main or copy recipient, and how many originals it may print."""

    unit_id: uuid.UUID
    role: Delivery.Role
    allowance: int
    office_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Share:
    """What one box gets of a dispatch: in which role, how many originals, and under which name it was addressed."""

    box: Box
    role: Delivery.Role
    allowance: int
    addressee: UnitName
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
    ends = {recipient.unit_id: _end(units[recipient.unit_id], units) for recipient in recipients}
    registries = boxes_of(end.pk for end in ends.values())
    offices = _office_boxes(recipients)
    names = _names({recipient.unit_id for recipient in recipients}, units)
    shares: dict[uuid.UUID, Share] = {}
    for recipient in recipients:
        field, end = recipient.role.value, ends[recipient.unit_id]
        office = offices.get(recipient.office_id) if recipient.office_id else None
        to_office = recipient.office_id is not None and end.pk == recipient.unit_id
        box = office if to_office else registries.get(end.pk)
        if box is None:
            errors[field] = _no_box(end, to_office)
            continue
        label = office.office.name if office is not None and office.office is not None else ""
        if to_office and not box.addressable:
            errors[field] = f"{end.short_name}{label}不直接接收外单位公文，请改发{end.short_name}。"
            continue
        share = Share(box, recipient.role, recipient.allowance, names[recipient.unit_id], label)
        shares[box.pk] = _merged(shares[box.pk], share) if box.pk in shares else share
    if errors:
        raise Invalid(errors)
    return list(shares.values())


def _merged(first: Share, second: Share) -> Share:
    """Two addressees whose letters reach one box: main beats copy, the larger allowance, the box's own name."""
    named = first if first.routed <= second.routed else second
    main = Delivery.Role.MAIN in (first.role, second.role)
    return replace(
        named,
        role=Delivery.Role.MAIN if main else Delivery.Role.COPY,
        allowance=max(first.allowance, second.allowance),
    )


def _faults(recipients: Sequence[Recipient], units: dict[uuid.UUID, Unit], sender: uuid.UUID) -> dict[str, str]:
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
        if end.pk == sender:
            errors[field] = _own(unit, end)
        elif end.closed_at is not None:
            errors[field] = _closed(unit, end)
    return errors


def _own(unit: Unit, end: Unit) -> str:
    if unit.pk == end.pk:
        return "不能发给本单位自己，请从收件单位里去掉。"
    return f"{unit.short_name}已经由本单位承继，不能发给本单位自己，请从收件单位里去掉。"


def _closed(unit: Unit, end: Unit) -> str:
    day = localtime(end.closed_at, profile.current().zone)
    after = "" if unit.pk == end.pk else f"{unit.short_name}由{end.short_name}承继，"
    disposal = Unit.Disposal(end.disposal).label if end.disposal else "未写明"
    return (
        f"{after}{end.short_name}已于{day:%Y}年{day.month}月{day.day}日注销，没有承继单位，公文处理办法是：{disposal}。"
        "请从收件单位里去掉，需要时联系主管单位。"
    )


def _no_box(unit: Unit, to_office: bool) -> str:
    if to_office:
        return f"{unit.short_name}的这个处室现在没有交换箱，请改发{unit.short_name}。"
    return f"{unit.short_name}还没有交换箱，请联系系统管理员。"


def _with_successors(unit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Unit]:
    """The units, their successors, and so on: one query a step of the longest chain."""
    found: dict[uuid.UUID, Unit] = {}
    wanted = set(unit_ids)
    while wanted:
        found |= Unit.objects.in_bulk(wanted)
        successors = {unit.successor_id for unit in found.values() if unit.successor_id is not None}
        wanted = successors - set(found)
    return found


def _end(unit: Unit, units: dict[uuid.UUID, Unit]) -> Unit:
    """The last of a chain of successors. Only the closed have one and none is opened again, so it does end."""
    while unit.closed_at is not None and unit.successor_id is not None:
        unit = units[unit.successor_id]
    return unit


def _office_boxes(recipients: Sequence[Recipient]) -> dict[uuid.UUID, Box]:
    """The open boxes of the offices that were addressed, where the office is the addressed unit's own."""
    wanted = {recipient.office_id: recipient.unit_id for recipient in recipients if recipient.office_id}
    if not wanted:
        return {}
    boxes = Box.objects.filter(office__in=wanted, closed_at=None, office__closed_at=None).select_related("office")
    return {box.office_id: box for box in boxes if box.office_id and wanted[box.office_id] == box.unit_id}


def _names(unit_ids: set[uuid.UUID], units: dict[uuid.UUID, Unit]) -> dict[uuid.UUID, UnitName]:
    """The name under which each unit is addressed: its present one, or the last it had."""
    closed = [unit_id for unit_id in unit_ids if units[unit_id].closed_at is not None]
    last = UnitName.objects.filter(unit_id__in=closed, main=True).order_by("valid_to", "pk") if closed else []
    return {row.unit_id: row for row in last} | names_of(unit_ids)
