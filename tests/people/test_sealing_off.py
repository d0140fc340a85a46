"""Checking a device, sealing it off, and the report to the leader (抽查、封存, G-39)."""

import pytest

from support.devices import admin, at_device, bound, registered
from support.world import PASSWORD, World
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.models import Event
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange
from yichuan.people.client import Client
from yichuan.people.models import Account, OpenSession, SealingOff, SpotCheck
from yichuan.people.services import log_in
from yichuan.people.services.bind_device import new_code
from yichuan.people.services.seal_off import open_device, seal_off
from yichuan.people.services.spot_check import ITEMS, spot_check

WELL = set(ITEMS) - {"media"}


def login(browser: object) -> int:
    return browser.post("/login/", {"username": "clerk-2", "password": PASSWORD}).status_code  # type: ignore[attr-defined]


def test_a_sealed_off_device_lets_nobody_in_and_ends_what_was_open_there(world: World) -> None:
    officer, device = world.holder(Duty.SECURITY_OFFICER), registered(world)
    secret = bound(world, device)
    browser = at_device(secret)
    assert login(browser) == 302
    sealing = seal_off(actor=officer, device_id=device.pk, reason="接入了互联网")
    assert sealing.sessions_ended == 1
    assert browser.get("/").status_code == 302
    assert Event.objects.filter(kind="signed_out", unit_id=device.user_id).exists()
    page = at_device(secret).post("/login/", {"username": "clerk-2", "password": PASSWORD})
    assert page.status_code == 422 and "已封存" in page.content.decode()
    with pytest.raises(Refused):
        new_code(actor=admin(world), device_id=device.pk)
    open_device(actor=officer, device_id=device.pk, reason="已重装并复查")
    assert login(at_device(secret)) == 302


def test_a_login_that_was_on_its_way_does_not_get_past_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer, device = world.holder(Duty.SECURITY_OFFICER), registered(world)
    browser, looked_at = at_device(bound(world, device)), log_in._not_from_here

    def then_sealed_off(account: Account, client: Client) -> Refused | None:
        refusal = looked_at(account, client)
        if not device.sealings.exists():
            seal_off(actor=officer, device_id=device.pk, reason="接入了互联网")
        return refusal

    monkeypatch.setattr(log_in, "_not_from_here", then_sealed_off)
    assert login(browser) == 422
    assert not OpenSession.objects.filter(device=device, ended_at=None).exists()


def test_the_user_is_suspended_with_it_and_that_goes_before_the_auditor(world: World) -> None:
    officer, device = world.holder(Duty.SECURITY_OFFICER), registered(world)
    browser = world.browser(world.clerk["市环保局"])
    seal_off(actor=officer, device_id=device.pk, reason="借给外人使用", suspend_user=True)
    assert browser.get("/").status_code == 302
    assert not Account.objects.get(pk=device.user_id).is_active
    change = AccessChange.objects.get(kind=AccessChange.Kind.SUSPEND)
    assert change.at_once and change.account_id == device.user_id


def test_only_the_security_officer_checks_and_seals_off(world: World) -> None:
    device = registered(world)
    for account in (admin(world), world.holder(Duty.SYSTEM_ADMIN), world.holder(Duty.AUDITOR)):
        with pytest.raises(NotFound):
            spot_check(actor=account, device_id=device.pk, well=WELL, findings="x")
        with pytest.raises(NotFound):
            seal_off(actor=account, device_id=device.pk, reason="x")
        assert world.browser(account).get("/devices/checks/").status_code == 403


def test_a_device_is_sealed_off_once_and_opened_once_each_with_a_reason(world: World) -> None:
    officer, device = world.holder(Duty.SECURITY_OFFICER), registered(world)
    with pytest.raises(Invalid):
        seal_off(actor=officer, device_id=device.pk, reason=" ")
    with pytest.raises(Refused):
        open_device(actor=officer, device_id=device.pk, reason="没有封存")
    seal_off(actor=officer, device_id=device.pk, reason="私接移动存储")
    with pytest.raises(Refused):
        seal_off(actor=officer, device_id=device.pk, reason="再封一次")
    with pytest.raises(Invalid):
        open_device(actor=officer, device_id=device.pk, reason="")
    assert SealingOff.objects.get().ended_at is None


def test_what_is_not_well_must_be_described(world: World) -> None:
    officer, device = world.holder(Duty.SECURITY_OFFICER), registered(world)
    with pytest.raises(Invalid):
        spot_check(actor=officer, device_id=device.pk, well=WELL, findings="")
    with pytest.raises(Invalid):
        spot_check(actor=officer, device_id=device.pk, well=WELL, findings="长" * 401)
    check = spot_check(actor=officer, device_id=device.pk, well=WELL, findings="用了未登记的 U 盘")
    assert check.items == {name: name != "media" for name in ITEMS}


def test_the_officer_checks_seals_off_and_prints_the_reports_on_the_page(world: World) -> None:
    device, browser = registered(world), world.browser(world.holder(Duty.SECURITY_OFFICER))
    here = f"/devices/{device.pk}/checks/"
    assert "市环保局" in browser.get("/devices/checks/").content.decode()
    assert browser.post(f"{here}new/", {"well": list(WELL)}).status_code == 422
    assert browser.post(f"{here}new/", {"well": list(WELL), "findings": "U 盘"}).status_code == 302
    check = SpotCheck.objects.get()
    assert browser.post(f"/devices/{device.pk}/seal-off/", {"reason": ""}).status_code == 422
    sealed = browser.post(f"/devices/{device.pk}/seal-off/", {"reason": "私接移动存储", "suspend_user": "on"})
    assert sealed.status_code == 302
    page = browser.get(here).content.decode()
    assert "已封存" in page and "使用人账号已停用" in page and "没有使用未登记的移动存储" in page
    sealing = SealingOff.objects.get()
    for address in (f"{here}{check.pk}/", f"/devices/{device.pk}/sealings/{sealing.pk}/"):
        answer = browser.get(address)
        assert answer.content.startswith(b"%PDF-") and answer.headers["Cache-Control"] == "no-store, private"
    assert browser.post(f"/devices/{device.pk}/open/", {"reason": "已整改"}).status_code == 302
    assert "已整改" in browser.get(here).content.decode()
