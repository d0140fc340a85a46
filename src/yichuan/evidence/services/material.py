"""What a package proves by the log: entries with their proofs, receipts, and the checkpoint they lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from yichuan.audit.canonical import leaf_bytes
from yichuan.audit.models import Checkpoint, Entry, Leaf, Pending
from yichuan.audit.selectors_tree import newest_checkpoint, signed_text, text_of, tiles
from yichuan.audit.services.sequence import catch_up
from yichuan.audit.tree_edge import DamagedTree
from yichuan.common.errors import Refused, Unavailable
from yichuan.evidence.damaged import DamagedLog
from yichuan.evidence.selectors import batches, earlier_checkpoints
from yichuan.exchange.models import Delivery, Receipt
from yichuan.exchange.services.receipts import sign_receipt
from yichuan.keys.services.device import device
from yichuan.lib import merkle
from yichuan.lib.evidence import earlier_line, proof_line, receipt_line, write_lines
from yichuan.lib.evidence.log_reading import MOST_LINES

MOST_WAITING = 5_000
"""With more entries that wait, a page does not do the sequencer's work."""
Part = tuple[str, str, bytes]


class StillEntering(Unavailable):
    """Something of it is not under a signed checkpoint yet."""

    def __init__(self) -> None:
        super().__init__("still_entering", "刚发生的几项还在入账，请过一分钟再导出证据包。")


@dataclass(frozen=True)
class Material:
    """The parts from the log, and what they speak of: the entries in the log's order with their places (from 0)."""

    parts: list[Part]
    entries: list[Entry]
    places: list[int]
    receipts: list[Receipt]
    checkpoint: merkle.Checkpoint


def settle(deliveries: Sequence[Delivery]) -> None:
    """Sign what receipts still wait, and put everything committed under a signed checkpoint. Commands; asks the device.

    Raises Unavailable, DamagedLog.
    """
    for batch in batches(deliveries):
        for receipt in Receipt.objects.filter(delivery__in=batch, signature=None).select_related("delivery__dispatch"):
            sign_receipt(receipt)
    if Pending.objects.order_by("pk")[MOST_WAITING : MOST_WAITING + 1].exists():
        raise StillEntering
    try:
        catch_up()
    except DamagedTree as error:
        raise DamagedLog from error


def material(entries: Sequence[Entry], receipts: Sequence[Receipt], first: Entry | None) -> Material:
    """The parts about these entries and receipts, against the newest signed checkpoint; proofs of growth from those
    that were sent out, and from the one over the entry `first`.

    Raises StillEntering, DamagedLog, Refused `too_long`.
    """
    if max(len(entries), len(receipts)) > MOST_LINES:
        raise Refused("too_long", f"日志记录超过 {MOST_LINES} 项，一个证据包装不下。请由审计员在日志里查找、导出。")
    checkpoint = newest_checkpoint()
    if checkpoint is None:
        raise StillEntering
    placed = _placed(entries, checkpoint)
    try:
        proofs, earlier = _proofs(placed, checkpoint), _earlier(checkpoint, first)
    except (KeyError, ValueError) as error:
        raise DamagedLog from error
    parts = [
        ("entries.jsonl", "entries", write_lines(leaf_bytes(each) for _, each in placed)),
        ("proofs.jsonl", "proofs", write_lines(proofs)),
        ("receipts.jsonl", "receipts", write_lines(_receipt_lines(receipts))),
        ("consistency.jsonl", "consistency", write_lines(earlier)),
        ("checkpoint.txt", "checkpoint", signed_text(checkpoint).encode()),
    ]
    places = [index for index, _ in placed]
    return Material(parts, [each for _, each in placed], places, list(receipts), text_of(checkpoint))


def _proofs(placed: Sequence[tuple[int, Entry]], checkpoint: Checkpoint) -> list[bytes]:
    node, size = cache(tiles().node), checkpoint.size  # the proofs of one document share most of their nodes
    return [proof_line(str(each.uid), index, size, merkle.inclusion_proof(index, size, node)) for index, each in placed]


def _earlier(checkpoint: Checkpoint, first: Entry | None) -> list[bytes]:
    node, size = tiles().node, checkpoint.size
    return [
        earlier_line(each.size, bytes(each.root), merkle.consistency_proof(each.size, size, node))
        for each in earlier_checkpoints(checkpoint, first)
    ]


def _placed(entries: Sequence[Entry], checkpoint: Checkpoint) -> list[tuple[int, Entry]]:
    """The entries by their places in the tree."""
    of = {each.pk: each for each in entries}
    found = [
        (index, of[pk])
        for batch in batches(of)
        for pk, index in Leaf.objects.filter(entry_id__in=batch).values_list("entry_id", "index")
    ]
    if len(found) < len(of) or any(index >= checkpoint.size for index, _ in found):
        raise StillEntering
    return sorted(found, key=lambda each: each[0])


def _receipt_lines(receipts: Sequence[Receipt]) -> list[bytes]:
    labels = {receipt.delivery.box.receipt_label for receipt in receipts}
    keys = {label: device().public_key(label).der for label in labels}
    return [
        receipt_line(
            str(each.pk), bytes(each.payload), bytes(each.signature or b""), keys[each.delivery.box.receipt_label]
        )
        for each in receipts
    ]
