"""What verification of the log finds: each fault by its kind, the place it is at, and a sentence for the auditor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong. Places of the tree count from 1 in sentences, as on pages."""

    ALTERED = "altered"  # an entry is not what was put into the tree
    MISSING = "missing"  # an entry was deleted
    DOUBLED = "doubled"  # an entry stands there twice
    REORDERED = "reordered"  # an entry stands at another's place
    INSERTED = "inserted"  # an entry that neither stands in the tree nor waits for it
    FOREIGN = "foreign"  # an entry that the centre did not write: its mark is wrong
    UNREADABLE = "unreadable"  # an entry that holds no text where text belongs
    PLACE = "place"  # which entry stands at a place is not on record any more, or more than there should be
    TILE = "tile"  # kept digests of the tree were altered or deleted
    HEAD = "head"  # where the tree ends is not where its entries end
    CHECKPOINT = "checkpoint"  # a checkpoint was altered or deleted, or its signature is wrong
    REWRITTEN = "rewritten"  # the log is not the one that a signed checkpoint speaks of
    ROLLED_BACK = "rolled_back"  # the log ends before a checkpoint that was kept elsewhere
    NOT_OURS = "not_ours"  # a checkpoint given from outside is not of this centre's log
    WITNESS = "witness"  # another room's rows do not agree with the log
    MORE = "more"  # so many faults of one kind that the rest is counted only


class NoteKind(StrEnum):
    """What the auditor should know, though nothing contradicts the log."""

    UNMARKED = "unmarked"
    NO_KEY = "no_key"
    WAITING = "waiting"
    UNSIGNED = "unsigned"
    LEAKED_KEY = "leaked_key"
    CLOCK = "clock"


@dataclass(frozen=True)
class Fault:
    """`index` is the place in the tree (from 0) and `entry` the number of the row, where the fault has one."""

    kind: FaultKind
    sentence: str
    index: int | None = None
    entry: int | None = None


@dataclass(frozen=True)
class Note:
    """Something to know."""

    kind: NoteKind
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """What came of it: `size` entries were verified, up to the root (32 bytes) they lead to."""

    size: int
    root: bytes
    checkpoints: int
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing contradicts the log."""
        return not self.faults


def places(indexes: Sequence[int]) -> str:
    """「第 3 条」「第 3–9 条」: places that follow each other, from the first to the last."""
    first, last = indexes[0] + 1, indexes[-1] + 1
    return f"第 {first} 条" if first == last else f"第 {first}–{last} 条"
