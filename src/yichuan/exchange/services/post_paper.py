"""寄送登记: the sender notes that papers went out, one by one or many at once (J-28, D4, D6)."""

import uuid
from collections.abc import Collection

from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.errors import Invalid, NotFound, Refused
from yichuan.common.outbox import publish
from yichuan.common.permissions import check
from yichuan.common.transactions import command
from yichuan.exchange.models import Dispatch, PaperItem, PaperRecipient
from yichuan.exchange.permissions import ExchangePermission
from yichuan.exchange.services.paper import note_open
from yichuan.exchange.services.paper_words import remark_of
from yichuan.people.models import Account

GONE = "没有这次发送，或者不是你单位的。请回到发送跟踪查看。"


def post_paper(
    *,
    actor: Account,
    dispatch_id: uuid.UUID,
    items: Collection[uuid.UUID] = (),
    recipients: Collection[uuid.UUID] = (),
    remark: str = "",
) -> int:
    """Note that these papers and these unconnected recipients' copies were posted; returns how many were. A command.

    What was posted before keeps its first time. `remark` (how, or under which number) stands with unconnected ones.
    """
    if not items and not recipients:
        raise Invalid({"items": "还没有选：请勾选已经寄出的纸质件。"})
    said = remark_of(remark)
    with command():
        dispatch = Dispatch.objects.select_for_update(no_key=True).filter(pk=dispatch_id).first()
        if dispatch is None or not actor.has_perm(ExchangePermission.TRACK, dispatch):
            raise NotFound("no_dispatch", GONE)
        if dispatch.withdrawn_at is not None:
            raise Refused("withdrawn", "这件公文已经撤回，不用再寄送纸质件。")
        check(actor, ExchangePermission.RECORD_PAPER, dispatch)
        now = clock.now()
        found = PaperItem.objects.filter(pk__in=items, delivery__dispatch=dispatch, posted_at=None)
        unconnected = PaperRecipient.objects.filter(pk__in=recipients, dispatch=dispatch, posted_at=None)
        told = list(found.values_list("delivery__unit_id", flat=True).distinct())
        posted = found.update(posted_at=now, posted_by=actor)
        posted_to = unconnected.update(posted_at=now, posted_by=actor, remark=said)
        if posted or posted_to:
            note_open(dispatch.pk)
            detail = {"paper_items": posted, "paper_recipients": posted_to, "reason": said}
            record(verb="exchange.post_paper", actor=actor, unit_id=dispatch.unit_id, subject=dispatch, detail=detail)
            publish("inbox", told, subject_id=dispatch.pk)
    return posted + posted_to
