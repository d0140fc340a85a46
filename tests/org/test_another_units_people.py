"""Nobody reaches another unit's people, posts, offices, papers and devices, whatever they may do in their own."""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from support.batches import staff_xlsx
from support.changes import parties
from support.devices import registered
from support.offices import an_office, of_office
from support.personal import applied, with_certificate
from support.routes import Route, routes
from support.world import LONG_AGO, World
from yichuan.audit.models import Entry
from yichuan.changes.services.batch_plan import plan_batch
from yichuan.changes.services.import_take import take_import
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.org.duties import ADMINISTRATORS, Duty, permissions_of
from yichuan.org.models import AccessChange, Post
from yichuan.org.services.access import request_change
from yichuan.org.services.appoint import appoint
from yichuan.org.services.hand_over import propose
from yichuan.org.services.stand_in import appoint_stand_in
from yichuan.people.models import Account, LoginAlarm, LoginAttempt
from yichuan.people.services.seal_off import seal_off
from yichuan.people.services.spot_check import ITEMS, spot_check

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("nothing_counted")]

OURS, THEIRS = "市环保局", "市卫生局"
OPEN_TO_ALL = {
    "org:contact", "changes:import_template", "changes:new", "changes:mine_paper", "changes:mine_detach",
    "changes:enter_kind", "keys:revocation_list", "keys:ocsp_question", "keys:authority", "seals:status_list_kept",
    "seals:new_application",
}  # fmt: skip
OF_DOCUMENTS = ("compose:", "exchange:")  # walked in tests/portal and tests/exchange
SAID = {
    "reason": "工作需要", "words": "同意", "note": "看过", "name": "新科室", "taker": "张三", "finding": "已核实",
    "findings": "正常", "established": "on", "trained_on": "2008-06-25", "kind": "dismiss", "version": "1", "to": "up",
    "password": "x",
}  # fmt: skip
OF_AN_OBJECT = [
    route
    for route in routes()
    if "<" in route.address and route.name not in OPEN_TO_ALL and not route.name.startswith(OF_DOCUMENTS)
]


def refused_unread(answer: Any) -> bool:
    """Whether what a script sent was refused as it stood, before anything was looked up."""
    by_script = answer.status_code == 409 and answer.headers["Content-Type"].startswith("application/json")
    return by_script and answer.json()["code"] == "bad_request"


@dataclass
class Things:
    """What 市环保局 has, by the names that addresses give it; what one name means differently in one room or route."""

    everywhere: dict[str, Any]
    of_people: dict[str, Any]
    of_stand_ins: dict[str, Any] = field(default_factory=dict)

    def at(self, route: Route) -> str:
        more = self.of_people if route.name.startswith("people:") else {}
        return route.at(**self.everywhere | more | (self.of_stand_ins if route.name == "org:end_stand_in" else {}))


def _things(world: World) -> Things:
    centre = parties(world)
    unit, clerk, admin = world.units[OURS], world.clerk[OURS], centre.admin[OURS]
    today = timezone.localdate(clock.now())
    office = an_office(world, "监测科", OURS)
    receiver = of_office(office, Duty.RECEIVER, "receiver-ours")
    receives = Post.objects.get(account=receiver)
    stand_in = appoint_stand_in(
        actor=admin,
        post_id=receives.pk,
        account_id=clerk.pk,
        since=today,
        until=today + timedelta(days=3),
        reason="出差",
    )
    writes = Post.objects.get(account=clerk, stands_in_for=None)
    hand_over = propose(actor=clerk, giver_id=clerk.pk, taker_id=receiver.pk, post_ids=[writes.pk], reason="调离")
    with command():
        change = request_change(
            actor=admin, kind=AccessChange.Kind.APPOINT, account=clerk, unit=unit, duty=Duty.LEADER, reason="主管"
        )
    application = centre.submitted("rename")
    batch = plan_batch(actor=centre.operator, number=1, starts=date(2008, 8, 1))
    source = take_import(actor=centre.operator, number=1, kind="staff", name="表.xlsx", data=staff_xlsx())
    device = registered(world)
    officer = Account.objects.filter(posts__duty=Duty.SECURITY_OFFICER).first() or world.holder(Duty.SECURITY_OFFICER)
    check = spot_check(actor=officer, device_id=device.pk, well=set(ITEMS), findings="")
    sealing = seal_off(actor=officer, device_id=device.pk, reason="接入了互联网")
    with_certificate(world, clerk)
    attempt = LoginAttempt.objects.create(
        account=clerk, unit_id=unit.pk, at=clock.now(), method="password", outcome="done", address="10.0.0.1"
    )
    alarm = LoginAlarm.objects.create(
        attempt=attempt, account=clerk, unit_id=unit.pk, at=attempt.at, kind=LoginAlarm.Kind.UNBOUND
    )
    everywhere = {
        "account_id": clerk.pk, "office_id": office.pk, "post_id": writes.pk, "hand_over_id": hand_over.pk,
        "change_id": change.pk, "application_id": application.pk, "attachment_id": application.attachments.all()[0].pk,
        "number": batch.pk, "import_id": source.pk, "unit_id": unit.pk, "kind": "join", "device_id": device.pk,
        "check_id": check.pk, "sealing_id": sealing.pk, "alarm_id": alarm.pk,
        "certificate_id": IssuedCertificate.objects.filter(holder_id__in=[unit.pk, clerk.pk])[0].pk,
    }  # fmt: skip
    of_people = {"application_id": applied(receiver).pk, "certificate_id": clerk.certificates.get().pk}
    return Things(everywhere, of_people, {"post_id": stand_in.pk})


