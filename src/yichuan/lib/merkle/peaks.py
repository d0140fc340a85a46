"""A growing tree kept as the roots of its complete subtrees: the root at every size for a few digests each."""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce

from .hashes import EMPTY_ROOT, node_hash
from .tiles import HEIGHT


class Peaks:
    """A tree that is appended to and asked for its root again and again.

    `rows[n]` gathers the digests of the complete nodes over 256**n entries, which the tiles of level n hold.
    """

    def __init__(self) -> None:
        self.size = 0
        self.rows: dict[int, list[bytes]] = defaultdict(list)
        self._peaks: list[bytes] = []

    def append(self, leaves: Iterable[bytes]) -> None:
        """Add the digests of entries in their order."""
        for digest in leaves:
            places, level = self.size, 0
            while places & 1:
                digest = node_hash(self._peaks.pop(), digest)
                places, level = places >> 1, level + 1
                if level % HEIGHT == 0:
                    self.rows[level // HEIGHT].append(digest)
            self._peaks.append(digest)
            self.size += 1

    def root(self) -> bytes:
        """The root (32 bytes) as the tree stands."""
        return reduce(lambda right, left: node_hash(left, right), reversed(self._peaks)) if self._peaks else EMPTY_ROOT
