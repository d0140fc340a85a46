"""A unit's own groups of recipients (D2)."""

import json
import uuid

import pytest

from support.offices import an_office
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotAllowed, NotFound
from yichuan.exchange import recipients
from yichuan.exchange.models import Delivery, RecipientGroup
from yichuan.exchange.recipients import picker_data
from yichuan.exchange.services.groups import delete_group, move_group, save_group
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.services.offices import open_office_box


def a_group(world: World, name: str = "环保口", *names: str) -> RecipientGroup:
    places = [(world.units[each].pk, None) for each in names or ("市环保局", "市规划局")]
    return save_group(actor=world.sending_clerk, unit=world.sender, name=name, places=places)


def send_to(world: World, value: str) -> int:
    given = {"key": str(uuid.uuid4()), "main": [value], "allowance": "2", "declared": "on"}
    return world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given).status_code


def test_a_group_is_offered_by_its_name_and_stands_for_its_members(world: World) -> None:
    group = a_group(world)
    data = picker_data(world.sender)
    assert {"value": f"own:{group.pk}", "text": "环保口", "kind": "本单位的分组", "size": 2} in data["groups"]
    inside = [unit["text"] for unit in data["units"] if f"own:{group.pk}" in unit["in"]]
    assert inside == ["市环保局", "市规划局"]
    assert send_to(world, f"own:{group.pk}") == 302
    assert set(Delivery.objects.values_list("unit__short_name", flat=True)) == {"市环保局", "市规划局"}


def test_an_office_in_a_group_is_sent_to(world: World) -> None:
    office = an_office(world, "监测科", "市环保局")
    open_office_box(actor=world.holder(Duty.UNIT_ADMIN, "市环保局"), office_id=office.pk)
    places = [(world.units["市环保局"].pk, office.pk)]
    group = save_group(actor=world.sending_clerk, unit=world.sender, name="监测", places=places)
    assert send_to(world, f"own:{group.pk}") == 302
    assert Delivery.objects.get().office == office


def test_a_member_that_was_merged_is_routed_and_one_that_closed_is_said(world: World) -> None:
    group = a_group(world)
    old = world.units["市规划局"]
    Unit.objects.filter(pk=old.pk).update(closed_at=clock.now())
    assert send_to(world, f"own:{group.pk}") == 422
    Unit.objects.filter(pk=old.pk).update(successor=world.units["市建设局"])
    assert send_to(world, f"own:{group.pk}") == 302
    assert set(Delivery.objects.values_list("unit__short_name", flat=True)) == {"市环保局", "市建设局"}


