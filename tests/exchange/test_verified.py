"""One letter is judged once for all its receivers, and anew as soon as anything that decides it is another."""

from datetime import timedelta
from typing import Any

import pytest

from support.carriers import on_carrier
from support.sealed_sending import SAID, sealed_letter, send_at_once
from support.systems import system_of
from support.world import World
from yichuan.common import sealed
from yichuan.common.errors import Unavailable
from yichuan.common.memory import Results
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.exchange.services import verified
from yichuan.exchange.services.check import check_delivery, delivered_body, opened
from yichuan.exchange.services.verified import Grounds
from yichuan.keys.services.publish import publish_wanted
from yichuan.keys.services.registry import row_of
from yichuan.keys.services.revoke import revoke
from yichuan.keys.services.trust import Trust, trust
from yichuan.keys.states import Why
from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.ofd.examining import Examined
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.package import Package, write_package
from yichuan.lib.ofd.report import Report
from yichuan.seals.models import Seal
from yichuan.seals.services import examined as module
from yichuan.seals.services.examined import examined


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> list[Examined]:
    done: list[Examined] = []
    judge = verified.judge

    def counted(found: Examined, **by: Any) -> Report:
        done.append(found)
        return judge(found, **by)

    monkeypatch.setattr(verified, "judge", counted)
    return done


def test_all_receivers_of_one_letter_share_one_verdict(world: World, verdicts: list[Examined]) -> None:
    first, second = world.sent("市环保局", "市卫生局").deliveries.order_by("order")
    panels = [check_delivery(each, anew=True) for each in (first, first, second)]
    assert all(panel.sound for panel in panels)
    assert len(verdicts) == 1
    assert check_delivery(world.delivery("市环保局")).sound
    assert len(verdicts) == 2


def test_a_body_is_opened_once_for_the_report_and_for_its_stamps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery, opened = world.delivery("市环保局"), []
    unpacked = Package.open.__func__  # type: ignore[attr-defined]

    def counted(data: bytes, limits: Limits | None = None) -> Package:
        opened.append(data)
        return unpacked(Package, data, limits)  # type: ignore[no-any-return]

    monkeypatch.setattr(Package, "open", counted)
    assert check_delivery(delivery).sound
    assert len(opened) == 1


def test_what_the_bytes_say_is_found_once_whoever_is_trusted_and_whenever(world: World) -> None:
    delivery = world.delivery("市环保局")
    found, trusted = opened(delivery), trust()
    first = Grounds(found.body, found.digest, trusted, delivery.dispatch.sent_at)
    assert first.report().signatures[0].valid_and_trusted
    nobody = Grounds(b"", found.digest, Trust([], []), delivery.dispatch.sent_at)  # the bytes are not looked at again
    assert nobody.report().signatures[0].integrity == "ok"
    assert not nobody.report().signatures[0].valid_and_trusted
    before = Grounds(b"", found.digest, trusted, delivery.dispatch.sent_at - timedelta(days=40_000))
    assert not before.report().signatures[0].valid_and_trusted


def test_a_body_with_a_fault_is_looked_at_each_time_and_takes_no_room() -> None:
    digest = "11" * 32
    assert examined(b"no package", digest).error == "not_a_zip"
    assert examined(write_package({"OFD.xml": b"<OFD/>"}), digest).error != "not_a_zip"


def test_what_is_no_package_is_a_finding(world: World) -> None:
    trusted = trust()
    grounds = Grounds(b"%PDF-1.4", "22" * 32, trusted, world.delivery("市环保局").dispatch.sent_at)
    assert grounds.stamped() == ()
    assert grounds.report().error == "not_a_zip"


def test_a_list_that_came_out_since_is_looked_at_anew(world: World, verdicts: list[Examined]) -> None:
    delivery = world.delivery("市环保局")
    assert check_delivery(delivery).sound
    with command():
        revoke(actor=None, certificate=row_of(Seal.objects.get(unit=world.sender).key_label), reason=Why.KEY_COMPROMISE)
    publish_wanted()
    check_delivery(delivery)
    assert len(verdicts) == 2


def test_only_so_many_results_are_kept_and_the_one_not_asked_for_longest_goes() -> None:
    made: list[str] = []
    results: Results[str] = Results(2)

    def find(key: str) -> str:
        def make() -> str:
            made.append(key)
            return key.upper()

        return results.get(key, make)

    assert [find(each) for each in ("a", "b", "a", "c", "a", "b")] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"]


def test_what_was_sealed_elsewhere_is_looked_at_and_opened_by_its_sender_for_its_receivers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    look = module.examine

    def counted(body: bytes | Package) -> Examined:
        looked.append(body)
        return look(body)

    monkeypatch.setattr(module, "examine", counted)
    body = sealed_letter(on_carrier(world.sender, world.imprint))
    assert send_at_once(system_of(world, "市府办公室"), SAID, body).status_code == 201
    monkeypatch.setattr(sealed, "read_bytes", lambda *by: pytest.fail("its body was in memory"))
    delivery = Delivery.objects.get(dispatch__document__number=SAID["number"])
    assert check_delivery(delivery, anew=True).sound
    assert delivered_body(delivery) == body
    assert len(looked) == 1


def test_what_is_large_is_not_remembered_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "MOST_REMEMBERED", 3)
    name = sealed.write_whole(key := sealed.new_key(), "a file", sealed.Whole(b"body", "22"))
    assert sealed.read_whole(key, "a file", name).digest == sm3(b"body").hex()  # found anew, not as it was given


def test_who_has_another_key_does_not_find_the_body_of_the_sender(world: World) -> None:
    name = sealed.write_whole(key := sealed.new_key(), "a file", sealed.Whole(b"body", "22"))
    assert sealed.read_whole(key, "a file", name).data == b"body"
    for other, context in ((sealed.new_key(), "a file"), (key, "another file")):
        with pytest.raises(Unavailable):
            sealed.read_whole(other, context, name)
