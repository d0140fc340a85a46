"""Putting committed entries into the tree, in the order of their numbers, and writing down what the tree then is.

An entry that the centre did not write (its mark is wrong) is put in like any other, so that it stays on record, and the
log says so at once. Entries without a mark were written while the key was not at hand; verification lists them.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest

from django.conf import settings
from django.db.models import Q, Subquery
from django.utils.module_loading import import_string

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.log_rows import Row, rows_waiting
from yichuan.audit.models import Checkpoint, Head, Leaf, Pending, Tile
from yichuan.audit.selectors_tree import text_of, tiles
from yichuan.audit.services.note_faults import note_faults
from yichuan.audit.services.record import record
from yichuan.audit.signing import signer
from yichuan.common import clock
from yichuan.common.errors import Unavailable
from yichuan.common.rows import insert_rows
from yichuan.common.transactions import command, require_transaction
from yichuan.lib.gm.sm3 import hmac_sm3
from yichuan.lib.merkle import EMPTY_ROOT, Edge, edge_of, leaf_hash, tree_root

AT_ONCE = 5_000
CHECKPOINT_EVERY = timedelta(seconds=30)
"""So often a checkpoint is written while entries come in; whoever needs one at once calls `catch_up`."""


class DamagedTree(Exception):
    """The tree's last tiles do not belong to its head: nothing is put on top of what was altered."""


def sequence(limit: int = AT_ONCE) -> int:
    """Put up to `limit` waiting entries into the tree; how many they were. A command, done by one at a time.

    Raises DamagedTree.
    """
    if not any(rows_waiting(1)):
        return 0
    key_of_log: Callable[[], bytes | None] = import_string(settings.YICHUAN_LOG_KEY)
    key = key_of_log()  # may ask the device: before anything is locked
    with command():
        head = _locked_head()
        rows = list(rows_waiting(limit))
        if rows:
            _append(head, rows)
            _report_foreign(rows, key)
    return len(rows)


def checkpoint(every: timedelta = timedelta(0)) -> bool:
    """Write down what the tree is, still unsigned, if it grew and the last time is `every` ago. A command.

    Its time never goes back: where the clock was set back, the last checkpoint's time stands again.
    """
    at = clock.now().replace(microsecond=0)
    if not _due(Head.objects.filter(pk=1).first(), _last(), at, every):
        return False
    with command():
        head, newest = _locked_head(), _last()
        if not _due(head, newest, at, every):
            return False
        head.checkpoints += 1
        head.save(update_fields=["checkpoints"])
        latest = max(at, newest.at) if newest else at
        Checkpoint.objects.create(number=head.checkpoints, size=head.size, root=bytes(head.root), at=latest)
    return True


def sign_checkpoints(limit: int = 100) -> int:
    """Ask the device for what is not signed yet, the newest first; how many were signed. A command.

    What the tree does not lead to, somebody else wrote: it stays unsigned, and verification names it.

    Raises Unavailable where the device does not answer: they wait for the next round.
    """
    signed, there = 0, Head.objects.filter(pk=1).values("size")
    for each in Checkpoint.objects.filter(signature=None, size__lte=Subquery(there)).order_by("-size")[:limit]:
        if not _leads_to(each):
            logging.getLogger("yichuan.sequencer").error("checkpoint %s is not of this tree: not signed", each.number)
            continue
        signature = signer().sign(text_of(each).text.encode())
        signed += Checkpoint.objects.filter(pk=each.pk, signature=None).update(signature=signature)
    return signed


def catch_up() -> None:
    """Until nothing waits and the newest checkpoint, over everything, is signed. Commands; raises Unavailable,
    DamagedTree."""
    while sequence():
        pass
    checkpoint()
    sign_checkpoints()


def work_off() -> int:
    """One round of the sequencer's process: all that waits, a checkpoint when it is due, its signature."""
    taken = 0
    while put_in := sequence():
        taken += put_in
    checkpoint(CHECKPOINT_EVERY)
    try:
        sign_checkpoints()
    except Unavailable as refusal:
        logging.getLogger("yichuan.sequencer").warning("checkpoints wait for their signature: %s", refusal.code)
    return taken


def _leads_to(each: Checkpoint) -> bool:
    try:
        return tree_root(each.size, tiles().node) == bytes(each.root)
    except (KeyError, ValueError):
        return False


def _locked_head() -> Head:
    """Where the tree stands; whoever else wants to append waits until the transaction ends. A step."""
    require_transaction()
    Head.objects.get_or_create(pk=1, defaults={"root": EMPTY_ROOT})
    return Head.objects.select_for_update().get(pk=1)


def _last() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def _due(head: Head | None, newest: Checkpoint | None, at: datetime, every: timedelta) -> bool:
    """Whether the tree grew since the newest checkpoint, and that one is old enough, or of a time yet to come."""
    if head is None or head.size == (newest.size if newest else 0):
        return False
    return newest is None or not newest.at <= at < newest.at + every


def _append(head: Head, rows: Sequence[Row]) -> None:
    places = edge_of(head.size)
    wanted = Q()
    for level, number in places:
        wanted |= Q(level=level, number=number)
    last = {(tile.level, tile.number): tile for tile in Tile.objects.filter(wanted)}
    try:
        edge = Edge(head.size, [bytes(last[place].hashes) if place in last else b"" for place in places])
    except ValueError as error:
        raise DamagedTree(str(error)) from error
    if edge.root() != bytes(head.root):
        raise DamagedTree("the last tiles do not lead to the root of the head")
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
    if key is None:
        return
    faults = []
    for row in rows:
        if row.mark is not None and not compare_digest(row.mark, hmac_sm3(key, row.marked)):
            logging.getLogger("yichuan.sequencer").error("entry %s was not written by the centre", row.entry)
            record(verb="audit.foreign_entry", actor=None, detail={"entry": row.entry})
            said = "有一条记录不是本系统写入的，或者写入后、排入日志前被改动过。"
            faults.append(Fault(FaultKind.FOREIGN, said, entry=row.entry))
    if faults:
        note_faults(faults)
