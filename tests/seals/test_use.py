"""Seals and the record of every use (S8)."""

from datetime import timedelta

import pytest

from support.world import World
from yichuan.audit.models import Entry
from yichuan.common import clock
from yichuan.common.errors import NotAllowed, Refused
from yichuan.common.transactions import command
from yichuan.keys.services.authority import SEAL_MAKER, certificate_of
from yichuan.keys.services.device import device
from yichuan.lib.gm.x509 import Certificate
from yichuan.lib.ses.model import parse_seal
from yichuan.people.models import Account
from yichuan.seals.models import Seal, SealUse
from yichuan.seals.selectors import ledger, seals_in_use
from yichuan.seals.services.use import OPEN_AT_MOST, begin_use, fail_use, finish_use, reap_uses


def _begin(world: World, actor: Account | None = None) -> SealUse:
    with command():
        return begin_use(
            actor=actor or world.custodian["市府办公室"],
            seal=Seal.objects.get(),
            document_id=world.sender.pk,
            digest=bytes(32),
        )


def test_a_seal_is_made_by_the_maker_for_its_unit_and_key(world: World) -> None:
    row = Seal.objects.get()
    seal, signer = parse_seal(bytes(row.der)), Certificate.from_der(bytes(row.certificate))
    assert (seal.name, seal.picture.kind) == ("江门市人民政府办公室", "png")
    assert seal.maker_certificate == certificate_of(SEAL_MAKER).der
    assert seal.certificates == (signer.der,)
    assert signer.public_key == device().public_key(row.key_label)
    assert seal.notes == ()
    assert Entry.objects.get(verb="seals.issue").subject_id == row.pk


def test_a_use_is_written_before_and_completed_after(world: World) -> None:
    use = _begin(world)
    assert (use.state, use.digest_before, use.ended_at) == ("intent", "0" * 64, None)
    with command():
        finish_use(use, b"sealed")
    use.refresh_from_db()
    assert use.state == "done"
    assert use.digest_after
    assert use.ended_at is not None
    verbs = Entry.objects.filter(subject_id=use.pk).order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["seals.begin_use", "seals.use_done"]


@pytest.mark.parametrize("first", ["done", "failed"])
def test_a_use_is_settled_once(world: World, first: str) -> None:
    use = _begin(world)
    with command():
        finish_use(use, b"sealed") if first == "done" else fail_use(use, "设备没有应答")
    for settle in (lambda: finish_use(use, b"other"), lambda: fail_use(use, "again")):
        with pytest.raises(Refused) as refusal, command():
            settle()
        assert refusal.value.code == "use_settled"
    use.refresh_from_db()
    assert use.state == first


def test_only_custodians_of_its_unit_use_it(world: World) -> None:
    for somebody in (world.sending_clerk, world.leader, world.appoint_custodian("市卫生局")):
        with pytest.raises(NotAllowed):
            _begin(world, somebody)
    assert not SealUse.objects.exists()


def test_a_withdrawn_seal_is_neither_offered_nor_used(world: World) -> None:
    Seal.objects.update(withdrawn_at=clock.now())
    assert seals_in_use(world.sender.pk) == []
    with pytest.raises(Refused) as refusal:
        _begin(world)
    assert refusal.value.code == "seal_withdrawn"


def test_the_reaper_closes_what_a_dead_process_left_open_and_nothing_else(world: World) -> None:
    old = _begin(world)
    with clock.fixed_at(clock.now() + OPEN_AT_MOST + timedelta(seconds=1)):
        young = _begin(world)
        assert reap_uses() == 1
        assert reap_uses() == 0
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.state, old.reason) == ("failed", "办理中断")
    assert young.state == "intent"


def test_the_ledger_shows_the_uses_of_the_own_unit_the_latest_first(world: World) -> None:
    uses = [_begin(world) for _ in range(3)]
    assert ledger(world.sender.pk) == uses[::-1]
    assert ledger(world.sender.pk, limit=1) == [uses[2]]
    assert ledger(world.units["市卫生局"].pk) == []
