"""The last login told, alarms raised, looked into and acted on (P4, P7)."""

import pytest
from django.test import Client

from support.devices import admin, at_device, bound, registered
from support.world import PASSWORD, World
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.models import Event
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange
from yichuan.people.models import Account, LoginAlarm
from yichuan.people.services.alarms import acknowledge

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0 Safari/537.36"
Kind = LoginAlarm.Kind


def log_in(username: str = "clerk-2", *, address: str = "10.2.2.2", browser: Client | None = None) -> Client:
    browser = browser or Client()
    browser.post("/login/", {"username": username, "password": PASSWORD}, REMOTE_ADDR=address, HTTP_USER_AGENT=CHROME)
    return browser


def raised() -> list[str]:
    return sorted(LoginAlarm.objects.values_list("kind", flat=True))


def fail(times: int) -> None:
    for _ in range(times):
        Client().post("/login/", {"username": "clerk-2", "password": "Wrong-words-1"})


def test_the_first_page_tells_of_the_login_before_and_only_that_page(world: World) -> None:
    assert "第一次登录" in log_in().get("/").content.decode()
    fail(2)
    browser = log_in()
    browser.get("/nav/", headers={"X-Background": "1"})
    page = browser.get("/").content.decode()
    assert "上次登录" in page and "10.2.2.2" in page and "Chrome 86，Windows" in page
    assert '此后有 <b class="num">2</b> 次没有登录成功' in page
    assert "上次登录" not in browser.get("/").content.decode()


def test_ordinary_logins_raise_nothing(world: World) -> None:
    log_in()
    fail(1)
    log_in()
    assert raised() == []


def test_a_login_from_elsewhere_is_an_alarm_where_the_person_has_a_bound_device(world: World) -> None:
    own = bound(world, registered(world))
    log_in(browser=at_device(own))
    assert raised() == []
    log_in()
    assert raised() == [Kind.UNBOUND]
    other = bound(world, registered(world, user=admin(world), number="HB-2"))
    log_in(browser=at_device(other))
    assert raised() == [Kind.UNBOUND, Kind.UNBOUND]


def test_a_login_right_after_failures_is_an_alarm_once(world: World) -> None:
    fail(3)
    log_in()
    log_in()
    assert raised() == [Kind.FAILURES]


def test_two_addresses_at_once_are_an_alarm_and_one_after_the_other_are_none(world: World) -> None:
    log_in(address="10.2.2.3").post("/logout/")
    first = log_in(address="10.2.2.4")
    assert raised() == []
    log_in(address="10.2.2.5")
    assert raised() == [Kind.TWO_ADDRESSES]
    event = Event.objects.get(kind="login_alarm")
    assert event.unit_id == world.units["市环保局"].pk
    page = first.get("/logins/").content.decode()
    assert "请看一下这些登录是不是你本人" in page and "10.2.2.5" in page


def test_the_unit_s_administrator_and_the_security_officer_see_it_and_others_do_not(world: World) -> None:
    fail(3)
    log_in()
    name = world.clerk["市环保局"].name
    for account in (admin(world), world.holder(Duty.SECURITY_OFFICER)):
        browser = world.browser(account)
        assert name in browser.get("/logins/alarms/").content.decode()
        assert name in browser.get("/logins/all/").content.decode()
    stranger = world.browser(admin(world, "市卫生局"))
    assert name not in stranger.get("/logins/alarms/").content.decode()
    assert name not in stranger.get("/logins/all/?username=clerk-2").content.decode()
    for account in (world.clerk["市环保局"], world.holder(Duty.AUDITOR), world.holder(Duty.SYSTEM_ADMIN)):
        assert world.browser(account).get("/logins/alarms/").status_code == 403
        assert world.browser(account).get("/logins/all/").status_code == 403


def test_looking_into_an_alarm_goes_on_record_once_with_its_finding(world: World) -> None:
    fail(3)
    log_in()
    alarm, browser = LoginAlarm.objects.get(), world.browser(admin(world))
    empty = browser.post(f"/logins/alarms/{alarm.pk}/", {"finding": " "})
    assert empty.status_code == 422 and "请写明原因" in empty.content.decode()
    assert browser.post(f"/logins/alarms/{alarm.pk}/", {"finding": "本人输错"}).status_code == 302
    assert "没有要核实的告警" in browser.get("/logins/alarms/").content.decode()
    assert "本人输错" in browser.get("/logins/alarms/?state=all").content.decode()
    with pytest.raises(Refused) as refusal:
        acknowledge(actor=admin(world), alarm_id=alarm.pk, finding="再看一次")
    assert refusal.value.code == "acknowledged_already"


def test_an_account_is_suspended_from_its_alarm(world: World) -> None:
    fail(3)
    session = log_in()
    alarm = LoginAlarm.objects.get()
    browser = world.browser(admin(world))
    browser.post(f"/logins/alarms/{alarm.pk}/", {"finding": "本人没有登录过", "verb": "suspend"})
    assert not Account.objects.get(username="clerk-2").is_active
    assert session.get("/").status_code == 302
    assert AccessChange.objects.get().reason == "本人没有登录过"


def test_one_s_own_alarm_is_looked_into_by_somebody_else(world: World) -> None:
    account = admin(world)
    for _ in range(3):
        Client().post("/login/", {"username": account.username, "password": "Wrong-words-1"})
    log_in(account.username)
    alarm = LoginAlarm.objects.get()
    with pytest.raises(Refused) as refusal:
        acknowledge(actor=account, alarm_id=alarm.pk, finding="是我")
    assert refusal.value.code == "own_alarm"
    assert "这是你自己的账号" in world.browser(account).get("/logins/alarms/").content.decode()


def test_an_alarm_of_another_unit_is_not_to_be_found(world: World) -> None:
    fail(3)
    log_in()
    alarm = LoginAlarm.objects.get()
    with pytest.raises(NotFound):
        acknowledge(actor=admin(world, "市卫生局"), alarm_id=alarm.pk, finding="看看")
    with pytest.raises(Invalid):
        acknowledge(actor=world.holder(Duty.SECURITY_OFFICER), alarm_id=alarm.pk, finding="")
    acknowledge(actor=world.holder(Duty.SECURITY_OFFICER, number=2), alarm_id=alarm.pk, finding="电话问过")
