"""The numbers of originals: taken under a lock, counted once their file was made, given back where none was.

What a process did not live to count is given back by the reaper, because no byte of it left.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, UUIDField

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Refused
from yichuan.common.prepared import Prepared
from yichuan.common.transactions import command, require_transaction
from yichuan.exchange.chain import numbers_taken
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.people.models import Account

RESERVED_AT_MOST = timedelta(minutes=5)
AGAIN_AT_MOST = timedelta(minutes=10)
State = PrintedCopy.State

_under = Prepared(
    lambda request: (
        PrintedCopy.objects.filter(request=request)
        .exclude(state=State.FAILED)
        .select_related("verification")
        .order_by("number")
    ),
    request=UUIDField(),
)


def taken_under(request: uuid.UUID, actor: Account, delivery: Delivery) -> list[PrintedCopy]:
    """The copies that this request has issued already. Refused while it is still being worked on."""
    copies = _under(request=request)
    if any(copy.delivery_id != delivery.pk or copy.printed_by_id != actor.pk for copy in copies):
        raise Refused("request_reused", "这张打印单已经用过。请刷新页面，重新填写份数。")
    if any(copy.reserved_at < clock.now() - AGAIN_AT_MOST for copy in copies):
        raise Refused("request_over", "这张打印单已经过时。请刷新页面，重新填写份数。")
    if any(copy.state == State.RESERVED for copy in copies):
        raise _still_printing()
    return copies


def require_left(delivery: Delivery, copies: int) -> None:
    """Refuse what goes beyond the allowance."""
    left = delivery.allowance - delivery.printed
    if copies > left:
        raise Refused(
            "beyond_allowance",
            f"允许打印 {delivery.allowance} 份，剩余 {left} 份，不能再打印 {copies} 份。需要更多，请联系发文单位追加。",
            field="copies",
        )


def take(request: uuid.UUID, actor: Account, delivery: Delivery, copies: int) -> list[PrintedCopy]:
    """Reserve the lowest free numbers. A step, on a locked delivery; what it refuses, it refuses before any change."""
    require_transaction()
    if taken_under(request, actor, delivery):
        raise _still_printing()
    require_left(delivery, copies)
    taken, at = numbers_taken(delivery), clock.now()
    free = [number for number in range(1, delivery.allowance + 1) if number not in taken]
    Delivery.objects.filter(pk=delivery.pk).update(printed=F("printed") + copies)
    return PrintedCopy.objects.bulk_create(
        [
            PrintedCopy(
                delivery=delivery,
                unit_id=delivery.unit_id,
                number=number,
                request=request,
                printed_by=actor,
                reserved_at=at,
                state=State.RESERVED,
            )
            for number in free[:copies]
        ]
    )


def count(copies: list[PrintedCopy]) -> None:
    """They are issued, with the word of their verification seal. A step, on the locked delivery, without which none of
    them changes; refused, before any change, where they were given back meanwhile."""
    require_transaction()
    mine = PrintedCopy.objects.filter(pk__in=[copy.pk for copy in copies], state=State.RESERVED)
    if mine.count() != len(copies):
        raise Refused("print_interrupted", "这次打印已经中断，份数已退还。请重新打印。")
    seal, word = copies[0].verification, copies[0].verified
    mine.update(state=State.ISSUED, issued_at=clock.now(), verification=seal, verified=word)


def give_back(copies: Iterable[PrintedCopy]) -> int:
    """Free the numbers that are still reserved; the delivery is locked first, as it is where copies are counted. A
    command for each of them."""
    given = 0
    for copy in copies:
        with command():
            delivery = Delivery.objects.select_for_update().get(pk=copy.delivery_id)
            still = PrintedCopy.objects.filter(pk=copy.pk, state=State.RESERVED)
            if not still.update(state=State.FAILED):
                continue
            Delivery.objects.filter(pk=delivery.pk).update(printed=F("printed") - 1)
            record(
                verb="exchange.print_failed",
                actor=copy.printed_by,
                unit_id=delivery.unit_id,
                subject=delivery,
                detail={"number": copy.number},
            )
            given += 1
    return given


def reap_copies() -> int:
    """Give back numbers whose process died before the file was counted. A command for each of them."""
    stale = PrintedCopy.objects.filter(state=State.RESERVED, reserved_at__lt=clock.now() - RESERVED_AT_MOST)
    return give_back(list(stale))


def _still_printing() -> Refused:
    return Refused("printing", "打印文件正在生成，请稍等，不要重复打印。")