def _strangers(world: World) -> dict[str, Account]:
    """People of 市卫生局: who does everything there, and who holds one post; who left 市环保局; who is suspended."""
    unit, admin = world.units[THEIRS], Account.objects.get(username=f"{Duty.UNIT_ADMIN}-{THEIRS}-1")
    everything = world.clerk[THEIRS]
    Post.objects.filter(account=everything).update(
        permissions=sorted({each for duty in set(Duty) - ADMINISTRATORS for each in permissions_of(duty)})
    )
    receiver = of_office(an_office(world, "医政科", THEIRS), Duty.RECEIVER, "receiver-theirs")
    stands_in = world.holder(Duty.LEADER, THEIRS)
    left, suspended = world.holder(Duty.UNIT_ADMIN, OURS, 8), world.holder(Duty.UNIT_ADMIN, OURS, 9)
    today = timezone.localdate(clock.now())
    appoint_stand_in(
        actor=admin, post_id=Post.objects.get(account=receiver).pk, account_id=stands_in.pk, since=today,
        until=today + timedelta(days=3), reason="出差",
    )  # fmt: skip
    Post.objects.filter(account=left).update(until=clock.now())
    with command():
        appoint(actor=None, account=left, unit=unit, duty=Duty.UNIT_ADMIN, since=LONG_AGO)
    Account.objects.filter(pk=suspended.pk).update(is_active=False)
    return {
        "everything": everything, "admin": admin, "receiver": receiver, "stands in": stands_in, "left": left,
        "suspended": suspended,
    }  # fmt: skip


@pytest.fixture
def things(world: World) -> Things:
    return _things(world)


def test_another_units_things_are_reached_by_nobody(world: World, things: Things) -> None:
    leaks, asked = [], set()
    for who, stranger in _strangers(world).items():
        browser = world.browser(Account.objects.get(pk=stranger.pk))
        done = set(Entry.objects.filter(actor_id=stranger.pk).values_list("pk", flat=True))
        for route in OF_AN_OBJECT:
            for method in route.methods:
                answer = _call(browser, method, things.at(route))
                shut = answer.status_code in (403, 404) or (
                    who == "suspended" and "/login/" in answer.headers.get("Location", "")
                )
                if not (shut or refused_unread(answer)):
                    leaks.append((who, method, route.name, answer.status_code))
                asked.add(route.name)
        since = Entry.objects.filter(actor_id=stranger.pk).exclude(pk__in=done)
        leaks += [(who, "did", verb) for verb in since.values_list("verb", flat=True)]
    assert not leaks, str(leaks)
    assert asked == {route.name for route in OF_AN_OBJECT}


def test_their_own_people_reach_them(world: World, things: Things) -> None:
    """What is walked above is there: the unit's own administrator opens it at the same addresses."""
    browser = world.browser(Account.objects.get(username=f"{Duty.UNIT_ADMIN}-{OURS}-1"))
    opened = {
        route.name
        for route in OF_AN_OBJECT
        if "get" in route.methods and _call(browser, "get", things.at(route)).status_code == 200
    }
    assert opened >= {
        "org:person", "org:edit_person", "org:hand_over", "org:hand_over_paper", "org:ask_post", "org:change",
        "org:person_can", "changes:show", "changes:paper", "changes:form", "people:device",
        "people:person_certificate", "people:certificate_application",
    }  # fmt: skip


def _call(browser: Client, method: str, address: str) -> Any:
    return browser.get(address) if method == "get" else browser.post(address, SAID | {"account": str(uuid.uuid4())})
