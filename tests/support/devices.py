"""Devices of the small centre: registered, and bound to a browser."""

from django.test import Client

from support.world import World
from yichuan.org.duties import Duty
from yichuan.people.client import COOKIE
from yichuan.people.models import Account, Device
from yichuan.people.services.bind_device import bind_device, new_code
from yichuan.people.services.devices import DeviceCard, register_device


def admin(world: World, name: str = "市环保局") -> Account:
    """The administrator of one unit."""
    found = Account.objects.filter(username=f"{Duty.UNIT_ADMIN}-{name}-1").first()
    return found or world.holder(Duty.UNIT_ADMIN, name)


def registered(world: World, name: str = "市环保局", user: Account | None = None, number: str = "HB-001") -> Device:
    """A device of one unit, its clerk's if nobody else is named."""
    card = DeviceCard("收发室一号机", Device.Kind.DESKTOP, number, "三楼 302 室")
    user = user or world.clerk[name]
    return register_device(actor=admin(world, name), unit_id=world.units[name].pk, card=card, user_id=user.pk)


def bound(world: World, device: Device) -> str:
    """Bind it; the cookie's secret."""
    code = new_code(actor=admin(world), device_id=device.pk)
    return bind_device(code=code, address="10.0.0.1")[1]


def at_device(secret: str) -> Client:
    """A browser that carries the cookie of a binding."""
    browser = Client()
    browser.cookies[COOKIE] = secret
    return browser
