"""Receipts: written in the transaction of the act, signed with the box's receipt key right after it (R6, J-36).

With its signature a receipt enters the log: no row of it can be altered, removed or put in afterwards unseen.
"""

import json
import logging
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.timezone import localtime

from yichuan.audit.services.record import entry, record_all
from yichuan.common import clock
from yichuan.common.outbox import publish_all
from yichuan.common.rows import fill_rows, insert_rows
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, Receipt
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device
from yichuan.lib.gm.sm3 import sm3
from yichuan.people.models import Account

ENTRY = "exchange.receipt"
"""The verb of a receipt's entry; its subject is the receipt."""


def receipt_of(delivery: Delivery, kind: Receipt.Kind, actor: Account, at: datetime, **particulars: str) -> Receipt:
    """The receipt of an act, neither stored nor signed yet.

    It names the addressee as it was called on the day of sending and, where another unit acts by now, that one too.
    """
    dispatch = delivery.dispatch
    addressed = delivery.addressee.name + delivery.addressee_office
    acting = delivery.unit.name
    payload = {
        "receipt": kind.value,
        "delivery": str(delivery.pk),
        "dispatch": str(dispatch.pk),
        "number": dispatch.document.number,
        "digest_sm3": dispatch.document.body_digest,
        "unit": addressed,
        **({"acting_unit": acting} if delivery.addressee.name != acting else {}),
        "by": actor.name,
        "at": localtime(at).isoformat(timespec="seconds"),
        **particulars,
    }
    data = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Receipt(delivery=delivery, kind=kind, at=at, payload=data)


def write_receipt(delivery: Delivery, kind: Receipt.Kind, actor: Account, **particulars: str) -> Receipt:
    """Store the receipt of an act, still unsigned. A step."""
    receipt = receipt_of(delivery, kind, actor, clock.now(), **particulars)
    write_receipts([receipt])
    return receipt


def write_receipts(receipts: Sequence[Receipt]) -> None:
    """Store the receipts of several acts. A step."""
    columns = ["id", "delivery_id", "kind", "at", "payload"]
    rows = [[getattr(each, column) for column in columns] for each in receipts]
    insert_rows(Receipt, same={"signature": None}, each=columns, rows=rows)


def sign_receipt(receipt: Receipt) -> bool:
    """`sign_receipts` for one: whether the device answered."""
    return sign_receipts([receipt]) == 1


def sign_receipts(receipts: Iterable[Receipt]) -> int:
    """Ask the device for the boxes' signatures, keep them, enter them in the log, tell the senders. A command.

    How many the device signed. One for which it does not answer is left unsigned: the act stands, `settle_receipts`
    tries again. Each of several at once is this process's alone to sign, being of acts that it has just done.
    """
    signed: dict[uuid.UUID, tuple[Receipt, bytes]] = {}
    keys: dict[str, str] = {}
    for receipt in receipts:
        label = receipt.delivery.box.receipt_label
        try:
            signed[receipt.pk] = receipt, device().sign(label, bytes(receipt.payload))
            keys[label] = keys.get(label) or sm3(device().public_key(label).der).hex()
        except DeviceError:
            signed.pop(receipt.pk, None)
    if signed:
        with command():
            mine = _keep(signed, keys)
        for pk in mine:  # it is in the log now
            receipt, receipt.signature = signed[pk]
    return len(signed)


def _keep(signed: dict[uuid.UUID, tuple[Receipt, bytes]], keys: dict[str, str]) -> set[uuid.UUID]:
    """Store and enter those that nobody else has signed meanwhile, and say which. A step."""
    mine = fill_rows(Receipt, column="signature", values={pk: signature for pk, (_, signature) in signed.items()})
    entries, told = [], set()
    for pk, (receipt, signature) in signed.items():
        if pk in mine:
            delivery = receipt.delivery
            detail = {
                "kind": receipt.kind,
                **digests(bytes(receipt.payload), signature),
                "key_sm3": keys[delivery.box.receipt_label],
            }
            entries.append(entry(verb=ENTRY, actor=None, unit_id=delivery.unit_id, subject=receipt, detail=detail))
            told.add(("receipt", delivery.dispatch.unit_id, delivery.dispatch_id))
    record_all(entries)
    publish_all(told)
    return mine


def digests(payload: bytes, signature: bytes) -> dict[str, str]:
    """What the log keeps of a receipt: the SM3 digests of what was said and of its signature."""
    return {"payload_sm3": sm3(payload).hex(), "signature_sm3": sm3(signature).hex()}


def sign_soon(receipts: Sequence[Receipt]) -> None:
    """`sign_receipts` behind acts that stand already: nothing that goes wrong here may undo their answer."""
    try:
        sign_receipts(receipts)
    except Exception:
        left = ", ".join(str(each.pk) for each in receipts)
        logging.getLogger("yichuan.receipts").exception("receipts wait for the ticker: %s", left)


def verify_receipt(receipt: Receipt) -> bool:
    """Whether the box's receipt key signed exactly this."""
    if receipt.signature is None:
        return False
    key = device().public_key(receipt.delivery.box.receipt_label)
    return key.verify(bytes(receipt.signature), bytes(receipt.payload))


def settle_receipts(limit: int = 5_000) -> int:
    """Sign receipts that were left unsigned by a device or a process that died. Returns how many were."""
    waiting = Receipt.objects.filter(signature=None).select_related("delivery__dispatch").order_by("at")[:limit]
    return sum(sign_receipt(receipt) for receipt in waiting)