def test_a_large_centre_knows_the_members_of_the_units_own_groups(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_group(world)
    monkeypatch.setattr(recipients, "AT_ONCE", 3)
    assert [unit["text"] for unit in picker_data(world.sender)["units"]] == ["市环保局", "市规划局"]


def test_it_gets_another_name_and_other_members(world: World) -> None:
    group = a_group(world)
    places = [(world.units["市卫生局"].pk, None), (world.sender.pk, None), (world.units["市卫生局"].pk, None)]
    save_group(actor=world.sending_clerk, unit=world.sender, name="卫生口", places=places, group_id=group.pk)
    group.refresh_from_db()
    assert (group.name, [each.unit.short_name for each in group.members.all()]) == ("卫生口", ["市卫生局"])
    assert Entry.objects.filter(verb="exchange.save_group").count() == 2


def test_they_are_put_in_order_and_deleted(world: World) -> None:
    first, second = a_group(world, "甲"), a_group(world, "乙")
    move_group(actor=world.sending_clerk, unit=world.sender, group_id=second.pk, up=True)
    move_group(actor=world.sending_clerk, unit=world.sender, group_id=second.pk, up=True)
    assert list(RecipientGroup.objects.values_list("name", flat=True)) == ["乙", "甲"]
    delete_group(actor=world.sending_clerk, unit=world.sender, group_id=first.pk)
    assert RecipientGroup.objects.get() == second
    assert Entry.objects.get(verb="exchange.delete_group").detail["name"] == "甲"


@pytest.mark.parametrize(
    ("name", "said"),
    [(" ", "起一个名称"), ("长" * 61, "最多 60 个字"), ("环\u200b保", "看不见"), ("环 保口", "已经有一个分组")],
    ids=["empty", "long", "hidden", "taken"],
)
def test_a_name_that_cannot_stand_is_refused(world: World, name: str, said: str) -> None:
    a_group(world)
    with pytest.raises(Invalid) as refusal:
        a_group(world, name)
    assert said in refusal.value.errors["name"]


def test_a_group_of_nobody_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        a_group(world, "空", "市府办公室")
    assert "members" in refusal.value.errors


def test_another_units_group_does_not_exist_and_who_does_not_send_keeps_none(world: World) -> None:
    group = a_group(world)
    other = world.clerk["市环保局"], world.units["市环保局"]
    with pytest.raises(NotFound):
        delete_group(actor=other[0], unit=other[1], group_id=group.pk)
    with pytest.raises(NotAllowed):
        delete_group(actor=world.custodian["市府办公室"], unit=world.sender, group_id=group.pk)
    assert world.browser(other[0]).get(f"/recipients/groups/{group.pk}/").status_code == 404
    given = {"key": str(uuid.uuid4()), "main": [f"own:{group.pk}"], "allowance": "2", "declared": "on"}
    assert world.browser(other[0]).post(f"/documents/{world.sealed().pk}/send/", given).status_code == 404


def test_the_page_makes_changes_and_refuses_a_group_without_losing_what_was_typed(world: World) -> None:
    client, unit = world.browser(world.sending_clerk), str(world.units["市环保局"].pk)
    refused = client.post("/recipients/groups/new/", {"name": "", "members": [unit]})
    assert refused.status_code == 422
    assert f'<option value="{unit}" selected>' in refused.content.decode()
    assert client.post("/recipients/groups/new/", {"name": "环保口", "members": ["batch:1"]}).status_code == 302
    group = RecipientGroup.objects.get()
    assert group.members.count() == 4
    page = client.get(f"/recipients/groups/{group.pk}/").content.decode()
    assert page.count(" selected>") == 4
    assert client.post(f"/recipients/groups/{group.pk}/", {"name": "环保", "members": [unit]}).status_code == 302
    assert "环保" in client.get("/recipients/groups/").content.decode()
    client.post(f"/recipients/groups/{group.pk}/delete/")
    assert not RecipientGroup.objects.exists()


def test_what_is_chosen_on_the_sending_form_is_kept_as_a_group(world: World) -> None:
    client = world.browser(world.sending_clerk)
    given = {"main": ["names:departments"], "copy": [], "group_name": "市直"}
    kept = client.post("/recipients/groups/keep/", given, headers={"HX-Request": "true"})
    assert "4</span> 家" in kept.content.decode()
    again = client.post("/recipients/groups/keep/", given, headers={"HX-Request": "true"})
    assert again.status_code == 422 and "已经有一个分组" in again.content.decode()


def test_collective_names_stand_for_governments_and_for_everybody_else(world: World) -> None:
    Unit.objects.filter(short_name="市规划局").update(rank="government")
    groups = {group["text"]: group["size"] for group in picker_data(world.sender)["groups"]}
    assert groups == {"各市、区人民政府": 1, "市直各单位": 3, "第一批": 4}
    assert send_to(world, "names:governments") == 302
    assert Delivery.objects.get().unit.short_name == "市规划局"


def test_the_tree_of_a_large_centre_asks_for_some_units_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "LISTED", 3)
    client = world.browser(world.sending_clerk)
    first = json.loads(client.get("/recipients/", {"in": "batch:1", "from": "0"}).content)
    rest = json.loads(client.get("/recipients/", {"in": "batch:1", "from": "3"}).content)
    assert (len(first["units"]), first["more"], len(rest["units"]), rest["more"]) == (3, 1, 1, 0)
    assert json.loads(client.get("/recipients/", {"in": "own:nothing"}).content) == {"units": [], "more": 0}


def test_an_office_is_found_by_its_own_name(world: World) -> None:
    office = an_office(world, "监测科", "市环保局")
    open_office_box(actor=world.holder(Duty.UNIT_ADMIN, "市环保局"), office_id=office.pk)
    assert [found["text"] for found in recipients.find("监测", world.sender)] == ["市环保局监测科"]
