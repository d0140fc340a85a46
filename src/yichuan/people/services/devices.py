"""Registering the devices people use, and who may log in from no others (P7, G-39)."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.characters import hides_something
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.permissions import Actor, Permission
from yichuan.common.transactions import command, require_transaction
from yichuan.people.models import Account, Device
from yichuan.people.permissions import PeoplePermission
from yichuan.people.ports import unit_of
from yichuan.people.scope import reaches, within
from yichuan.people.services.end_sessions import end_sessions_at

LONGEST = {"name": 40, "asset_number": 40, "place": 60}
LABELS = {"name": "设备名称", "asset_number": "资产编号", "place": "放置地点"}


@dataclass(frozen=True)
class DeviceCard:
    """What is written down of a device."""

    name: str
    kind: str
    asset_number: str
    place: str


def register_device(*, actor: Actor, unit_id: uuid.UUID, card: DeviceCard, user_id: uuid.UUID) -> Device:
    """登记设备. A command; refuses field by field."""
    with command():
        within(actor, PeoplePermission.REGISTER_DEVICES, unit_id)
        texts = {name: getattr(card, name).strip() for name in LONGEST}
        errors = {name: fault for name, text in texts.items() if (fault := _at_fault(name, text))}
        if card.kind not in Device.Kind.values:
            errors["kind"] = "请选择设备类型。"
        user = Account.objects.filter(pk=user_id).first()
        if user is None or unit_of(user) != unit_id:
            errors["user"] = "请选择本单位的使用人。"
        if errors or user is None:
            raise Invalid(errors)
        now = clock.now()
        try:
            with transaction.atomic():
                device = Device.objects.create(
                    unit_id=unit_id, kind=card.kind, user=user, registered_at=now, registered_by_id=actor.pk, **texts
                )
        except IntegrityError as error:
            raise Invalid({"asset_number": "本单位已经登记过这个资产编号，请在设备列表里查找。"}) from error
        detail = {"name": device.name, "asset_number": device.asset_number, "user": user.username}
        record(verb="people.register_device", actor=actor, unit_id=unit_id, subject=device, detail=detail)
    return device


def _at_fault(name: str, text: str) -> str:
    if not text:
        return f"请填写{LABELS[name]}。"
    if len(text) > LONGEST[name]:
        return f"{LABELS[name]}最多 {LONGEST[name]} 个字。"
    return f"{LABELS[name]}里有看不见的字符，请删掉后重新输入。" if hides_something(text) else ""


def locked_device(actor: Actor, device_id: uuid.UUID, permission: Permission) -> Device:
    """Lock a device that is still in use and check that `actor` may do this to it. A step."""
    require_transaction()
    device = Device.objects.select_for_update().filter(pk=device_id).first()
    if device is None or not reaches(actor, permission, device.unit_id):
        raise NotFound("no_device", "没有登记这台设备，或者不归你管。")
    if device.retired_at is not None:
        raise Refused("retired", "这台设备已经注销，不能再办理。")
    return device


def retire_device(*, actor: Actor, device_id: uuid.UUID) -> Device:
    """注销设备: it is out of use; its binding and its sessions end. A command."""
    with command():
        device = locked_device(actor, device_id, PeoplePermission.REGISTER_DEVICES)
        device.retired_at, device.binding_digest, device.bound_at = clock.now(), "", None
        device.code_digest, device.code_until = "", None
        device.save()
        ended = end_sessions_at(device)
        detail = {"sessions_ended": ended}
        record(verb="people.retire_device", actor=actor, unit_id=device.unit_id, subject=device, detail=detail)
    return device


def require_devices(*, actor: Actor, device_id: uuid.UUID, required: bool) -> Account:
    """Whether the device's user may log in from registered devices only. A command.

    It is asked for only where the person has a bound device: else nobody could log in any more.
    """
    with command():
        device = locked_device(actor, device_id, PeoplePermission.REGISTER_DEVICES)
        if required and not device.binding_digest:
            raise Refused("not_bound", "这台设备还没有绑定。先绑定，再要求只从登记设备登录，否则本人登录不了。")
        user = Account.objects.select_for_update().get(pk=device.user_id)
        user.bound_devices_only = required
        user.save(update_fields=["bound_devices_only"])
        detail = {"required": required}
        record(verb="people.require_devices", actor=actor, unit_id=device.unit_id, subject=user, detail=detail)
    return user
