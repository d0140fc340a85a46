"""Looking at a delivered document on screen: on record, and not receiving (architecture, "the threat page")."""

from yichuan.audit.services.record import record
from yichuan.common.transactions import command
from yichuan.exchange.models import Delivery
from yichuan.people.models import Account


def record_look(actor: Account, delivery: Delivery, what: str = "body") -> None:
    """Write down that the actor opened the document or one of its attachments. A command."""
    with command():
        record(verb="exchange.look", actor=actor, unit_id=delivery.unit_id, subject=delivery, detail={"what": what})
