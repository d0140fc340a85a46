"""The contact book: whoever telephones finds the other side (I4, U8)."""

from datetime import date

import pytest
from django.urls import reverse

from support.offices import an_office, of_office
from support.world import World
from yichuan.common.prefixes import starting_with
from yichuan.common.transactions import command
from yichuan.org.duties import Duty
from yichuan.org.models import Staff, Unit, UnitName
from yichuan.org.selectors.contacts import contact_of, local_number, people_like, units_like
from yichuan.org.services.close_unit import close_unit
from yichuan.people.models import Account


def short_names(text: str) -> list[str]:
    return [unit.short_name for unit in units_like(text)]


def give_number(account: Account, phone: str = "0750-3321179", mobile: str = "13807500001") -> None:
    Staff.objects.filter(pk=account.pk).update(
        phone=phone, local_number=local_number(phone), mobile=mobile, pinyin="wenhuanbao", initials="whb"
    )


@pytest.mark.parametrize("text", ["环保", "市环保局", "江门市环境保护局", "huanbao", "shbj", "HBJ"])
def test_a_unit_is_found_by_any_of_its_names(world: World, text: str) -> None:
    if text == "江门市环境保护局":
        Unit.objects.filter(short_name="市环保局").update(name=text)
        UnitName.objects.filter(unit=world.units["市环保局"]).update(name=text)
    assert short_names(text) == ["市环保局"]


def test_a_former_name_leads_to_the_present_one(world: World) -> None:
    unit = world.units["市环保局"]
    UnitName.objects.filter(unit=unit).update(valid_to=date(2009, 1, 1))
    UnitName.objects.create(unit=unit, name="江门市生态环境局", short_name="市生态环境局", valid_from=date(2009, 1, 1))
    Unit.objects.filter(pk=unit.pk).update(short_name="市生态环境局", name="江门市生态环境局")
    assert short_names("市环保局") == ["市生态环境局"]
    assert contact_of(unit.pk).former == ["市环保局"]


def test_a_merged_unit_leads_to_where_it_went(world: World) -> None:
    old, between, new = (world.units[name] for name in ("市规划局", "市建设局", "市环保局"))
    for closed, into in ((old, between), (between, new)):
        with command():
            close_unit(actor=None, unit=closed, successor=into, disposal="")
    give_number(world.clerk["市环保局"])
    assert short_names("市规划局") == ["市环保局"]
    found = contact_of(old.pk)
    assert (found.unit, found.into, found.former[0]) == (new, new, "市规划局")
    assert found.first is not None
    assert found.first.phone == "0750-3321179"
    page = world.browser(world.sending_clerk).get(reverse("org:contact", args=[old.pk])).content.decode()
    assert "市规划局已并入市环保局" in page


@pytest.mark.parametrize("text", ["文市环", "wenhuan", "whb", "1380750", "3321179", "0750-332", "07503321179"])
def test_a_person_is_found_by_the_beginning_of_name_pinyin_and_number(world: World, text: str) -> None:
    give_number(world.clerk["市环保局"])
    assert [person.pk for person in people_like(text)] == [world.clerk["市环保局"].pk]


def test_who_holds_no_post_is_not_in_the_book(world: World) -> None:
    clerk = world.clerk["市环保局"]
    Account.objects.filter(pk=clerk.pk).update(is_active=False)
    assert people_like("文市环") == []


def test_the_clerk_with_a_number_comes_first(world: World) -> None:
    world.appoint_leader("市环保局")
    give_number(world.clerk["市环保局"])
    first = contact_of(world.units["市环保局"].pk).first
    assert first is not None
    assert first.pk == world.clerk["市环保局"].pk


def test_an_offices_receiver_stands_in_its_units_contact(world: World) -> None:
    receiver = of_office(an_office(world, unit="市环保局"), Duty.RECEIVER, "receiver-1")
    assert receiver.pk in [person.pk for person in contact_of(world.units["市环保局"].pk).others]


@pytest.mark.parametrize("text", ["50%", "_", "'; drop table", "\\", "%"])
def test_signs_of_the_search_language_are_only_text(world: World, text: str) -> None:
    assert short_names(text) == []
    assert people_like(text) == []


def test_the_beginning_is_looked_up_exactly(world: World) -> None:
    found = Account.objects.filter(starting_with("username", "clerk-"))
    assert found.count() == 5
    assert not Account.objects.filter(starting_with("username", "Clerk-")).exists()
    assert not Account.objects.filter(starting_with("username", "clerk_")).exists()


def test_local_numbers_lose_their_area_code() -> None:
    assert [local_number(text) for text in ("0750-3321179", "3321179转8", "(0750)3321179", "020 8313 3333")] == [
        "3321179", "3321179", "3321179", "83133333",
    ]  # fmt: skip


def test_the_book_is_paged_and_narrowed_by_batch(world: World) -> None:
    browser = world.browser(world.sending_clerk)
    page = browser.get("/contacts/").content.decode()
    assert all(name in page for name in world.units)
    narrowed = browser.get("/contacts/", {"q": "环保", "batch": "1"}).content.decode()
    assert "市环保局" in narrowed
    assert "市卫生局" not in narrowed
    assert "没有找到" in browser.get("/contacts/", {"q": "没有这个"}).content.decode()


def test_the_other_sides_number_stands_on_the_delivery_and_on_the_recipients_page(world: World) -> None:
    give_number(world.sending_clerk, phone="0750-3300001")
    give_number(world.clerk["市环保局"], phone="0750-3300002")
    delivery = world.delivery("市环保局")
    received = world.browser(world.clerk["市环保局"]).get(reverse("exchange:delivery", args=[delivery.pk]))
    assert "0750-3300001" in received.content.decode()
    tracked = reverse("exchange:recipient", args=[delivery.dispatch_id, delivery.pk])
    assert "0750-3300002" in world.browser(world.sending_clerk).get(tracked).content.decode()
