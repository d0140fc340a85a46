"""Rows that somebody wrote into the table of checkpoints, at sizes that the tree is about to reach: there is one
checkpoint of a size, so no other could be written there.

Nothing in that table is ever removed. The log says of each of them that it is forged, by an entry, and is by so much
larger: the next checkpoint stands behind them.
"""

from itertools import count, takewhile

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.models import Checkpoint, Head, Pending
from yichuan.audit.services.note_faults import note_anew
from yichuan.audit.services.record import entry, record_all
from yichuan.audit.services.write_checkpoints import LOOKED_AT, is_own, locked_head
from yichuan.common.transactions import command


def outgrow_forged() -> bool:
    """Name the rows that stand where the next checkpoints would, a hundred at most, and put them before the auditor;
    whether there were any. Commands.

    Where entries wait there is nothing to do yet: with them the tree may well stand elsewhere.
    """
    if not _in_the_way(Head.objects.filter(pk=1).first()):
        return False
    with command():
        forged = _in_the_way(locked_head())
        record_all(
            entry(verb="audit.forged_checkpoint", actor=None, detail={"number": row.number, "count": row.size})
            for row in forged
        )
    if forged:
        which = f"{forged[0].size}–{forged[-1].size}" if len(forged) > 1 else f"{forged[0].size}"
        said = f"有人把检查点预先写进了数据库，占着日志 {which} 条的位置。日志里已经逐个记下，新的检查点排在它们后面。"
        note_anew([Fault(FaultKind.CHECKPOINT, said)])
    return bool(forged)


def _in_the_way(head: Head | None) -> list[Checkpoint]:
    """Those at the tree's own size and at the next ones, without a gap."""
    if head is None or Pending.objects.exists():
        return []
    rows = Checkpoint.objects.filter(size__gte=head.size, size__lt=head.size + LOOKED_AT).order_by("size")
    following = zip(count(head.size), rows, strict=False)
    found = [row for _, row in takewhile(lambda each: each[0] == each[1].size, following)]
    return [] if found and is_own(found[0]) else found
