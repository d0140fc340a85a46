"""Printing originals (R4, J-34): with the verification seal, numbered, within the allowance, each copy traceable.

Intent, device, outcome: copy numbers are reserved under a lock, the seal signs and the file is made without one, and
only a file that was made counts. What the process did not live to count is given back by the reaper, because no byte of
it left.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, Refused
from yichuan.common.outbox import publish
from yichuan.common.transactions import command
from yichuan.exchange.chain import numbers_taken
from yichuan.exchange.models import Delivery, PrintedCopy, Receipt
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.check import Panel, require_sound
from yichuan.exchange.services.locking import locked, visible
from yichuan.exchange.services.print_files import original_files
from yichuan.exchange.services.print_word import say, sign_word
from yichuan.exchange.services.receipts import sign_soon
from yichuan.exchange.services.receiving import mark_received
from yichuan.exchange.states import DELIVERY
from yichuan.people.models import Account
from yichuan.seals.models import VerificationSeal
from yichuan.seals.selectors_verification import seal_to_print_with
from yichuan.seals.services.open_verification import open_verification, require_verification

RESERVED_AT_MOST = timedelta(minutes=5)
AGAIN_AT_MOST = timedelta(minutes=10)


@dataclass(frozen=True)
class PrintFile:
    """A PDF with the numbered copies one after the other, ready for the printer."""

    pdf: bytes
    number: str
    numbers: tuple[int, ...]


def print_original(
    *,
    actor: Account,
    delivery_id: uuid.UUID,
    copies: int,
    request: uuid.UUID | None = None,
    password: str | None = None,
) -> PrintFile:
    """Make the print file of `copies` originals. A command in three parts.

    Only the holder of the unit's verification seal prints, and opens it with its own `password` each time (J-34): it
    checks the signing seal at that moment and signs which copies came of it. The same `request` again (a double click,
    a reloaded tab, an answer that was lost) makes the same numbers again and counts nothing, for ten minutes and on
    record. Refused as `require_verification`, `open_verification`, `require_sound`, and beyond the allowance.
    """
    delivery, kept, secret, panel = _opened(actor, delivery_id, copies, password)
    request = request or uuid.uuid4()
    repeated = _printed_under(request, actor, delivery)
    if repeated:
        pdf = original_files(delivery, repeated)
        _record_again(actor, delivery, repeated)
        return _print_file(delivery, repeated, pdf)
    reserved = _reserve(actor, delivery_id, copies, request)
    try:
        word = sign_word(say(delivery, reserved, panel, kept, actor, clock.now()), kept, secret)
        for copy in reserved:
            copy.verification, copy.verified = kept, word
        pdf = original_files(delivery, reserved)
        receipt = _issue(actor, delivery_id, reserved)
    except Exception:
        _give_back(reserved)
        raise
    if receipt is not None:
        sign_soon([receipt])
    return _print_file(delivery, reserved, pdf)


def require_printable(
    *, actor: Account, delivery_id: uuid.UUID, copies: int, request: uuid.UUID, password: str | None
) -> None:
    """Refuse now what `print_original` would refuse before it makes a file. Nothing is reserved, no copy is counted."""
    delivery, *_ = _opened(actor, delivery_id, copies, password)
    if not _printed_under(request, actor, delivery):
        _require_left(delivery, copies)


def _opened(
    actor: Account, delivery_id: uuid.UUID, copies: int, password: str | None
) -> tuple[Delivery, VerificationSeal, bytes, Panel]:
    """The delivery, the seal with the secret that its password opens, and what was checked."""
    delivery = visible(actor, delivery_id, ExchangePermission.PRINT)
    if copies < 1:
        raise Invalid({"copies": "份数应是 1 以上的整数。"})
    DELIVERY.find("print", delivery.state)
    kept = seal_ready(actor, delivery)
    if not password:
        raise Invalid({"password": "请输入验证印章密码。它是接管验证印章时设的，不是登录密码。"})
    secret = open_verification(kept, password)
    return delivery, kept, secret, require_sound(delivery)


def _require_left(delivery: Delivery, copies: int) -> None:
    left = delivery.allowance - delivery.printed
    if copies > left:
        raise Refused(
            "beyond_allowance",
            f"允许打印 {delivery.allowance} 份，剩余 {left} 份，不能再打印 {copies} 份。需要更多，请联系发文单位追加。",
            field="copies",
        )


def seal_ready(actor: Account, delivery: Delivery) -> VerificationSeal:
    """The verification seal with which this person prints: of the name that it was addressed to, where they hold
    several. Refused as `require_verification`; an office without it forwards to the registry (R9)."""
    kept = seal_to_print_with(actor, delivery.unit_id, delivery.addressee_id)
    instead = "" if delivery.office_id is None else "也可以转本单位收发室打印。"
    return require_verification(actor, kept, clock.now(), instead)


def _print_file(delivery: Delivery, copies: list[PrintedCopy], pdf: bytes) -> PrintFile:
    return PrintFile(pdf, delivery.dispatch.document.number or "", tuple(copy.number for copy in copies))


def _printed_under(request: uuid.UUID, actor: Account, delivery: Delivery) -> list[PrintedCopy]:
    """The copies that this request has issued already. Refused while it is still being worked on."""
    rows = PrintedCopy.objects.filter(request=request).exclude(state=PrintedCopy.State.FAILED)
    copies = list(rows.select_related("verification").order_by("number"))
    if any(copy.delivery_id != delivery.pk or copy.printed_by_id != actor.pk for copy in copies):
        raise Refused("request_reused", "这张打印单已经用过。请刷新页面，重新填写份数。")
    if any(copy.reserved_at < clock.now() - AGAIN_AT_MOST for copy in copies):
        raise Refused("request_over", "这张打印单已经过时。请刷新页面，重新填写份数。")
    if any(copy.state == PrintedCopy.State.RESERVED for copy in copies):
        raise Refused("printing", "打印文件正在生成，请稍等，不要重复打印。")
    return copies


def _record_again(actor: Account, delivery: Delivery, copies: list[PrintedCopy]) -> None:
    with command():
        detail = {"numbers": [copy.number for copy in copies], "allowance": delivery.allowance}
        record(verb="exchange.print_again", actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)


def _reserve(actor: Account, delivery_id: uuid.UUID, copies: int, request: uuid.UUID) -> list[PrintedCopy]:
    with command():
        delivery, _ = locked(actor, delivery_id, "print")
        if _printed_under(request, actor, delivery):
            raise Refused("printing", "打印文件正在生成，请稍等，不要重复打印。")
        _require_left(delivery, copies)
        Delivery.objects.filter(pk=delivery.pk).update(printed=F("printed") + copies)
        return PrintedCopy.objects.bulk_create(
            [
                PrintedCopy(
                    delivery=delivery,
                    unit_id=delivery.unit_id,
                    number=number,
                    request=request,
                    printed_by=actor,
                    reserved_at=clock.now(),
                    state=PrintedCopy.State.RESERVED,
                )
                for number in _free_numbers(delivery, copies)
            ]
        )


def _free_numbers(delivery: Delivery, count: int) -> list[int]:
    taken = numbers_taken(delivery)
    return [number for number in range(1, delivery.allowance + 1) if number not in taken][:count]


def _issue(actor: Account, delivery_id: uuid.UUID, reserved: list[PrintedCopy]) -> Receipt | None:
    """Count the copies. The first print, copy or reading is the receiving time (J-36)."""
    with command():
        delivery, transition = locked(actor, delivery_id, "print")
        kept, word = reserved[0].verification, reserved[0].verified
        seal_ready(actor, delivery)  # something may have befallen it meanwhile
        issued = PrintedCopy.objects.filter(
            pk__in=[copy.pk for copy in reserved], state=PrintedCopy.State.RESERVED
        ).update(state=PrintedCopy.State.ISSUED, issued_at=clock.now(), verification=kept, verified=word)
        if issued != len(reserved):
            raise Refused("print_interrupted", "这次打印已经中断，份数已退还。请重新打印。")
        receipt = mark_received(delivery, actor, "打印原件")
        detail = {
            "numbers": [copy.number for copy in reserved],
            "allowance": delivery.allowance,
            "verification": kept.seal.name if kept else "",
        }
        record(verb=transition.audit, actor=actor, unit_id=delivery.unit_id, subject=delivery, detail=detail)
        publish("printed", [delivery.dispatch.unit_id, delivery.unit_id], subject_id=delivery.pk)
        return receipt


def reap_copies() -> int:
    """Give back numbers whose process died before the file was counted. A command for each of them."""
    stale = PrintedCopy.objects.filter(state=PrintedCopy.State.RESERVED, reserved_at__lt=clock.now() - RESERVED_AT_MOST)
    return _give_back(list(stale))


def _give_back(reserved: list[PrintedCopy]) -> int:
    """Free the numbers that are still reserved; the delivery is locked first, as it is where copies are counted."""
    given = 0
    for copy in reserved:
        with command():
            delivery = Delivery.objects.select_for_update().get(pk=copy.delivery_id)
            still = PrintedCopy.objects.filter(pk=copy.pk, state=PrintedCopy.State.RESERVED)
            if not still.update(state=PrintedCopy.State.FAILED):
                continue
            Delivery.objects.filter(pk=delivery.pk).update(printed=F("printed") - 1)
            detail = {"number": copy.number}
            record(
                verb="exchange.print_failed",
                actor=copy.printed_by,
                unit_id=delivery.unit_id,
                subject=delivery,
                detail=detail,
            )
            given += 1
    return given
