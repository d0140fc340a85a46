"""The tiles of the tree as they are kept, held against those that its entries lead to."""

from collections.abc import Iterator

from django.db.models.functions import Length

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.models import Head, Tile
from yichuan.lib.gm.sm3 import DIGEST_SIZE
from yichuan.lib.merkle import TILE, Peaks


def kept_digests(begin: int, count: int) -> list[bytes | None]:
    """What is kept of the entries `begin` to `begin + count - 1`; None where nothing is. `begin` begins a tile."""
    first, last = begin // TILE, (begin + count - 1) // TILE
    found = dict(Tile.objects.filter(level=0, number__range=(first, last)).values_list("number", "hashes"))
    held: list[bytes | None] = []
    for number in range(first, last + 1):
        digests = _split(bytes(found.get(number, b"")))[:TILE]
        held += [*digests, *([None] * (TILE - len(digests)))]
    return held[:count]


def upper_tiles(head: Head, tree: Peaks, held: Peaks) -> Iterator[Fault]:
    """Tiles above the entries' own that hold what follows neither from the entries nor from their kept digests, and
    tiles of a larger tree than the head's."""
    wanted = {0: head.size} | {level: len(digests) for level, digests in tree.rows.items()}
    for level in sorted(set(wanted) - {0}):
        stored = dict(Tile.objects.filter(level=level).values_list("number", "hashes"))
        right, beside = tree.rows[level], held.rows[level]
        for number in range(-(-wanted[level] // TILE)):
            begin, end = number * TILE, min((number + 1) * TILE, wanted[level])
            digests = _split(bytes(stored.get(number, b"")))[: end - begin]
            if len(digests) < end - begin or any(
                digest not in pair for digest, *pair in zip(digests, right[begin:end], beside[begin:end], strict=True)
            ):
                below = TILE**level
                where = f"第 {level} 层第 {number + 1} 块（第 {begin * below + 1}–{end * below} 条）"
                yield Fault(FaultKind.TILE, f"日志树{where}被改动或删除，记录本身没有变。", begin * below)
    yield from _beyond(head, wanted)


def _beyond(head: Head, wanted: dict[int, int]) -> Iterator[Fault]:
    """Tiles that hold more than they should. Behind the end of the tree only where it did not grow meanwhile."""
    behind = False
    lengths = Tile.objects.annotate(length=Length("hashes")).values_list("level", "number", "length")
    for level, number, length in lengths.order_by("level", "number").iterator():
        places = max(0, min(TILE, wanted.get(level, 0) - number * TILE))
        if length <= places * DIGEST_SIZE:
            continue
        if places == TILE:
            said = f"日志树第 {level} 层第 {number + 1} 块后面多出了内容，不是本系统写入的，记录本身没有变。"
            yield Fault(FaultKind.TILE, said, number * TILE ** (level + 1))
        behind = behind or places < TILE
    if behind and (Head.objects.filter(pk=1, size=head.size).exists() or not head.size):
        yield Fault(FaultKind.TILE, f"日志树在第 {head.size} 条以后还有摘要，不是本系统写入的。", head.size)


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + DIGEST_SIZE] for at in range(0, len(hashes) - DIGEST_SIZE + 1, DIGEST_SIZE)]
