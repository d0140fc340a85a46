"""Putting committed entries into the tree, in the order of their numbers, and writing down what the tree then is.

An entry that the centre did not write (its mark is wrong) is put in like any other, so that it stays on record, and the
log says so at once. Entries without a mark were written while the key was not at hand; verification lists them.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from hmac import compare_digest

from django.conf import settings
from django.utils.module_loading import import_string

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.log_rows import Row, rows_waiting
from yichuan.audit.models import Head, Leaf, Pending, Tile
from yichuan.audit.services.note_faults import note_anew, note_faults
from yichuan.audit.services.outgrow_forged import outgrow_forged
from yichuan.audit.services.record import record
from yichuan.audit.services.write_checkpoints import checkpoint, locked_head, report_forged, sign_checkpoints
from yichuan.audit.tree_edge import DamagedTree, kept_edge
from yichuan.common.errors import Unavailable
from yichuan.common.rows import insert_rows
from yichuan.common.transactions import command
from yichuan.lib.gm.sm3 import hmac_sm3
from yichuan.lib.merkle import leaf_hash

AT_ONCE = 5_000
CHECKPOINT_EVERY = timedelta(seconds=30)
"""So often a checkpoint is written while entries come in; whoever needs one at once calls `catch_up`."""
MOST_OUTGROWN = 10
"""So many hundreds of forged checkpoints are got past at once; the sequencer's process goes on round by round."""
DAMAGED = "日志树的末端和登记的树根对不上，被改动过：新的记录暂时排不进日志，没有新的检查点；公文照常办理，记录都在。"


def sequence(limit: int = AT_ONCE) -> int:
    """Put up to `limit` waiting entries into the tree; how many they were. A command, done by one at a time.

    Raises DamagedTree.
    """
    if not any(rows_waiting(1)):
        return 0
    key_of_log: Callable[[], bytes | None] = import_string(settings.YICHUAN_LOG_KEY)
    key = key_of_log()  # may ask the device: before anything is locked
    with command():
        head = locked_head()
        rows = list(rows_waiting(limit))
        if rows:
            _append(head, rows)
            _report_foreign(rows, key)
    return len(rows)


def catch_up() -> None:
    """Until nothing waits and the newest checkpoint, over everything, is signed. Commands; raises Unavailable,
    DamagedTree."""
    for _ in range(MOST_OUTGROWN):
        while sequence():
            pass
        if not outgrow_forged():
            break
    checkpoint()
    sign_checkpoints()


def work_off() -> int:
    """One round of the sequencer's process: all that waits, a checkpoint when it is due, its signature."""
    taken = 0
    try:
        while put_in := sequence():
            taken += put_in
    except DamagedTree:
        note_anew([Fault(FaultKind.HEAD, DAMAGED)])
        raise
    if taken:
        report_forged()
        outgrow_forged()
    checkpoint(CHECKPOINT_EVERY)
    try:
        sign_checkpoints()
    except Unavailable as refusal:
        logging.getLogger("yichuan.sequencer").warning("checkpoints wait for their signature: %s", refusal.code)
    return taken


def _append(head: Head, rows: Sequence[Row]) -> None:
    edge, last = kept_edge(head)
    changed = edge.append(leaf_hash(row.leaf) for row in rows)
    for place in last.keys() & changed.keys():
        last[place].hashes = changed[place]
        last[place].save(update_fields=["hashes"])
    Tile.objects.bulk_create(
        Tile(level=level, number=number, hashes=hashes)
        for (level, number), hashes in changed.items()
        if (level, number) not in last
    )
    places_taken = [(index, row.entry) for index, row in enumerate(rows, start=head.size)]
    insert_rows(Leaf, same={}, each=["index", "entry_id"], rows=places_taken)
    Pending.objects.filter(pk__in=Leaf.objects.filter(index__gte=head.size).values("entry_id")).delete()
    head.size, head.root = edge.size, edge.root()
    head.save(update_fields=["size", "root"])


def _report_foreign(rows: Sequence[Row], key: bytes | None) -> None:
    faults = []
    for row in rows:
        if not row.readable:
            said = f"行号 {row.entry} 的记录读不出来：内容不成文字，不是本系统写入的。"
            faults.append(Fault(FaultKind.UNREADABLE, said, entry=row.entry))
        elif key is not None and row.mark is not None and not compare_digest(row.mark, hmac_sm3(key, row.marked)):
            said = "有一条记录不是本系统写入的，或者写入后、排入日志前被改动过。"
            faults.append(Fault(FaultKind.FOREIGN, said, entry=row.entry))
    for fault in faults:
        logging.getLogger("yichuan.sequencer").error("entry %s was not written by the centre", fault.entry)
        record(verb="audit.foreign_entry", actor=None, detail={"entry": fault.entry})
    if faults:
        note_faults(faults)
