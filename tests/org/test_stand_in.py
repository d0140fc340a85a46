"""Somebody stands in for a receiver, a head or a clerk for a while (U7, G-11)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from support.offices import an_office, of_office
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import AccessChange, Office, Post, Staff
from yichuan.org.selectors import opened_by
from yichuan.org.selectors.stand_ins import stand_ins_at
from yichuan.org.services.access import request_change
from yichuan.org.services.review_access import confirm
from yichuan.org.services.review_access import refuse as object_to
from yichuan.org.services.stand_in import appoint_stand_in, end_stand_in
from yichuan.people.models import Account

UNIT = "市环保局"


@pytest.fixture
def office(world: World) -> Office:
    return an_office(world, unit=UNIT)


@pytest.fixture
def head(office: Office) -> Account:
    return of_office(office, Duty.OFFICE_HEAD, "head-1")


@pytest.fixture
def receiver(office: Office) -> Account:
    return of_office(office, Duty.RECEIVER, "receiver-1")


def today(days: int = 0) -> date:
    return timezone.localdate(clock.now()) + timedelta(days=days)


def name_one(actor: Account, of: Account, who: Account, first: int = 0, last: int = 6) -> Post:
    post = Post.objects.get(account=of)
    return appoint_stand_in(
        actor=actor, post_id=post.pk, account_id=who.pk, since=today(first), until=today(last), reason="出差"
    )


def test_the_head_names_a_stand_in_who_acts_at_once(
    world: World, office: Office, head: Account, receiver: Account
) -> None:
    clerk = world.clerk[UNIT]
    made = name_one(head, receiver, clerk)
    assert Account.objects.get(pk=clerk.pk).has_perm("exchange.sign_for", made)
    assert made.stands_in_for is not None
    assert made.stands_in_for.account == receiver
    noted = AccessChange.objects.get(post=made)
    assert (noted.kind, noted.at_once, noted.state) == ("stand_in", True, "waiting")


def test_it_ends_by_itself(
    world: World, office: Office, head: Account, receiver: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = world.clerk[UNIT]
    made = name_one(head, receiver, clerk, last=1)
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not Account.objects.get(pk=clerk.pk).has_perm("exchange.sign_for", made)
    assert Account.objects.get(pk=receiver.pk).has_perm("exchange.sign_for", made)


def test_one_that_begins_later_opens_nothing_yet(world: World, head: Account, receiver: Account) -> None:
    made = name_one(head, receiver, world.clerk[UNIT], first=3)
    assert not Account.objects.get(pk=world.clerk[UNIT].pk).has_perm("exchange.sign_for", made)


def test_it_is_ended_before_its_day_by_the_head_or_the_one_stood_in_for(
    world: World, head: Account, receiver: Account
) -> None:
    made = name_one(head, receiver, world.clerk[UNIT])
    with pytest.raises(NotFound):
        end_stand_in(actor=world.clerk["市卫生局"], post_id=made.pk)
    end_stand_in(actor=receiver, post_id=made.pk)
    assert not Account.objects.get(pk=world.clerk[UNIT].pk).has_perm("exchange.sign_for", made)
    with pytest.raises(Refused, match="已经结束"):
        end_stand_in(actor=head, post_id=made.pk)


def test_it_opens_no_more_than_the_post_when_that_is_narrowed(world: World, head: Account, receiver: Account) -> None:
    stand_in = name_one(head, receiver, world.clerk[UNIT])
    admin = world.holder(Duty.UNIT_ADMIN, UNIT)
    with command():
        change = request_change(
            actor=admin, kind=AccessChange.Kind.ADJUST, account=receiver,
            post=stand_in.stands_in_for, permissions=["exchange.see_inbox"], reason="只看",
        )  # fmt: skip
    confirm(actor=world.holder(Duty.AUDITOR), change_id=change.pk)
    stand_in.refresh_from_db()
    assert opened_by(stand_in) == {"exchange.see_inbox"}


def test_the_auditors_objection_ends_it(world: World, head: Account, receiver: Account) -> None:
    made = name_one(head, receiver, world.clerk[UNIT])
    change = AccessChange.objects.get(post=made)
    object_to(actor=world.holder(Duty.AUDITOR), change_id=change.pk, note="不合适")
    assert not Account.objects.get(pk=world.clerk[UNIT].pk).has_perm("exchange.sign_for", made)


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 90), (91, 92)])
def test_the_period_has_its_bounds(world: World, head: Account, receiver: Account, first: int, last: int) -> None:
    with pytest.raises(Invalid):
        name_one(head, receiver, world.clerk[UNIT], first, last)
    assert name_one(head, receiver, world.clerk[UNIT], 0, 89)


def test_only_somebody_fit_of_the_unit_stands_in(
    world: World, office: Office, head: Account, receiver: Account
) -> None:
    admin = world.holder(Duty.UNIT_ADMIN, UNIT)
    untrained = of_office(office, Duty.OFFICE_HEAD, "head-2")
    Staff.objects.filter(pk=untrained.pk).update(trained_on=None)
    suspended = of_office(office, Duty.OFFICE_HEAD, "head-3")
    Account.objects.filter(pk=suspended.pk).update(is_active=False)
    for who in (world.clerk["市卫生局"], untrained, suspended, admin, head, receiver):
        with pytest.raises(Invalid) as refused:
            name_one(head, receiver, who)
        assert list(refused.value.errors) == ["account"], who.name
    name_one(head, receiver, world.clerk[UNIT])
    with pytest.raises(Invalid):
        name_one(head, receiver, of_office(office, Duty.OFFICE_HEAD, "head-4"), 2, 4)


def test_who_names_whom(world: World, office: Office, head: Account, receiver: Account) -> None:
    admin, other_head = (
        world.holder(Duty.UNIT_ADMIN, UNIT),
        of_office(an_office(world, "综合科", UNIT), Duty.OFFICE_HEAD, "h9"),
    )
    custodian = world.appoint_custodian(UNIT)
    with pytest.raises(NotFound):
        name_one(other_head, receiver, world.clerk[UNIT])
    with pytest.raises(NotFound):
        name_one(head, world.clerk[UNIT], receiver)
    with pytest.raises(NotFound):
        name_one(admin, custodian, world.clerk[UNIT])
    with pytest.raises(NotFound):
        name_one(world.clerk[UNIT], receiver, world.clerk[UNIT])
    name_one(admin, world.clerk[UNIT], receiver)


def test_both_see_it_on_their_page(world: World, head: Account, receiver: Account) -> None:
    made = name_one(head, receiver, world.clerk[UNIT])
    for who, may_end in ((receiver, True), (world.clerk[UNIT], False), (head, True)):
        page = world.browser(who).get("/stand-ins/").content.decode()
        assert f"<td>{receiver.name}</td>" in page, who.name
        assert (f"/stand-ins/{made.pk}/end/" in page) == may_end, who.name
    assert list(stand_ins_at(world.sending_clerk, None)) == []


def test_the_page_names_one(world: World, head: Account, receiver: Account) -> None:
    post, browser = Post.objects.get(account=receiver), world.browser(head)
    assert receiver.name in browser.get("/stand-ins/new/").content.decode()
    given = {"post": post.pk, "account": world.clerk[UNIT].pk, "since": today(), "until": today(5), "reason": "休假"}
    assert browser.post("/stand-ins/new/", given | {"reason": ""}).status_code == 422
    assert browser.post("/stand-ins/new/", given).status_code == 302
    assert world.clerk[UNIT].name in browser.get("/stand-ins/").content.decode()
    assert f"（代{receiver.name}）" in browser.get("/posts/").content.decode()
    assert world.browser(world.clerk["市卫生局"]).get("/stand-ins/new/").status_code == 403
