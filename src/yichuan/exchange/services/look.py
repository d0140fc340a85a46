"""Looking at a delivered document on screen: on record, and not receiving (architecture, "the threat page")."""

from datetime import timedelta

from yichuan.audit.selectors import recorded_lately
from yichuan.audit.services.record import record
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.people.models import Account

VERB = "exchange.look"
AGAIN_AFTER = timedelta(hours=1)


def record_look(actor: Account, delivery: Delivery, what: str = "body") -> None:
    """Write down that the actor looks at the document or one of its attachments: once an hour each. A command."""
    if recorded_lately(verb=VERB, actor=actor, subject=delivery, since=clock.now() - AGAIN_AFTER, what=what):
        return
    with command():
        record(verb=VERB, actor=actor, unit_id=delivery.unit_id, subject=delivery, detail={"what": what})
