"""The digests of a tree (RFC 9162, 2.1.1): an entry and a node never hash alike, for a byte stands before each."""

from yichuan.lib.gm.sm3 import DIGEST_SIZE, sm3

EMPTY_ROOT = sm3(b"")
"""The root of a log without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """The digest (32 bytes) under which an entry stands in the tree."""
    return sm3(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """The digest (32 bytes) of the node above two others. Raises ValueError where they are no digests."""
    if len(left) != DIGEST_SIZE or len(right) != DIGEST_SIZE:
        raise ValueError("a node stands above two digests of 32 bytes")
    return sm3(b"\x01" + left + right)


def fold(digests: list[bytes]) -> bytes:
    """The root of a complete subtree over 1, 2, 4 … digests of one level."""
    while len(digests) > 1:
        digests = [node_hash(digests[at], digests[at + 1]) for at in range(0, len(digests), 2)]
    return digests[0]
