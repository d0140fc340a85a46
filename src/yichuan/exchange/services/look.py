"""Looking at a delivered document on screen: on record, and not receiving (architecture, "the threat page")."""

import uuid
from datetime import timedelta

from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery, ReturnNotice
from yichuan.people.models import Account

VERB = "exchange.look"
AGAIN_AFTER = timedelta(hours=1)


def record_look(actor: Account, delivery: Delivery, what: str = "body") -> None:
    """Write down that the actor looks at the document or one of its attachments: once an hour each. A command.

    Of what its sender took back nothing is shown, so that nobody looks at it.
    """
    if delivery.taken_back:
        return
    if recorded_lately(verb=VERB, actor=actor, subject=delivery, since=clock.now() - AGAIN_AFTER, what=what):
        return
    with command():
        record(verb=VERB, actor=actor, unit_id=delivery.unit_id, subject=delivery, detail={"what": what})


def record_look_at_notice(actor: Account, notice: ReturnNotice, unit_id: uuid.UUID) -> None:
    """Write down that somebody of this unit, the returning one or the sender, reads the 退文告知单: once an hour. A
    command."""
    verb = "exchange.look_at_notice"
    if recorded_lately(verb=verb, actor=actor, subject=notice, since=clock.now() - AGAIN_AFTER):
        return
    with command():
        record(verb="exchange.look_at_notice", actor=actor, unit_id=unit_id, subject=notice)
