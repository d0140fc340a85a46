"""Devices: registered, bound, required (P7, G-39)."""

from datetime import timedelta

import pytest
from django.test import Client

from support.devices import admin, at_device, bound, registered
from support.world import PASSWORD, World
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound, Refused
from yichuan.org.duties import Duty
from yichuan.people.client import COOKIE, digest
from yichuan.people.models import Account, Device, LoginAttempt, OpenSession
from yichuan.people.services.bind_device import CODE_LASTS, bind_device, new_code, unbind_device
from yichuan.people.services.devices import DeviceCard, register_device, require_devices, retire_device

CARD = DeviceCard("收发室一号机", Device.Kind.DESKTOP, "HB-001", "三楼 302 室")


def log_in(browser: Client, username: str = "clerk-2") -> int:
    return browser.post("/login/", {"username": username, "password": PASSWORD}).status_code


def test_a_unit_registers_its_own_devices_and_no_others(world: World) -> None:
    device = registered(world)
    assert device.unit_id == world.units["市环保局"].pk
    stranger = admin(world, "市卫生局")
    clerk = world.clerk["市环保局"]
    with pytest.raises(NotAllowed):
        register_device(actor=stranger, unit_id=device.unit_id, card=CARD, user_id=clerk.pk)
    with pytest.raises(NotFound):
        new_code(actor=stranger, device_id=device.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "机\u200b器"}, "name"),
        ({"place": "楼" * 61}, "place"),
        ({"kind": "robot"}, "kind"),
        ({"asset_number": "HB-000"}, "asset_number"),
    ],
    ids=["no name", "hidden character", "long place", "unknown kind", "number taken"],
)
def test_a_card_that_cannot_be_is_refused_by_its_field(world: World, changes: dict[str, str], field: str) -> None:
    registered(world, number="HB-000")
    card = DeviceCard(**({"name": "机", "kind": "desktop", "asset_number": "HB-9", "place": "302"} | changes))
    with pytest.raises(Invalid) as refusal:
        register_device(
            actor=admin(world), unit_id=world.units["市环保局"].pk, card=card, user_id=world.clerk["市环保局"].pk
        )
    assert list(refusal.value.errors) == [field]


def test_a_person_of_another_unit_is_not_its_user(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        registered(world, user=world.clerk["市卫生局"])
    assert list(refusal.value.errors) == ["user"]


def test_a_code_binds_one_browser_once_and_only_digests_are_kept(world: World) -> None:
    device = registered(world)
    code = new_code(actor=admin(world), device_id=device.pk)
    device.refresh_from_db()
    assert code.replace("-", "") not in str(vars(device))
    browser = Client()
    page = browser.post("/devices/bind/", {"code": code.lower()})
    assert "已绑定为「收发室一号机」" in page.content.decode()
    cookie = page.cookies[COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and len(cookie.value) >= 43
    device.refresh_from_db()
    assert device.binding_digest == digest(cookie.value)
    assert Client().post("/devices/bind/", {"code": code}).status_code == 422


def test_a_code_runs_out_and_a_new_one_voids_the_earlier(world: World) -> None:
    device = registered(world)
    earlier = new_code(actor=admin(world), device_id=device.pk)
    code = new_code(actor=admin(world), device_id=device.pk)
    with pytest.raises(Invalid):
        bind_device(code=earlier, address="")
    with clock.fixed_at(clock.now() + CODE_LASTS + timedelta(seconds=1)), pytest.raises(Invalid):
        bind_device(code=code, address="")


def test_guessing_codes_is_slowed_by_address(world: World) -> None:
    for _ in range(30):
        with pytest.raises(Invalid):
            bind_device(code="AAAA-AAAA", address="10.0.0.9")
    with pytest.raises(Refused) as refusal:
        bind_device(code="AAAA-AAAA", address="10.0.0.9")
    assert refusal.value.code == "slowed"


def test_a_login_knows_the_device_it_comes_from(world: World) -> None:
    device = registered(world)
    assert log_in(at_device(bound(world, device))) == 302
    assert OpenSession.objects.get().device == device
    assert LoginAttempt.objects.get().device == device


def test_who_may_log_in_from_registered_devices_only_is_refused_elsewhere(world: World) -> None:
    device = registered(world)
    secret = bound(world, device)
    require_devices(actor=admin(world), device_id=device.pk, required=True)
    assert log_in(Client()) == 422
    assert log_in(at_device("x" * 43)) == 422
    assert LoginAttempt.objects.filter(outcome=LoginAttempt.Outcome.UNBOUND).count() == 2
    assert log_in(at_device(secret)) == 302


def test_a_stolen_cookie_is_no_device_of_another_account(world: World) -> None:
    other = registered(world, user=admin(world), number="HB-002")
    own = registered(world)
    bound(world, own)
    stolen = bound(world, other)
    require_devices(actor=admin(world), device_id=own.pk, required=True)
    assert log_in(at_device(stolen)) == 422


def test_a_demand_that_would_shut_everybody_out_is_refused(world: World) -> None:
    device = registered(world)
    with pytest.raises(Refused) as refusal:
        require_devices(actor=admin(world), device_id=device.pk, required=True)
    assert refusal.value.code == "not_bound"
    assert not Account.objects.get(pk=device.user_id).bound_devices_only


def test_a_binding_that_was_taken_back_counts_no_more(world: World) -> None:
    device = registered(world)
    secret = bound(world, device)
    require_devices(actor=admin(world), device_id=device.pk, required=True)
    unbind_device(actor=admin(world), device_id=device.pk)
    assert log_in(at_device(secret)) == 422


def test_a_retired_device_ends_its_sessions_and_frees_its_number(world: World) -> None:
    device = registered(world)
    browser = at_device(bound(world, device))
    log_in(browser)
    retire_device(actor=admin(world), device_id=device.pk)
    assert browser.get("/").status_code == 302
    registered(world)


def test_a_login_keeps_the_cookie_from_running_out(world: World) -> None:
    browser = at_device(bound(world, registered(world)))
    answer = browser.post("/login/", {"username": "clerk-2", "password": PASSWORD})
    assert answer.cookies[COOKIE]["max-age"] == 400 * 24 * 3600


def test_the_pages_lead_from_registering_to_the_code(world: World) -> None:
    browser = world.browser(admin(world))
    clerk = world.clerk["市环保局"]
    assert "还没有登记设备" in browser.get("/devices/").content.decode()
    card = {"name": "一号机", "kind": "desktop", "asset_number": "A-1", "place": "302", "user": str(clerk.pk)}
    page = browser.post("/devices/new/", card, follow=True).content.decode()
    assert "还没有绑定" in page
    device = Device.objects.get()
    answer = browser.post(f"/devices/{device.pk}/code/")
    assert "data-code" in answer.content.decode() and answer.headers["Cache-Control"] == "no-store, private"
    assert "data-code" not in browser.get(f"/devices/{device.pk}/").content.decode()
    assert "一号机" in browser.get("/devices/?text=A-1").content.decode()
    assert browser.post(f"/devices/{device.pk}/required/", {"required": "yes"}).status_code == 409


def test_a_clerk_and_the_three_administrators_do_not_register(world: World) -> None:
    for account in (world.clerk["市环保局"], world.holder(Duty.SYSTEM_ADMIN), world.holder(Duty.AUDITOR)):
        assert world.browser(account).get("/devices/").status_code == 403
