"""Receipts: written in the transaction of the act, signed with the box's receipt key right after it (R6, J-36).

With its signature a receipt enters the log: no row of it can be altered, removed or put in afterwards unseen.
"""

import json
import logging

from django.utils.timezone import localtime

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.outbox import publish
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.models import Delivery, Receipt
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device
from yichuan.lib.gm.sm3 import sm3
from yichuan.people.models import Account

ENTRY = "exchange.receipt"
"""The verb of a receipt's entry; its subject is the receipt."""


def write_receipt(delivery: Delivery, kind: Receipt.Kind, actor: Account, **particulars: str) -> Receipt:
    """Write the receipt of an act, still unsigned. A step.

    It names the addressee as it was called on the day of sending and, where another unit acts by now, that one too.
    """
    require_transaction()
    at = clock.now()
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
    return Receipt.objects.create(delivery=delivery, kind=kind, at=at, payload=data)


def sign_receipt(receipt: Receipt) -> bool:
    """Ask the device for the box's signature, keep it, enter it in the log, and tell the sender. A command.

    A device that does not answer leaves the receipt unsigned: the act stands, `settle_receipts` tries again.
    """
    label = receipt.delivery.box.receipt_label
    try:
        signature = device().sign(label, bytes(receipt.payload))
        key = device().public_key(label)
    except DeviceError:
        return False
    with command():
        if not Receipt.objects.filter(pk=receipt.pk, signature=None).update(signature=signature):
            return True
        detail = {"kind": receipt.kind, **digests(bytes(receipt.payload), signature), "key_sm3": sm3(key.der).hex()}
        record(verb=ENTRY, actor=None, unit_id=receipt.delivery.unit_id, subject=receipt, detail=detail)
        publish("receipt", [receipt.delivery.dispatch.unit_id], subject_id=receipt.delivery.dispatch_id)
    return True


def digests(payload: bytes, signature: bytes) -> dict[str, str]:
    """What the log keeps of a receipt: the SM3 digests of what was said and of its signature."""
    return {"payload_sm3": sm3(payload).hex(), "signature_sm3": sm3(signature).hex()}


def sign_soon(receipt: Receipt) -> None:
    """`sign_receipt` behind an act that stands already: nothing that goes wrong here may undo its answer."""
    try:
        sign_receipt(receipt)
    except Exception:
        logging.getLogger("yichuan.receipts").exception("receipt %s waits for the ticker", receipt.pk)


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
