"""A Merkle log over SM3: what was appended in which order, provable with a few digests (RFC 9162 with SM3).

The tree is kept in tiles of 256 digests: tile `(0, n)` holds the digests of entries 256n to 256n+255, tile `(1, n)` the
roots of the tiles `(0, 256n)` to `(0, 256n+255)`, and so on. Only the last tile of a level is ever written again.
"""

from .checkpoint import Checkpoint, CheckpointError, SignedCheckpoint, read_checkpoint
from .hashes import EMPTY_ROOT, leaf_hash, node_hash
from .peaks import Peaks
from .proofs import (
    consistency_proof,
    inclusion_proof,
    root_from_inclusion,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from .tiles import TILE, Edge, Tiles, edge_of

__all__ = [
    "EMPTY_ROOT",
    "TILE",
    "Checkpoint",
    "CheckpointError",
    "Edge",
    "Peaks",
    "SignedCheckpoint",
    "Tiles",
    "consistency_proof",
    "edge_of",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "read_checkpoint",
    "root_from_inclusion",
    "tree_root",
    "verify_consistency",
    "verify_inclusion",
]
