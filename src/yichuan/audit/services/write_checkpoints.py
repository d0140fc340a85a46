"""Writing down what the tree is and having it signed; what somebody else wrote among the checkpoints helps nobody."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from django.db.models import QuerySet

from yichuan.audit.faults import Fault, FaultKind
from yichuan.audit.models import Checkpoint, Head
from yichuan.audit.selectors_tree import newest_checkpoint, text_of, tiles
from yichuan.audit.services.note_faults import note_anew
from yichuan.audit.signing import key_of, signer
from yichuan.common import clock
from yichuan.common.transactions import command, require_transaction
from yichuan.lib.merkle import EMPTY_ROOT, SignedCheckpoint, tree_root

LOOKED_AT = 100
"""So many rows that are no checkpoints of the centre are looked at in one round, at most."""


def checkpoint(every: timedelta = timedelta(0)) -> bool:
    """Write down what the tree is, still unsigned, if it grew and the last time is `every` ago. A command.

    Its time never goes back: where the clock was set back, the last checkpoint's time stands again.
    """
    at = clock.now().replace(microsecond=0)
    if not _due(Head.objects.filter(pk=1).first(), at, every):
        return False
    with command():
        head = locked_head()
        if not _due(head, at, every):
            return False
        newest, taken = _last(head), Checkpoint.objects.filter(number__gt=head.checkpoints).values_list("number")
        numbers = {number for (number,) in taken[:LOOKED_AT]}
        head.checkpoints = next(number for number in count(head.checkpoints + 1) if number not in numbers)
        head.save(update_fields=["checkpoints"])
        latest = max(at, newest.at) if newest else at
        Checkpoint.objects.create(number=head.checkpoints, size=head.size, root=bytes(head.root), at=latest)
    return True


def sign_checkpoints(limit: int = LOOKED_AT) -> int:
    """Ask the device for what is not signed yet, the newest first; how many were signed. A command.

    What the tree does not lead to, or what is of a time to come, somebody else wrote: it stays unsigned, and
    verification names it. So does what was written before the key was made, under one that was revoked before it could
    sign: a signature by the next key would be good for nobody, and a later checkpoint covers the same entries.

    Raises Unavailable where the device does not answer: they wait for the next round.
    """
    head = Head.objects.filter(pk=1).first() if Checkpoint.objects.filter(signature=None).exists() else None
    if head is None:
        return 0
    signed, waiting, since = 0, _unsigned(head, newest_checkpoint()), signer().since()
    if since is not None:
        waiting = waiting.filter(at__gte=since)
    for each in waiting[:limit]:
        if not _leads_to(each):
            logging.getLogger("yichuan.sequencer").error("checkpoint %s is not of this tree: not signed", each.number)
            continue
        signature = signer().sign(text_of(each).text.encode())
        signed += Checkpoint.objects.filter(pk=each.pk, signature=None).update(signature=signature)
    return signed


def report_forged() -> None:
    """Put before the auditor what stands in the table as newer than the centre's own newest, with a signature that is
    not the centre's. A command where there is such a thing."""
    newest = newest_checkpoint()
    behind = Checkpoint.objects.filter(signature__isnull=False, size__gt=newest.size if newest else 0)
    forged = [
        Fault(
            FaultKind.CHECKPOINT,
            f"第 {row.number} 号检查点（{row.size} 条）没有本中心的有效签名，是别人写进数据库的，排在最新的位置。"
            "打印、证据包和审计存储用的仍是本中心签名的最新一个。",
        )
        for row in behind.order_by("size")[:LOOKED_AT]
    ]
    note_anew(forged)


def is_own(row: Checkpoint) -> bool:
    """Whether the centre wrote it: the tree leads to it, and it waits for its signature or bears that of a key of the
    centre, even of one that is held or was revoked since."""
    if not _leads_to(row):
        return False
    if row.signature is None:
        return True
    ours = signer().keys()
    signed = SignedCheckpoint(text_of(row), bytes(row.signature))
    return key_of(signed, [replace(each, until=None) for each in ours]) is not None


def locked_head() -> Head:
    """Where the tree stands; whoever else wants to append waits until the transaction ends. A step."""
    require_transaction()
    Head.objects.get_or_create(pk=1, defaults={"root": EMPTY_ROOT})
    return Head.objects.select_for_update().get(pk=1)


def _due(head: Head | None, at: datetime, every: timedelta) -> bool:
    """Whether the tree grew since the newest checkpoint, and that one is old enough, or of a time yet to come."""
    if head is None or not head.size or Checkpoint.objects.filter(size=head.size).exists():
        return False
    newest = _last(head)
    return newest is None or not newest.at <= at < newest.at + every


def _last(head: Head) -> Checkpoint | None:
    """The newest of the centre's own, signed or not yet."""
    newest = newest_checkpoint()
    behind = _unsigned(head, newest).filter(size__gt=newest.size if newest else 0)
    return next((row for row in behind[:LOOKED_AT] if _leads_to(row)), newest)


def _unsigned(head: Head, newest: Checkpoint | None) -> QuerySet[Checkpoint]:
    """What may wait for its signature, the newest first: not of a larger tree, nor of a time that the centre's clock
    never showed."""
    latest = max(clock.now(), newest.at) if newest else clock.now()
    return Checkpoint.objects.filter(signature=None, size__lte=head.size, at__lte=latest).order_by("-size")


def _leads_to(each: Checkpoint) -> bool:
    try:
        return tree_root(each.size, tiles().node) == bytes(each.root)
    except (KeyError, ValueError):
        return False
