"""Sealing with a key that the unit keeps (J-24): whatever goes wrong between preparing and answering seals nothing."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from support.at_once import at_once
from support.carrier_desk import SESSION, Desk, desk
from support.carriers import on_carrier
from support.world import World
from yichuan.common import clock
from yichuan.common.errors import NotFound, Refused
from yichuan.common.transactions import command
from yichuan.compose.models import Document
from yichuan.compose.services.content import read_content
from yichuan.compose.services.finish import finish, reopen
from yichuan.compose.services.save import save
from yichuan.compose.services.seal_on_carrier import Prepared, finish_on_carrier, give_up
from yichuan.compose.services.uploads import attach
from yichuan.lib.gm.sm2 import PrivateKey
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.services.move import move
from yichuan.seals.services.use import OPEN_AT_MOST, reap_uses

__all__ = ["desk"]


def _other_key(desk: Desk, prepared: Prepared) -> None:
    desk.answer(prepared, key=PrivateKey.generate())


def _other_carrier(desk: Desk, prepared: Prepared) -> None:
    other = on_carrier(desk.world.units["市卫生局"], desk.world.imprint)
    desk.answer(prepared, key=other.key, certificate=other.certificate)


def _other_bytes(desk: Desk, prepared: Prepared) -> None:
    desk.answer(prepared, message=prepared.message + b"\0")


def _no_signature(desk: Desk, prepared: Prepared) -> None:
    finish_on_carrier(
        actor=desk.custodian,
        use_id=prepared.use.pk,
        certificate=desk.held.certificate,
        signature=b"\x30\x80" + bytes(200),
        session=SESSION,
    )


def _attached(desk: Desk, prepared: Prepared) -> None:
    attach(actor=desk.world.sending_clerk, document_id=desk.document.pk, name="补充.txt", data="补充".encode())
    desk.answer(prepared)


def _suspended(desk: Desk, prepared: Prepared) -> None:
    with command():
        seal = Seal.objects.select_for_update().get(pk=desk.held.seal.pk)
        move(actor=None, seal=seal, verb="suspend", cause="loss", words="U 盘丢失")
    desk.answer(prepared)


def _withdrawn(desk: Desk, prepared: Prepared) -> None:
    with command():
        move(actor=None, seal=Seal.objects.select_for_update().get(pk=desk.held.seal.pk), verb="withdraw")
    desk.answer(prepared)


def _replaced(desk: Desk, prepared: Prepared) -> None:
    new = on_carrier(desk.world.sender, desk.world.imprint).seal
    Seal.objects.filter(pk=new.pk).update(replaces=desk.held.seal)
    _withdrawn(desk, prepared)


def _too_late(desk: Desk, prepared: Prepared) -> None:
    with clock.fixed_at(prepared.use.begun_at + OPEN_AT_MOST + timedelta(seconds=1)):
        desk.answer(prepared)


WRONG: list[tuple[Callable[[Desk, Prepared], None], str, str]] = [
    (_other_key, "carrier_signature", "对不上"),
    (_other_carrier, "carrier_other", "换这枚印章的载体"),
    (_other_bytes, "carrier_signature", "对不上"),
    (_no_signature, "carrier_signature", "对不上"),
    (_attached, "changed", "重新核对"),
    (_suspended, "seal_suspended", "暂停使用"),
    (_withdrawn, "seal_withdrawn", "已停用"),
    (_replaced, "seal_replaced", "改用新章"),
    (_too_late, "use_expired", "超过 5 分钟"),
]


@pytest.mark.parametrize(("what", "code", "said"), WRONG, ids=[each[0].__name__.strip("_") for each in WRONG])
def test_whatever_goes_wrong_half_way_seals_nothing(
    desk: Desk, what: Callable[[Desk, Prepared], None], code: str, said: str
) -> None:
    prepared = desk.prepare()
    with pytest.raises(Refused) as refusal:
        what(desk, prepared)
    assert refusal.value.code == code
    assert said in refusal.value.message
    desk.untouched()
    with pytest.raises(Refused):  # and the right answer does not come after it
        desk.answer(prepared)
    desk.untouched()


def test_a_body_made_anew_after_it_was_shown_is_not_sealed(desk: Desk) -> None:
    prepared, shown = desk.prepare(), desk.document.body
    clerk = desk.world.sending_clerk
    reopen(actor=clerk, document_id=desk.document.pk)
    fields = read_content(desk.document)[0] | {"body": "改过的正文。"}
    save(actor=clerk, document_id=desk.document.pk, fields=fields)
    finish(actor=clerk, document_id=desk.document.pk)
    with pytest.raises(Refused) as refusal:
        desk.answer(prepared)
    assert refusal.value.code == "changed"
    desk.document.refresh_from_db()
    assert (desk.document.state, SealUse.objects.get().state) == ("ready", "failed")
    assert desk.document.body != shown


def test_two_documents_swapped_after_they_were_shown_are_not_sealed(desk: Desk) -> None:
    other = desk.world.ready()
    one, two = desk.prepare(), desk.prepare(document=other)
    for mine, theirs in ((one, two), (two, one)):
        with pytest.raises(Refused) as refusal:
            desk.answer(mine, message=theirs.message)
        assert refusal.value.code == "carrier_signature"
    assert not Document.objects.filter(state="sealed").exists()


def test_a_document_sealed_meanwhile_is_not_sealed_twice(desk: Desk) -> None:
    first, second = desk.prepare(), desk.prepare()
    desk.answer(first)
    with pytest.raises(Refused) as refusal:
        desk.answer(second)
    assert refusal.value.code == "wrong_state"
    assert sorted(SealUse.objects.values_list("state", flat=True)) == ["done", "failed"]


def test_the_same_answer_twice_seals_once(desk: Desk) -> None:
    prepared = desk.prepare()
    digest = desk.answer(prepared).body_digest
    with pytest.raises(Refused) as refusal:
        desk.answer(prepared)
    assert refusal.value.code == "use_settled"
    desk.document.refresh_from_db()
    assert desk.document.body_digest == digest
    assert SealUse.objects.get().state == "done"


def test_the_same_answer_twice_at_once_seals_once(committed_world: World) -> None:
    desk = Desk(committed_world, on_carrier(committed_world.sender, committed_world.imprint), committed_world.ready())
    prepared = desk.prepare()
    raised = at_once(lambda _: desk.answer(prepared), 2)
    assert [getattr(error, "code", error) for error in raised] in (["wrong_state"], ["use_settled"])
    assert SealUse.objects.get().state == "done"


def test_another_login_and_another_person_cannot_answer(desk: Desk) -> None:
    prepared = desk.prepare()
    with pytest.raises(Refused) as refusal:
        desk.answer(prepared, session=str(uuid.UUID(int=2)))
    assert refusal.value.code == "use_session"
    with pytest.raises(NotFound):
        desk.answer(prepared, actor=desk.world.appoint_custodian("市府办公室"))
    desk.untouched("intent")
    assert desk.answer(prepared).state == "sealed"


def test_giving_up_says_why_and_closes_the_use(desk: Desk) -> None:
    prepared = desk.prepare()
    give_up(actor=desk.custodian, use_id=prepared.use.pk, session=SESSION, reason="USB Key：没有插 USB Key")
    desk.untouched()
    assert SealUse.objects.get().reason == "USB Key：没有插 USB Key"
    with pytest.raises(Refused) as refusal:
        desk.answer(prepared)
    assert refusal.value.code == "use_settled"
    give_up(actor=desk.custodian, use_id=prepared.use.pk, session=SESSION, reason="again")
    assert SealUse.objects.get().reason == "USB Key：没有插 USB Key"


def test_the_reaper_ends_what_no_carrier_answered(desk: Desk) -> None:
    prepared = desk.prepare()
    with clock.fixed_at(prepared.use.begun_at + OPEN_AT_MOST + timedelta(seconds=1)):
        assert reap_uses() == 1
    desk.untouched()
