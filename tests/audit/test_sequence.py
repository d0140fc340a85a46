"""Putting entries into the tree: each once, in the order of their numbers, whoever does it at the same time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.at_once import at_once
from support.log import acts, entry_at, tamper
from support.world import World, broken_device
from yichuan.audit.canonical import leaf_bytes
from yichuan.audit.models import Checkpoint, Entry, Head, Leaf, Pending, Tile
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text
from yichuan.audit.services.sequence import CHECKPOINT_EVERY, catch_up, sequence, work_off
from yichuan.audit.services.write_checkpoints import checkpoint, sign_checkpoints
from yichuan.audit.signing import signer
from yichuan.audit.tree_edge import DamagedTree
from yichuan.common import clock
from yichuan.common.errors import Unavailable
from yichuan.lib.merkle import Edge, leaf_hash, read_checkpoint

NOON = datetime(2026, 6, 2, 4, 0, tzinfo=UTC)


def tree_of_entries() -> Edge:
    """The tree of all entries, made anew from nothing."""
    edge = Edge()
    edge.append(leaf_hash(leaf_bytes(leaf.entry)) for leaf in Leaf.objects.select_related("entry").order_by("index"))
    return edge


def whole() -> bool:
    """Every entry stands at one place, nothing waits, and the head is what the entries lead to."""
    head, edge = Head.objects.get(), tree_of_entries()
    indexes = list(Leaf.objects.order_by("index").values_list("index", flat=True))
    return (
        indexes == list(range(Entry.objects.count()))
        and not Pending.objects.exists()
        and (head.size, bytes(head.root)) == (edge.size, edge.root())
    )


def test_what_waits_is_put_in_once_in_the_order_of_its_numbers(world: World) -> None:
    waiting = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    assert Pending.objects.count() == len(waiting) > 20
    assert sequence(limit=7) == 7
    assert Leaf.objects.count() == 7
    assert sequence() == len(waiting) - 7
    assert sequence() == 0
    assert list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)) == waiting
    assert whole()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 400)), max_size=4))
def test_whatever_the_batches_the_tree_is_that_of_the_entries(world: World, batches: list[tuple[int, int]]) -> None:
    for written, taken in batches:
        acts(written)
        sequence(limit=taken)
    while sequence():
        pass
    assert whole()
    kept = {(tile.level, tile.number): bytes(tile.hashes) for tile in Tile.objects.all()}
    leaves = [leaf_hash(leaf_bytes(leaf.entry)) for leaf in Leaf.objects.select_related("entry").order_by("index")]
    assert kept == Edge().append(leaves)


def test_several_at_the_same_time_put_in_each_entry_once(committed_world: World) -> None:
    acts(400)

    def work(number: int) -> None:
        if number == 0:
            acts(50)
        while sequence(limit=30):
            pass

    assert at_once(work, 4) == []
    while sequence():
        pass
    assert whole()


def test_a_checkpoint_says_what_the_tree_is_and_is_signed(world: World) -> None:
    with clock.fixed_at(NOON):
        catch_up()
    kept = Checkpoint.objects.get()
    assert (kept.number, kept.size, kept.at) == (1, Entry.objects.count(), NOON)
    assert bytes(kept.root) == tree_of_entries().root()
    assert newest_checkpoint() == kept
    told = read_checkpoint(signed_text(kept))
    assert signer().keys()[0].signed(told)
    assert told.checkpoint.log.startswith("江门市电子公文交换中心 ")
    assert told.checkpoint.at.isoformat() == "2026-06-02T12:00:00+08:00"


def test_no_checkpoint_without_a_new_entry_nor_before_it_is_due(world: World) -> None:
    with clock.fixed_at(NOON):
        work_off()
        assert not checkpoint()
        acts(1)
        work_off()
        assert Checkpoint.objects.count() == 1
    with clock.fixed_at(NOON + CHECKPOINT_EVERY):
        work_off()
        work_off()
    assert list(Checkpoint.objects.order_by("size").values_list("number", flat=True)) == [1, 2]
    assert not Checkpoint.objects.filter(signature=None).exists()


def test_a_clock_that_is_set_back_does_not_set_back_the_checkpoints(world: World) -> None:
    with clock.fixed_at(NOON):
        catch_up()
    acts(1)
    with clock.fixed_at(NOON - timedelta(hours=3)):
        work_off()
    assert list(Checkpoint.objects.order_by("size").values_list("at", flat=True)) == [NOON, NOON]


def test_a_device_that_does_not_answer_delays_the_signature_alone(world: World) -> None:
    with broken_device("sign"):
        work_off()
        with pytest.raises(Unavailable):
            sign_checkpoints()
    assert whole()
    assert Checkpoint.objects.get().signature is None
    work_off()
    assert Checkpoint.objects.get().signature is not None


def test_an_entry_that_the_centre_did_not_write_is_put_on_record_and_named(world: World) -> None:
    catch_up()
    forged = acts(1)[0]
    tamper("UPDATE audit_entry SET actor_name = '王五' WHERE id = %s", forged.pk)
    catch_up()
    told = Entry.objects.get(verb="audit.foreign_entry")
    assert told.detail == {"entry": forged.pk}
    assert Leaf.objects.filter(entry_id=forged.pk).exists() and whole()


def test_nothing_is_put_on_top_of_a_tree_that_was_altered(world: World) -> None:
    catch_up()
    last = Tile.objects.filter(level=0).latest("number")
    last.hashes = bytes(32) + bytes(last.hashes)[32:]
    acts(1)
    tamper("DELETE FROM audit_tile WHERE level = 0")
    before = Head.objects.get()
    with pytest.raises(DamagedTree):
        sequence()
    Tile.objects.bulk_create([last])
    with pytest.raises(DamagedTree):
        sequence()
    assert Head.objects.get().size == before.size and Pending.objects.count() == 1


def test_an_entry_that_vanished_while_it_waited_stops_nobody(world: World) -> None:
    catch_up()
    gone, stays = acts(2)
    tamper("DELETE FROM audit_entry WHERE id = %s", gone.pk)
    catch_up()
    assert entry_at(Head.objects.get().size - 1) == stays
    assert list(Pending.objects.values_list("pk", flat=True)) == [gone.pk]


def test_an_empty_log_has_no_checkpoint(db: None) -> None:
    assert sequence() == 0 and not checkpoint()
    assert not Head.objects.exists() and not Checkpoint.objects.exists()
