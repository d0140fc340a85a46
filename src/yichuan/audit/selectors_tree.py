"""Reading the tree: proofs of entries and of growth, and the signed checkpoints they lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from itertools import chain

from django.db import connection
from django.db.models import QuerySet

from yichuan.audit.models import Checkpoint, Entry, Leaf, Tile
from yichuan.audit.signing import key_of, signer
from yichuan.common.errors import Unavailable
from yichuan.common.prepared import Prepared
from yichuan.lib import merkle

BEIJING = timezone(timedelta(hours=8))
"""The offset in which checkpoints write their time, whatever the centre's settings say later: it is signed."""

MOST_AT_ONCE = 1_000


class NotYet(Unavailable):
    """The entry is not under a signed checkpoint yet. It will be within a minute; `catch_up` does it at once."""


@dataclass(frozen=True)
class Proof:
    """That an entry is number `index` (from 0) of the log of `size` entries, which `checkpoint` signs."""

    index: int
    size: int
    hashes: list[bytes]
    checkpoint: Checkpoint


def newest_checkpoint() -> Checkpoint | None:
    """The newest that the centre signed: what somebody else wrote into the table is passed over, however new."""
    return next(iter(only_signed(_newest())), None) or first_signed(Checkpoint.objects.order_by("-size"))


_newest = Prepared(lambda: Checkpoint.objects.filter(signature__isnull=False).order_by("-size")[:1])


def first_signed(rows: QuerySet[Checkpoint]) -> Checkpoint | None:
    """The first of these rows, in their order, that the centre signed: nearly always the very first."""
    at, many, found = 0, 1, rows.filter(signature__isnull=False)
    while looked_at := list(found[at : at + many]):
        if signed := only_signed(looked_at):
            return signed[0]
        at, many = at + many, min(2 * many, MOST_AT_ONCE)
    return None


def only_signed(rows: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Those that a key of this centre, which was good at their time, signed letter by letter."""
    if not rows:
        return []
    log, keys = signer().log_name(), signer().keys()
    return [
        row
        for row in rows
        if row.signature is not None
        and key_of(merkle.SignedCheckpoint(_text(row, log), bytes(row.signature)), keys) is not None
    ]


def text_of(checkpoint: Checkpoint) -> merkle.Checkpoint:
    """The checkpoint as it is signed. Raises Unavailable where no centre is opened."""
    return _text(checkpoint, signer().log_name())


def signed_text(checkpoint: Checkpoint) -> str:
    """The signed checkpoint as a text that can be kept anywhere. Raises NotYet where it is not signed."""
    if checkpoint.signature is None:
        raise _not_yet()
    return text_of(checkpoint).signed(bytes(checkpoint.signature))


def proof_of(entry: Entry) -> Proof:
    """The entry's proof against the newest signed checkpoint. Raises NotYet."""
    checkpoint = newest_checkpoint()
    index = next(iter(Leaf.objects.filter(entry=entry).values_list("index", flat=True)), None)
    if checkpoint is None or index is None or index >= checkpoint.size:
        raise _not_yet()
    hashes = merkle.inclusion_proof(index, checkpoint.size, _tiles_above(index, checkpoint.size).node)
    return Proof(index, checkpoint.size, hashes, checkpoint)


def checkpoint_covering(entry: Entry) -> Checkpoint | None:
    """The first signed checkpoint over the entry."""
    leaf = Leaf.objects.filter(entry=entry).first()
    if leaf is None:
        return None
    return first_signed(Checkpoint.objects.filter(size__gt=leaf.index).order_by("size"))


def consistency(before: int, after: int) -> list[bytes]:
    """The digests that show that the log of `after` entries goes on from that of `before`. Raises ValueError where
    `before` is the larger, KeyError where the tree has not so many."""
    return merkle.consistency_proof(before, after, tiles().node)


def tiles() -> merkle.Tiles:
    """The tree as it is kept; every tile is read once."""
    return merkle.Tiles(_fetch)


def _text(checkpoint: Checkpoint, log: str) -> merkle.Checkpoint:
    return merkle.Checkpoint(log, checkpoint.size, bytes(checkpoint.root), checkpoint.at.astimezone(BEIJING))


def _tiles_above(index: int, size: int) -> merkle.Tiles:
    """The same with the tiles between an entry and the root read in one query."""
    edge = merkle.edge_of(size)
    wanted = {*edge, *((level, index // merkle.TILE ** (level + 1)) for level, _ in edge)}
    places = ", ".join(["(%s, %s)"] * len(wanted))
    sql = f"SELECT level, number, hashes FROM audit_tile WHERE (level, number) IN (VALUES {places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, list(chain.from_iterable(wanted)))
        found = {(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}
    return merkle.Tiles(lambda level, number: found.get((level, number)) or _fetch(level, number))


def _fetch(level: int, number: int) -> bytes:
    found = Tile.objects.filter(level=level, number=number).values_list("hashes", flat=True).first()
    if found is None:
        raise KeyError((level, number))
    return bytes(found)


def _not_yet() -> NotYet:
    return NotYet("not_yet", "这条记录刚刚写入，还没有检查点盖到它。请过一分钟再试。")
