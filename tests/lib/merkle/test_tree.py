"""The log's tree against the definition of RFC 9162, written out naively."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yichuan.lib.gm.sm3 import sm3
from yichuan.lib.merkle import (
    EMPTY_ROOT,
    Edge,
    Tiles,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(0, 700)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def naive_root(digests: list[bytes]) -> bytes:
    if not digests:
        return sm3(b"")
    if len(digests) == 1:
        return digests[0]
    half = 1
    while half * 2 < len(digests):
        half *= 2
    return sm3(b"\x01" + naive_root(digests[:half]) + naive_root(digests[half:]))


def grown(size: int, *, at_once: int = 10_000) -> tuple[Edge, dict[tuple[int, int], bytes]]:
    edge, kept = Edge(), {}
    digests = leaves(size)
    for begin in range(0, size, at_once):
        kept |= edge.append(digests[begin : begin + at_once])
    return edge, kept


@cache
def large() -> tuple[Edge, Tiles]:
    edge, kept = grown(70_000)
    return edge, Tiles.of(kept)


def node(level: int, index: int) -> bytes:
    return large()[1].node(level, index)


ROOTS = {0: EMPTY_ROOT}


def root_of(size: int) -> bytes:
    if size not in ROOTS:
        ROOTS[size] = naive_root(leaves(size))
    return ROOTS[size]


@given(SIZES)
def test_the_root_is_the_one_of_the_definition_however_the_entries_came(size: int) -> None:
    assert grown(size)[0].root() == grown(size, at_once=7)[0].root() == root_of(size) == tree_root(size, node)


def test_a_tree_of_three_levels_of_tiles_has_the_root_of_the_definition() -> None:
    assert large()[0].root() == naive_root(leaves(70_000)) == tree_root(70_000, node)


@given(SIZES, SIZES)
def test_a_tree_goes_on_from_its_kept_last_tiles(size: int, more: int) -> None:
    edge, kept = grown(size)
    last = Edge(size, [kept.get(where, b"") for where in edge.where()])
    last.append(leaves(size + more)[size:])
    assert last.root() == root_of(size + more)


def test_last_tiles_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="last tiles"):
        Edge(3, [b"\x00" * 64])


@given(st.integers(1, 700).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_every_entry_is_proven_and_no_other_in_its_place(case: tuple[int, int]) -> None:
    size, index = case
    proof = inclusion_proof(index, size, node)
    leaf = leaf_hash(str(index).encode())
    assert verify_inclusion(leaf, index, size, proof, root_of(size))
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root_of(size))
    assert not verify_inclusion(leaf, index, size, [*proof, leaf], root_of(size))
    assert not verify_inclusion(leaf, index, size, proof[:-1], root_of(size)) or not proof
    for elsewhere in {0, size // 2, size - 1} - {index}:
        assert not verify_inclusion(leaf, elsewhere, size, proof, root_of(size))


@given(SIZES, SIZES)
def test_a_larger_log_goes_on_from_a_smaller_one_and_no_other_does(one: int, other: int) -> None:
    before, after = sorted((one, other))
    proof = consistency_proof(before, after, node)
    assert verify_consistency(before, after, root_of(before), root_of(after), proof)
    if before:
        assert not verify_consistency(before, after, leaf_hash(b"other"), root_of(after), proof)
        assert not verify_consistency(before, after, root_of(before), leaf_hash(b"other"), proof)
    assert not verify_consistency(before, after, root_of(before), root_of(after), [*proof, EMPTY_ROOT])


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=12), SIZES, SIZES)
def test_proofs_out_of_thin_air_prove_nothing(proof: list[bytes], one: int, other: int) -> None:
    before, after = sorted((one, other))
    if 0 < before < after:
        assert not verify_consistency(before, after, root_of(before), EMPTY_ROOT, proof)
    if after:
        assert not verify_inclusion(leaf_hash(b"0"), after - 1, after, proof, EMPTY_ROOT)


def test_what_lies_outside_of_the_tree_is_not_proven() -> None:
    with pytest.raises(ValueError, match="not among"):
        inclusion_proof(5, 5, node)
    with pytest.raises(ValueError, match="does not go on"):
        consistency_proof(6, 5, node)
    with pytest.raises(KeyError):
        node(0, 70_000)


def test_an_entry_never_hashes_like_a_node() -> None:
    left, right = leaves(2)
    assert leaf_hash(left + right) != naive_root([left, right])
