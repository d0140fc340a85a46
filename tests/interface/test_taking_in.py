"""An office system takes in what arrived in one request (J-33, J-36): a ZIP of the bodies and what is told of them."""

import base64
import json
import uuid
import zipfile
from io import BytesIO
from typing import Any

import jsonschema_rs
import pytest

from support.systems import System, problem_of, system_of
from support.world import World, broken_device, replace_body
from yichuan.audit.models import Entry
from yichuan.compose.services.read import read_body
from yichuan.compose.services.uploads import attach
from yichuan.exchange.models import Delivery
from yichuan.exchange.services import take_in as service
from yichuan.interface.api.site import schema
from yichuan.lib.gm.sm2 import PublicKey


@pytest.fixture
def system(world: World) -> System:
    return system_of(world)


def take_in(system: System, *deliveries: object, key: str = "") -> Any:
    return system.post("/deliveries/take-in", {"deliveries": [str(each) for each in deliveries]}, key=key)


def unpacked(answer: Any) -> tuple[Any, dict[str, bytes]]:
    """The index and the files."""
    assert answer.status_code == 200, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    index = json.loads(files.pop("index.json"))
    whole = {"$ref": "#/components/schemas/TakenInIndex", "components": schema()["components"]}
    jsonschema_rs.validate(whole, index)
    return index, files


def test_what_arrived_is_checked_signed_for_and_read_in_one_request(world: World, system: System) -> None:
    draft = world.draft()
    attach(actor=world.sending_clerk, document_id=draft.pk, name="表.csv", data=b"a,b")
    first, second = world.delivery(), world.sent("市环保局", document=draft).deliveries.get()
    index, files = unpacked(take_in(system, second.pk, first.pk))
    assert [each["id"] for each in index["items"]] == [str(second.pk), str(first.pk)] and index["left"] == []
    for delivery, item in zip((second, first), index["items"], strict=True):
        assert files[item["file"]] == read_body(delivery.dispatch.document)
        assert item["problem"] is None and item["checks"]["sound"] is True
        told = system.get(f"/deliveries/{delivery.pk}").json()
        assert item["delivery"] == told and told["state"] == "received"
        assert item["receipts"] == system.get(f"/deliveries/{delivery.pk}/receipts").json()["items"]
        assert [each["kind"] for each in item["receipts"]] == ["signed_for", "received"]
        for each in item["receipts"]:
            key = PublicKey.from_der(base64.b64decode(each["public_key"]))
            assert key.verify(base64.b64decode(each["signature"]), each["payload"].encode())
    assert [each["name"] for each in index["items"][0]["delivery"]["attachments"]] == ["表.csv"]
    assert len(files) == 2


def test_one_bad_letter_has_its_problem_and_keeps_no_other_back(world: World, system: System) -> None:
    good, altered, foreign = world.delivery(), world.delivery(), world.delivery("市卫生局")
    replace_body(altered.dispatch.document, read_body(altered.dispatch.document) + b"x")
    returned, nowhere = world.delivery(), uuid.uuid4()
    system.post(f"/deliveries/{returned.pk}/return", {"reason": "不属于本单位职责"})
    index, files = unpacked(take_in(system, altered.pk, nowhere, good.pk, foreign.pk, returned.pk))
    problems = [each["problem"]["code"] if each["problem"] else None for each in index["items"]]
    assert problems == ["not_sound", "no_delivery", None, "no_delivery", "wrong_state"]
    assert index["items"][1]["problem"] == index["items"][3]["problem"], "another unit's looks as if it were not there"
    assert list(files) == [f"{good.pk}.ofd"]
    alone = system.post(f"/deliveries/{altered.pk}/sign-for").json()
    assert index["items"][0]["problem"] == {name: alone[name] for name in ("code", "status", "detail")}
    assert Delivery.objects.get(pk=altered.pk).state == "delivered"


def test_under_the_same_key_the_same_letters_come_again_and_nothing_is_signed_twice(
    world: World, system: System
) -> None:
    delivery = world.delivery()
    first, files = unpacked(take_in(system, delivery.pk, key="one"))
    again, same = unpacked(take_in(system, delivery.pk, key="one"))
    assert (first["items"], files) == (
        [each | {"checks": first["items"][0]["checks"]} for each in again["items"]], same
    )  # fmt: skip
    verbs = Entry.objects.filter(subject_id=delivery.pk, actor_id=system.client.account_id).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["exchange.sign_for", "exchange.read", "exchange.read"]


def test_what_there_is_no_room_for_is_left_untouched_for_the_next_request(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.delivery(), world.delivery()
    monkeypatch.setattr(service, "MOST_BYTES", 1)
    index, _ = unpacked(take_in(system, first.pk, second.pk))
    assert [each["id"] for each in index["items"]] == [str(first.pk)] and index["left"] == [str(second.pk)]
    assert Delivery.objects.get(pk=second.pk).state == "delivered"
    index, _ = unpacked(take_in(system, *index["left"]))
    assert [each["id"] for each in index["items"]] == [str(second.pk)]


def test_a_device_that_does_not_sign_leaves_the_receipts_unsigned_and_the_act_stands(
    world: World, system: System
) -> None:
    delivery = world.delivery()
    with broken_device("sign"):
        index, _ = unpacked(take_in(system, delivery.pk))
    assert [each["signature"] for each in index["items"][0]["receipts"]] == [None, None]
    assert Delivery.objects.get(pk=delivery.pk).state == "received"


def test_a_device_that_opens_nothing_is_told_and_nothing_was_done(world: World, system: System) -> None:
    delivery = world.delivery()
    with broken_device("unwrap"):
        answer = take_in(system, delivery.pk)
    assert (answer.status_code, problem_of(answer)) == (503, "unavailable")
    assert Delivery.objects.get(pk=delivery.pk).state == "delivered"


@pytest.mark.parametrize(
    "asked", [[], ["x"], "x", [str(uuid.UUID(int=0))] * 51], ids=["none", "no id", "no list", "51"]
)
def test_what_is_no_list_of_so_many_ids_is_refused(system: System, asked: object) -> None:
    assert problem_of(system.post("/deliveries/take-in", {"deliveries": asked})) == "invalid"
