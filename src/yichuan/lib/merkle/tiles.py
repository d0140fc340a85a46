"""The tree in tiles: appending to its right edge, and reading any of its complete nodes back."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce

from yichuan.lib.gm.sm3 import DIGEST_SIZE

from .hashes import EMPTY_ROOT, fold, node_hash

HEIGHT = 8
TILE = 1 << HEIGHT
"""So many digests fill a tile."""


class Edge:
    """The right edge of a tree: the last tile of each level, all that appending needs.

    `tiles` are the digests of these tiles as they are kept, from the entries upward; a level whose last tile is full
    begins its next one empty. Raises ValueError where they do not belong to a tree of `size` entries.
    """

    def __init__(self, size: int = 0, tiles: Iterable[bytes] = ()) -> None:
        self.size = size
        self._levels = [_split(tile) for tile in tiles] or [[]]
        if [len(level) for level in self._levels] != edge_lengths(size):
            raise ValueError(f"these are not the last tiles of a tree of {size} entries")

    def append(self, leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
        """Add the digests of entries in their order. Returns every tile this changed: (level, number) → digests."""
        changed: dict[tuple[int, int], bytes] = {}
        for leaf in leaves:
            if len(leaf) != DIGEST_SIZE:
                raise ValueError("a leaf is a digest of 32 bytes")
            self._push(0, leaf, changed)
            self.size += 1
        for level, digests in enumerate(self._levels):
            if digests:
                changed[level, self.size >> HEIGHT * (level + 1)] = b"".join(digests)
        return changed

    def where(self) -> list[tuple[int, int]]:
        """Where these last tiles stand: (level, number), from the entries upward. An empty one was never written."""
        return edge_of(self.size)

    def root(self) -> bytes:
        """The root (32 bytes) of the whole tree as it stands."""
        peaks = [peak for level in reversed(self._levels) for peak in _peaks(level)]
        return reduce(lambda right, left: node_hash(left, right), reversed(peaks)) if peaks else EMPTY_ROOT

    def _push(self, level: int, digest: bytes, changed: dict[tuple[int, int], bytes]) -> None:
        if level == len(self._levels):
            self._levels.append([])
        tile = self._levels[level]
        tile.append(digest)
        if len(tile) == TILE:
            number = self.size >> HEIGHT * (level + 1)
            changed[level, number] = b"".join(tile)
            self._levels[level] = []
            self._push(level + 1, fold(tile), changed)


def edge_lengths(size: int) -> list[int]:
    """How many digests the last tile of each level holds in a tree of `size` entries, from the entries upward."""
    lengths = [size % TILE]
    while size := size >> HEIGHT:
        lengths.append(size % TILE)
    return lengths


def edge_of(size: int) -> list[tuple[int, int]]:
    """Where the last tiles of a tree of `size` entries stand: (level, number), from the entries upward."""
    return [(level, size >> HEIGHT * (level + 1)) for level in range(len(edge_lengths(size)))]


class Tiles:
    """The complete nodes of a kept tree, by level and number. `fetch` gives a tile's digests, or raises KeyError."""

    def __init__(self, fetch: Callable[[int, int], bytes]) -> None:
        self._fetch = fetch
        self._kept: dict[tuple[int, int], list[bytes]] = {}

    def node(self, level: int, number: int) -> bytes:
        """The digest of the complete node over entries `number << level` to `(number + 1 << level) - 1`.

        Raises KeyError where the tiles do not reach so far.
        """
        row, height = divmod(level, HEIGHT)
        first = number << height
        tile = self._tile(row, first >> HEIGHT)
        begin = first % TILE
        below = tile[begin : begin + (1 << height)]
        if len(below) < 1 << height:
            raise KeyError((level, number))
        return fold(below)

    def _tile(self, level: int, number: int) -> list[bytes]:
        if (level, number) not in self._kept:
            self._kept[level, number] = _split(self._fetch(level, number))
        return self._kept[level, number]

    @classmethod
    def of(cls, tiles: Mapping[tuple[int, int], bytes]) -> "Tiles":
        """Tiles that lie in memory."""
        return cls(lambda level, number: tiles[level, number])


def _split(tile: bytes) -> list[bytes]:
    if len(tile) % DIGEST_SIZE or len(tile) > TILE * DIGEST_SIZE:
        raise ValueError("a tile holds at most 256 digests of 32 bytes")
    return [tile[at : at + DIGEST_SIZE] for at in range(0, len(tile), DIGEST_SIZE)]


def _peaks(digests: list[bytes]) -> list[bytes]:
    """The roots of the complete subtrees that these digests of one level fall into, the largest first."""
    peaks, begin = [], 0
    for height in reversed(range(HEIGHT)):
        if len(digests) >> height & 1:
            peaks.append(fold(digests[begin : begin + (1 << height)]))
            begin += 1 << height
    return peaks
