"""Proofs: that an entry stands in a tree, and that one tree only goes on from another (RFC 9162, 2.1.3 and 2.1.4)."""

from collections.abc import Callable, Sequence

from .hashes import EMPTY_ROOT, node_hash

Node = Callable[[int, int], bytes]
"""Gives the digest of the complete node (level, number); `Tiles.node` is one."""


def tree_root(size: int, node: Node) -> bytes:
    """The root of the tree of the first `size` entries, from its complete nodes."""
    return _root(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """The digests, from the entry upward, that lead from entry `index` (from 0) to the root of `size` entries.

    Raises ValueError where the entry is outside of the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not among {size}")
    return _path(index, 0, size, node)


def consistency_proof(before: int, after: int, node: Node) -> list[bytes]:
    """The digests that show that the tree of `after` entries begins with the very `before` entries of the other.

    Empty where both are the same or the first has none. Raises ValueError where `before` is the larger.
    """
    if not 0 <= before <= after:
        raise ValueError(f"a log of {after} entries does not go on from one of {before}")
    return [] if before in (0, after) else _subproof(before, 0, after, node, whole=True)


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which a proof leads from an entry's digest; None where the proof has not the length it needs."""
    if not 0 <= index < size:
        return None
    at, last, digest = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            digest = node_hash(beside, digest)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            digest = node_hash(digest, beside)
        at, last = at >> 1, last >> 1
    return digest if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the entry with this digest is number `index` (from 0) under this root."""
    return root_from_inclusion(leaf, index, size, proof) == root


def verify_consistency(before: int, after: int, first: bytes, second: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the log with root `second` goes on from the log with root `first`."""
    if not 0 <= before <= after:
        return False
    if before == after:
        return not proof and first == second
    if before == 0:
        return not proof and first == EMPTY_ROOT
    path = [first, *proof] if before & (before - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = before - 1, after - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first and new == second


def _root(begin: int, end: int, node: Node) -> bytes:
    size = end - begin
    level = size.bit_length() - 1
    if size == 1 << level:
        return node(level, begin >> level)
    middle = begin + (1 << level)
    return node_hash(_root(begin, middle, node), _root(middle, end, node))


def _middle(begin: int, end: int) -> int:
    """Where the tree over these entries parts: after the largest power of two that is smaller than their number."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)


def _path(index: int, begin: int, end: int, node: Node) -> list[bytes]:
    if end - begin == 1:
        return []
    middle = _middle(begin, end)
    if index < middle:
        return [*_path(index, begin, middle, node), _root(middle, end, node)]
    return [*_path(index, middle, end, node), _root(begin, middle, node)]


def _subproof(before: int, begin: int, end: int, node: Node, *, whole: bool) -> list[bytes]:
    """`before` is where the smaller tree ends; `whole`: it is the very subtree that its holder has the root of."""
    if before == end:
        return [] if whole else [_root(begin, end, node)]
    middle = _middle(begin, end)
    if before <= middle:
        return [*_subproof(before, begin, middle, node, whole=whole), _root(middle, end, node)]
    return [*_subproof(before, middle, end, node, whole=False), _root(begin, middle, node)]
