"""Binding a registered device: a code typed once at that machine gives its browser a long-lived cookie (P7)."""

import secrets
import uuid
from datetime import timedelta

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.permissions import Actor
from yichuan.common.transactions import command
from yichuan.people.client import digest, new_secret
from yichuan.people.models import Device
from yichuan.people.permissions import PeoplePermission
from yichuan.people.services.devices import locked_device
from yichuan.people.services.tries import Try, begin_try, forgive_try

CODE_LASTS = timedelta(minutes=30)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8


def new_code(*, actor: Actor, device_id: uuid.UUID) -> str:
    """A code for the machine, shown once; an earlier one is void. A command."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    with command():
        device = locked_device(actor, device_id, PeoplePermission.REGISTER_DEVICES)
        if device.sealings.filter(ended_at=None).exists():
            raise Refused("sealed_off", "这台设备已封存，解封以后才能绑定。")
        device.code_digest, device.code_until = digest(code), clock.now() + CODE_LASTS
        device.save(update_fields=["code_digest", "code_until"])
        record(verb="people.give_code", actor=actor, unit_id=device.unit_id, subject=device)
    return f"{code[:4]}-{code[4:]}"


def bind_device(*, code: str, address: str) -> tuple[Device, str]:
    """Take the code; the device and the secret of its cookie. A command. An earlier binding of the device ends."""
    typed = code.upper().replace("-", "").replace(" ", "")
    with command():
        if begin_try(address) is not Try.OPEN:
            raise Refused("slowed", "这台电脑所在的地址输错次数太多，请一刻钟后再试。")
    secret = new_secret()
    with command():
        device = Device.objects.select_for_update().filter(code_digest=digest(typed), retired_at=None).first()
        good = device is not None and device.code_until is not None and device.code_until > clock.now()
        if good and device is not None:
            forgive_try(address)
            device.code_digest, device.code_until = "", None
            device.binding_digest, device.bound_at = digest(secret), clock.now()
            device.save(update_fields=["code_digest", "code_until", "binding_digest", "bound_at"])
            detail = {"address": address}
            record(verb="people.bind_device", actor=None, unit_id=device.unit_id, subject=device, detail=detail)
        else:
            record(verb="people.bind_device_failed", actor=None, detail={"address": address})
    if not good or device is None:
        raise Invalid({"code": "绑定码不对，或者已经过期、用过。请本单位管理员重新给一个。"})
    return device, secret


def unbind_device(*, actor: Actor, device_id: uuid.UUID) -> Device:
    """The browser's binding is void from now on. A command."""
    with command():
        device = locked_device(actor, device_id, PeoplePermission.REGISTER_DEVICES)
        device.binding_digest, device.bound_at = "", None
        device.code_digest, device.code_until = "", None
        device.save(update_fields=["binding_digest", "bound_at", "code_digest", "code_until"])
        record(verb="people.unbind_device", actor=actor, unit_id=device.unit_id, subject=device)
    return device
