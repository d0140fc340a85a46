"""Proofs out of the kept tree: that an entry stands under a signed checkpoint, and that the log only went on."""

import pytest

from support.log import acts, entry_at
from support.world import World
from yichuan.audit.canonical import leaf_bytes
from yichuan.audit.models import Checkpoint
from yichuan.audit.selectors_tree import (
    NotYet,
    checkpoint_covering,
    consistency,
    newest_checkpoint,
    proof_of,
    signed_text,
)
from yichuan.audit.services.sequence import catch_up, sequence
from yichuan.lib.merkle import leaf_hash, verify_consistency, verify_inclusion


@pytest.fixture
def log(world: World) -> World:
    """Two checkpoints over more than two tiles."""
    acts(300)
    catch_up()
    acts(400)
    catch_up()
    return world


@pytest.mark.parametrize("index", [0, 255, 256, 511, 700])
def test_an_entry_is_proved_against_the_newest_checkpoint(log: World, index: int) -> None:
    entry = entry_at(index)
    proof = proof_of(entry)
    newest = newest_checkpoint()
    assert newest is not None and (proof.index, proof.size, proof.checkpoint) == (index, newest.size, newest)
    digest, root = leaf_hash(leaf_bytes(entry)), bytes(newest.root)
    assert verify_inclusion(digest, index, proof.size, proof.hashes, root)
    assert not verify_inclusion(digest, index + 1, proof.size, proof.hashes, root)


def test_an_entry_is_proved_while_the_tree_grows_past_the_checkpoint(log: World) -> None:
    acts(500)
    sequence()
    entry, newest = entry_at(300), newest_checkpoint()
    proof = proof_of(entry)
    assert newest is not None
    assert verify_inclusion(leaf_hash(leaf_bytes(entry)), 300, newest.size, proof.hashes, bytes(newest.root))


def test_what_is_not_under_a_signed_checkpoint_is_not_proved_yet(log: World) -> None:
    waiting = acts(1)[0]
    with pytest.raises(NotYet):
        proof_of(waiting)
    sequence()
    with pytest.raises(NotYet):
        proof_of(waiting)
    assert checkpoint_covering(waiting) is None
    catch_up()
    assert checkpoint_covering(waiting) == proof_of(waiting).checkpoint


def test_the_first_checkpoint_over_an_entry(log: World) -> None:
    first, second = Checkpoint.objects.order_by("size")
    assert checkpoint_covering(entry_at(first.size - 1)) == first
    assert checkpoint_covering(entry_at(first.size)) == second


def test_one_checkpoint_goes_on_from_the_other(log: World) -> None:
    first, second = Checkpoint.objects.order_by("size")
    proof = consistency(first.size, second.size)
    assert verify_consistency(first.size, second.size, bytes(first.root), bytes(second.root), proof)
    assert not verify_consistency(first.size, second.size, bytes(32), bytes(second.root), proof)
    with pytest.raises(KeyError):
        consistency(first.size, 10**6)


def test_a_checkpoint_that_is_not_signed_has_no_text_to_keep(log: World) -> None:
    with pytest.raises(NotYet):
        signed_text(Checkpoint(number=3, size=1, root=bytes(32)))
