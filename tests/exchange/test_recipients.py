"""Choosing recipients: a small centre's units stand in the page, a large one's are asked for."""

import json
import uuid

import pytest

from support.offices import an_office
from support.world import World
from yichuan.common import clock
from yichuan.exchange import recipients
from yichuan.exchange.models import Delivery, Dispatch
from yichuan.exchange.recipients import find, picker_data
from yichuan.org.duties import Duty
from yichuan.org.models import Unit
from yichuan.org.services.offices import open_office_box


def test_a_small_centre_has_every_unit_in_the_page(world: World) -> None:
    data = picker_data(world.sender)
    assert {unit["text"] for unit in data["units"]} == set(world.units) - {"市府办公室"}
    assert all("batch:1" in unit["in"] for unit in data["units"])
    assert "search" not in data


def test_a_large_centre_has_its_batches_and_what_is_chosen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipients, "AT_ONCE", 3)
    data = picker_data(world.sender, [world.units["市环保局"]])
    assert [unit["text"] for unit in data["units"]] == ["市环保局"]
    assert [(group["text"], group["size"]) for group in data["groups"]] == [("市直各单位", 4), ("第一批", 4)]
    assert data["cells"] == [["batch:1", "names:departments", 4]]
    assert data["search"] == "/recipients/"


def test_what_was_typed_finds_units_and_offices_but_never_the_sender(world: World) -> None:
    office = an_office(world, "监测科", "市环保局")
    open_office_box(actor=world.holder(Duty.UNIT_ADMIN, "市环保局"), office_id=office.pk)
    assert [found["text"] for found in find("huanbao", world.sender)] == ["市环保局", "市环保局监测科"]
    assert find("市府办公室", world.sender) == []


def test_the_search_is_for_who_may_send(world: World) -> None:
    answer = world.browser(world.sending_clerk).get("/recipients/", {"q": "环保"})
    assert [unit["text"] for unit in json.loads(answer.content)["units"]] == ["市环保局"]
    assert answer["Cache-Control"] == "no-store, private"
    assert world.browser(world.custodian["市府办公室"]).get("/recipients/", {"q": "环保"}).status_code == 403


def test_an_office_with_a_box_is_sent_to(world: World) -> None:
    office = an_office(world, "监测科", "市环保局")
    box = open_office_box(actor=world.holder(Duty.UNIT_ADMIN, "市环保局"), office_id=office.pk)
    given = {
        "key": str(uuid.uuid4()),
        "main": [f"office:{office.pk}"],
        "declared": "on",
        "allowance": "2",
        f"allowance-office:{office.pk}": "5",
    }
    answer = world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given)
    assert answer.status_code == 302
    delivery = Delivery.objects.get(dispatch=Dispatch.objects.get())
    assert (delivery.box, delivery.office, delivery.allowance) == (box, office, 5)


def test_a_unit_that_was_merged_while_the_form_was_open_is_routed(world: World) -> None:
    old, new = world.units["市规划局"], world.units["市建设局"]
    Unit.objects.filter(pk=old.pk).update(closed_at=clock.now(), successor=new)
    given = {"key": str(uuid.uuid4()), "main": [str(old.pk)], "declared": "on", "allowance": "2"}
    world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given)
    assert Delivery.objects.get().unit == new


@pytest.mark.parametrize(
    "value", ["office:", "office:x", f"office:{uuid.UUID(int=7)}", "batch:", "batch:99999999999999", "batch:7"]
)
def test_a_value_that_stands_for_nothing_is_refused(world: World, value: str) -> None:
    given = {
        "key": str(uuid.uuid4()),
        "main": [str(world.units["市环保局"].pk), value],
        "declared": "on",
        "allowance": "2",
    }
    answer = world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given)
    assert answer.status_code == 422
    assert not Dispatch.objects.exists()


def test_a_refused_form_of_a_large_centre_keeps_its_choices(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipients, "AT_ONCE", 3)
    unit = str(world.units["市环保局"].pk)
    given = {"key": str(uuid.uuid4()), "main": [unit], "declared": "on", "allowance": "viel", f"allowance-{unit}": "7"}
    page = world.browser(world.sending_clerk).post(f"/documents/{world.sealed().pk}/send/", given).content.decode()
    assert f'<option value="{unit}" selected>' in page
    assert f'name="allowance-{unit}"' in page
