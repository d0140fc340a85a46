"""Places of the tree whose entry is not what was put there: what happened to each."""

from collections.abc import Iterator
from dataclasses import dataclass

from yichuan.audit.faults import Fault, FaultKind, places
from yichuan.audit.models import Tile
from yichuan.lib.gm.sm3 import DIGEST_SIZE
from yichuan.lib.merkle import TILE

MOST = 1_000
"""So many are named; the rest is counted."""


@dataclass
class Suspect:
    """A place: its entry's row and digest, what is kept of it in the tree, and whether the centre's mark is right."""

    index: int
    entry: int | None
    digest: bytes | None
    held: bytes | None
    marked: bool


class Suspects:
    """All of them, in the order of their places."""

    def __init__(self) -> None:
        self._found: dict[int, Suspect] = {}
        self._more = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, suspect: Suspect) -> None:
        """One more."""
        if len(self._found) < MOST:
            self._found[suspect.index] = suspect
        else:
            self._more += 1

    def holds(self, index: int) -> bool:
        """Whether this place is among them."""
        return index in self._found

    def claim(self, digest: bytes) -> int | None:
        """The place without an entry where this digest is kept, which then is a suspect no more."""
        for suspect in self._found.values():
            if suspect.digest is None and suspect.held == digest:
                return self._found.pop(suspect.index).index
        return None

    def faults(self, proven: int) -> Iterator[Fault]:
        """What happened to each. Up to `proven` a signed checkpoint vouches for the entries as they are."""
        kept: list[Suspect] = []
        rest: list[Suspect] = []
        at_another = {each.held: each.index for each in self._found.values() if each.held is not None}
        for each in self._found.values():
            vouched = each.index < proven or (each.marked and each.digest not in at_another)
            (kept if each.digest is not None and vouched else rest).append(each)
        doubled = _where({each.digest for each in rest if each.digest} - at_another.keys())
        yield from _tiles([each.index for each in kept])
        for each in rest:
            yield self._named(each, at_another, doubled)
        if self._more:
            yield Fault(FaultKind.MORE, f"另有 {self._more} 条记录与日志的树不一致，没有逐条列出。")

    def _named(self, each: Suspect, at_another: dict[bytes, int], doubled: dict[bytes, int]) -> Fault:
        place = f"第 {each.index + 1} 条"
        if each.entry is None:
            return Fault(FaultKind.PLACE, f"{place}的位置登记被删除，找不到它原来的记录。", each.index)
        if each.digest is None:
            return Fault(FaultKind.MISSING, f"{place}记录被删除（行号 {each.entry}）。", each.index, each.entry)
        if (other := at_another.get(each.digest)) is not None:
            said = f"{place}的位置上是原来第 {other + 1} 条的记录：次序被调换（行号 {each.entry}）。"
            return Fault(FaultKind.REORDERED, said, each.index, each.entry)
        if (other := doubled.get(each.digest)) is not None:
            said = f"{place}的位置上重复了第 {other + 1} 条的记录（行号 {each.entry}），原来的记录不见了。"
            return Fault(FaultKind.DOUBLED, said, each.index, each.entry)
        return Fault(FaultKind.ALTERED, f"{place}记录的内容被改动（行号 {each.entry}）。", each.index, each.entry)


def _tiles(indexes: list[int]) -> Iterator[Fault]:
    """The kept digests of these places were altered, one fault a tile."""
    by_tile: dict[int, list[int]] = {}
    for index in indexes:
        by_tile.setdefault(index // TILE, []).append(index)
    for found in by_tile.values():
        said = f"日志树里{places(found)}的摘要被改动或删除，记录本身没有变。"
        yield Fault(FaultKind.TILE, said, found[0])


def _where(digests: set[bytes]) -> dict[bytes, int]:
    """At which place of the tree each of these digests is kept."""
    found: dict[bytes, int] = {}
    if digests:
        for number, hashes in Tile.objects.filter(level=0).order_by("number").values_list("number", "hashes"):
            for at in range(0, len(hashes), DIGEST_SIZE):
                digest = bytes(hashes[at : at + DIGEST_SIZE])
                if digest in digests:
                    found.setdefault(digest, number * TILE + at // DIGEST_SIZE)
    return found
