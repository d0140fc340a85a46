"""Offices inside a unit: names, order, boxes of their own, closing (U7, G-11, G-35)."""

import pytest

from support.offices import an_office, of_office
from support.world import World, broken_device
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.compose.services.keys import wrap_for
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.check import delivered_key
from yichuan.keys.services.device import device
from yichuan.org.duties import Duty
from yichuan.org.models import Box, Office, Post, Staff
from yichuan.org.selectors.posts import offices_with_posts, posts_of
from yichuan.org.services.offices import add_office, close_office, move_office, open_office_box, rename_office
from yichuan.people.models import Account

UNIT = "市环保局"


@pytest.fixture
def admin(world: World) -> Account:
    return world.holder(Duty.UNIT_ADMIN, UNIT)


def names(world: World) -> list[str]:
    return [entry.office.name for entry in offices_with_posts(world.units[UNIT].pk)]


def test_offices_are_set_up_renamed_and_put_in_order(world: World, admin: Account) -> None:
    for name in ("办公室", "监测科", "法规科"):
        office = add_office(actor=admin, unit=world.units[UNIT], name=name)
    move_office(actor=admin, office_id=office.pk, up=True)
    rename_office(actor=admin, office_id=office.pk, name="政策法规科")
    assert names(world) == ["办公室", "政策法规科", "监测科"]


@pytest.mark.parametrize("name", ["", "  ", "科" * 61, "办公\u200b室", "办公室", "办 公 室", "——"])
def test_a_name_that_does_not_hold_is_refused(world: World, admin: Account, name: str) -> None:
    add_office(actor=admin, unit=world.units[UNIT], name="办公室")
    with pytest.raises(Invalid):
        add_office(actor=admin, unit=world.units[UNIT], name=name)
    assert names(world) == ["办公室"]


def test_another_units_offices_are_out_of_reach(world: World, admin: Account) -> None:
    office = an_office(world, unit="市卫生局")
    for act in (move_office, rename_office, open_office_box, close_office):
        more = {"up": True} if act is move_office else {"name": "别名"} if act is rename_office else {}
        with pytest.raises(Refused) as refused:
            act(actor=admin, office_id=office.pk, **more)  # type: ignore[operator]
        assert refused.value.status in (403, 404)
    with pytest.raises(Refused):
        add_office(actor=admin, unit=world.units["市卫生局"], name="新处")


def test_an_offices_box_has_keys_of_its_own(world: World, admin: Account) -> None:
    office = an_office(world, unit=UNIT)
    box = open_office_box(actor=admin, office_id=office.pk)
    registry = Box.objects.get(unit=world.units[UNIT], office=None)
    assert box.wrapping_label != registry.wrapping_label
    assert device().has(box.wrapping_label)
    assert device().has(box.receipt_label)
    with pytest.raises(Refused, match="已经有"):
        open_office_box(actor=admin, office_id=office.pk)


def test_no_box_is_opened_without_its_keys(world: World, admin: Account) -> None:
    office = an_office(world, unit=UNIT)
    with broken_device("make_wrapping_key"), pytest.raises(Exception, match="answer"):
        open_office_box(actor=admin, office_id=office.pk)
    assert not Box.objects.filter(office=office).exists()


def test_a_closed_office_leaves_its_documents_to_the_registry(world: World, admin: Account) -> None:
    office = an_office(world, unit=UNIT)
    box = open_office_box(actor=admin, office_id=office.pk)
    receiver = of_office(office, Duty.RECEIVER, "receiver-1")
    delivery = world.delivery(UNIT)
    key = delivered_key(delivery)
    wrapped = wrap_for(box, delivery.dispatch.document, key)
    Delivery.objects.filter(pk=delivery.pk).update(box=box, office=office, wrapped_key=wrapped)
    close_office(actor=admin, office_id=office.pk)
    delivery = Delivery.objects.get(pk=delivery.pk)
    assert delivery.office is None
    assert delivered_key(delivery) == key
    assert world.clerk[UNIT].has_perm("exchange.sign_for", delivery)
    assert not Account.objects.get(pk=receiver.pk).has_perm("exchange.sign_for")
    assert Staff.objects.get(pk=receiver.pk).office is None
    assert Post.objects.get(account=receiver).until is not None
    with pytest.raises(Refused, match="撤销"):
        rename_office(actor=admin, office_id=office.pk, name="再来")


def test_the_pages_of_offices_and_posts(world: World, admin: Account) -> None:
    browser = world.browser(admin)
    assert browser.post("/offices/", {"name": "监测科"}).status_code == 302
    office = Office.objects.get(name="监测科")
    assert browser.post(f"/offices/{office.pk}/box/").status_code == 302
    page = browser.get("/offices/").content.decode()
    assert "监测科" in page
    assert "缺收文员" in page
    refused = browser.post("/offices/", {"name": "监测科"})
    assert refused.status_code == 422
    assert "已经有「监测科」" in refused.content.decode()
    posts = browser.get("/posts/").content.decode()
    assert world.clerk[UNIT].name in posts
    assert "空缺" in posts, "nobody is leader or custodian there"
    assert world.browser(world.clerk[UNIT]).get("/offices/").status_code == 403
    with pytest.raises(NotFound):
        close_office(actor=world.clerk[UNIT], office_id=office.pk)


def test_empty_posts_of_the_staff_form_are_flagged(world: World) -> None:
    places = {place.duty: place for place in posts_of(world.sender)}
    assert not places[Duty.LEADER].empty
    assert [duty for duty, place in places.items() if place.empty] == []
    places = {place.duty: place for place in posts_of(world.units[UNIT])}
    assert [duty for duty, place in places.items() if place.empty] == [Duty.LEADER, Duty.CUSTODIAN]
