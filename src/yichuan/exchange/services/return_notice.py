"""退文告知单: the paper of a return, made by the centre from the signed facts, for both sides (J-33).

Three parts: its number is given in the transaction of the return, so that none is left out; the paper is set, encrypted
and signed without a lock; the outcome is kept. What a process did not live to make, the reaper makes from the receipt.
"""

import json
import logging
from collections.abc import Iterator

from django.utils.timezone import localtime

from yichuan.common import clock, profile, sealed
from yichuan.common.errors import NotFound, Refused, Unavailable
from yichuan.common.outbox import publish
from yichuan.common.transactions import command, require_transaction
from yichuan.compose.services.keys import own_key, unwrap_from
from yichuan.exchange.models import Delivery, Receipt, ReturnNotice, ReturnSeries
from yichuan.exchange.return_paper import return_paper
from yichuan.exchange.services.check import check_delivery
from yichuan.keys.devices.base import DeviceError
from yichuan.keys.services.device import device
from yichuan.lib.gm.sm3 import sm3

NOT_CHECKED = "退回时校验服务没有应答"


def failed_checks(delivery: Delivery) -> str:
    """What did not pass when the receiver looked, for the receipt and the notice. File work, never under a lock."""
    try:
        panel = check_delivery(delivery, anew=True)
    except Unavailable:
        return NOT_CHECKED  # a device that is away keeps nobody from returning
    return "\n".join(f"{line.name}：{line.note}" for line in panel.lines if line.state == "bad")


def open_notice(delivery: Delivery) -> ReturnNotice:
    """Give the notice its number, 退〔2008〕3号: the next of the returning unit and year. A step, on the locked one."""
    require_transaction()
    at = clock.now()
    year = localtime(at, profile.current().zone).year
    ReturnSeries.objects.get_or_create(unit_id=delivery.unit_id, year=year)
    series = ReturnSeries.objects.select_for_update().get(unit_id=delivery.unit_id, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return ReturnNotice.objects.create(delivery=delivery, number=f"退〔{year}〕{series.last}号", at=at)


def make_notice(notice: ReturnNotice) -> bool:
    """Set, encrypt and sign one notice that has its number. A command; False where a device is away."""
    delivery = _delivery(notice)
    receipt = Receipt.objects.get(delivery=delivery, kind=Receipt.Kind.RETURNED)
    pdf = return_paper(notice, delivery, json.loads(bytes(receipt.payload)))
    try:
        key = _key(delivery)
        digest = sm3(pdf).hex()
        signature = device().sign(delivery.box.receipt_label, _signed(notice.number, digest))
    except (DeviceError, Unavailable):
        return False
    blob = sealed.write_bytes(key, _context(notice), pdf)
    with command():
        open_ones = ReturnNotice.objects.filter(pk=notice.pk, signature=None)
        if not open_ones.update(digest=digest, blob=blob, signature=signature):
            return True  # another process was first
        publish("receipt", [delivery.dispatch.unit_id], subject_id=delivery.dispatch_id)
    return True


def make_soon(notice: ReturnNotice) -> None:
    """`make_notice` behind a return that stands already: nothing that goes wrong here may undo its answer."""
    try:
        make_notice(notice)
    except Exception:
        logging.getLogger("yichuan.exchange").exception("return notice %s waits for the ticker", notice.pk)


def settle_notices(limit: int = 500) -> int:
    """Make the notices that a device or a process left unmade. For the ticker; returns how many were."""
    waiting = ReturnNotice.objects.filter(signature=None).order_by("at")[:limit]
    return sum(make_notice(notice) for notice in waiting)


def read_notice(notice: ReturnNotice) -> bytes:
    """The PDF. File work, never under a lock. Refused while it is not made yet."""
    if notice.signature is None:
        raise Unavailable("notice_waits", "退文告知单正在生成，请过一会儿再打开。")
    return sealed.read_bytes(_key(_delivery(notice)), _context(notice), notice.blob)


def verify_notice(notice: ReturnNotice) -> bool:
    """Whether the returning box's receipt key signed exactly this paper, as it rests now."""
    try:
        digest = sm3(read_notice(notice)).hex()
    except Refused:
        return False
    key = device().public_key(notice.delivery.box.receipt_label)
    return key.verify(bytes(notice.signature or b""), _signed(notice.number, digest))


def blob_names() -> Iterator[str]:
    """Every blob that notices refer to, for the sweeper."""
    return ReturnNotice.objects.exclude(blob="").values_list("blob", flat=True).iterator()


def _delivery(notice: ReturnNotice) -> Delivery:
    found = Delivery.objects.select_related("dispatch__document__box", "dispatch__sender", "dispatch__unit", "box")
    return found.select_related("unit", "addressee").get(pk=notice.delivery_id)


def _key(delivery: Delivery) -> bytes:
    """The document's key: by the receiver's wrap, or where that is broken (perhaps why it came back) the sender's."""
    try:
        return unwrap_from(delivery.box, delivery.dispatch.document, bytes(delivery.wrapped_key))
    except NotFound:
        return own_key(delivery.dispatch.document)


def _context(notice: ReturnNotice) -> str:
    return f"return-notice:{notice.pk}"


def _signed(number: str, digest: str) -> bytes:
    return f"退文告知单 {number} {digest}".encode()
