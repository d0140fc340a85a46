"""A checkpoint key whose certificate was revoked: what it signed before stays good, the next one goes on."""

from datetime import timedelta

import pytest

from support.log import acts, tamper
from support.world import World
from yichuan.audit.faults import FaultKind, NoteKind
from yichuan.audit.models import Checkpoint, Head
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text, text_of
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.services.verify_log import verify_log
from yichuan.common import clock
from yichuan.common.errors import Unavailable
from yichuan.common.transactions import command
from yichuan.keys.models import IssuedCertificate
from yichuan.keys.services.authority import CHECKPOINTS
from yichuan.keys.services.device import device
from yichuan.keys.services.hold import hold
from yichuan.keys.services.own_keys import open_own_keys
from yichuan.keys.services.registry import row_of
from yichuan.keys.services.release import release
from yichuan.keys.services.revoke import revoke
from yichuan.keys.states import CertificateState, Why
from yichuan.lib.merkle import SignedCheckpoint, read_checkpoint


def kept() -> SignedCheckpoint:
    newest = newest_checkpoint()
    assert newest is not None
    return read_checkpoint(signed_text(newest))


def revoked(reason: Why) -> SignedCheckpoint:
    """The key is revoked for this reason an hour behind its newest checkpoint, which comes back."""
    catch_up()
    before = kept()
    with clock.fixed_at(clock.now() + timedelta(hours=1)), command():
        revoke(actor=None, certificate=row_of(CHECKPOINTS), reason=reason, words="本人报告")
    return before


@pytest.mark.parametrize("reason", [Why.CESSATION_OF_OPERATION, Why.KEY_COMPROMISE])
def test_what_it_signed_before_stays_good_in_the_centre_and_outside(world: World, reason: Why) -> None:
    before = revoked(reason)
    verdict = verify_log(kept=[before])
    assert verdict.faults == []
    said = {note.kind: note.sentence for note in verdict.notes}
    assert (NoteKind.LEAKED_KEY in said) == (reason is Why.KEY_COMPROMISE)
    if reason is Why.KEY_COMPROMISE:
        assert "请用送到审计存储的、印在原件上的检查点核对" in said[NoteKind.LEAKED_KEY]


def test_what_it_signs_afterwards_is_not_good(world: World) -> None:
    revoked(Why.KEY_COMPROMISE)
    acts(3)
    late = Checkpoint(size=Head.objects.get().size + 3, number=2, root=bytes(32), at=clock.now() + timedelta(hours=2))
    late.signature = device().sign(CHECKPOINTS, text_of(late).text.encode())
    late.save()
    newest = newest_checkpoint()
    assert newest is not None and newest.number == 1
    with clock.fixed_at(clock.now() + timedelta(hours=3)):
        catch_up_to_the_same_size(late)
    assert FaultKind.CHECKPOINT in {fault.kind for fault in verify_log().faults}


def catch_up_to_the_same_size(late: Checkpoint) -> None:
    open_own_keys()
    catch_up()
    assert Head.objects.get().size >= late.size


def test_the_centre_makes_the_next_key_and_goes_on(world: World) -> None:
    before = revoked(Why.KEY_COMPROMISE)
    acts(1)
    with clock.fixed_at(clock.now() + timedelta(hours=2)):
        with pytest.raises(Unavailable):
            catch_up()
        assert open_own_keys() == 1
        assert open_own_keys() == 0
        catch_up()
        assert kept().checkpoint.size == Head.objects.get().size > before.checkpoint.size
        verdict = verify_log(kept=[before])
    assert verdict.faults == [] and verdict.checkpoints == 3
    labels = IssuedCertificate.objects.filter(label__startswith=CHECKPOINTS).order_by("issued_at")
    assert [(row.label, row.state) for row in labels] == [
        (CHECKPOINTS, CertificateState.REVOKED),
        (f"{CHECKPOINTS}:2", CertificateState.VALID),
    ]


def test_a_checkpoint_that_was_not_signed_in_time_is_not_signed_by_a_key_made_after_it(world: World) -> None:
    before = revoked(Why.KEY_COMPROMISE)
    acts(1)
    with clock.fixed_at(clock.now() + timedelta(hours=2)), pytest.raises(Unavailable):
        catch_up()
    waits = Checkpoint.objects.get(signature=None)
    with clock.fixed_at(clock.now() + timedelta(hours=3)):
        open_own_keys()
        catch_up()
        verdict = verify_log(kept=[before])
    waits.refresh_from_db()
    newest = newest_checkpoint()
    assert waits.signature is None and newest is not None and newest.size == Head.objects.get().size > waits.size
    assert verdict.faults == []
    said = {note.kind: note.sentence for note in verdict.notes}
    assert said[NoteKind.UNSIGNED] == "有 1 个检查点写下时的密钥已经吊销，不再签名：后面的检查点盖到同样的记录。"


def test_a_key_that_is_held_signs_nothing_until_it_is_released(world: World) -> None:
    catch_up()
    with command():
        hold(actor=None, certificate=row_of(CHECKPOINTS), reason="核实中")
    acts(1)
    with pytest.raises(Unavailable):
        catch_up()
    assert open_own_keys() == 0
    with command():
        release(actor=None, certificate=row_of(CHECKPOINTS), reason="虚惊")
    catch_up()
    assert kept().checkpoint.size == Head.objects.get().size and verify_log().good


def test_a_tampered_signature_of_before_is_still_named(world: World) -> None:
    revoked(Why.SUPERSEDED)
    tamper("UPDATE audit_checkpoint SET root = %s", bytes(32))
    assert {fault.kind for fault in verify_log().faults} == {FaultKind.CHECKPOINT}
