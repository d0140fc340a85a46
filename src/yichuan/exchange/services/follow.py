"""One delivery takes another's place: sent again by the sender (R7), or passed on to the registry (R9)."""

from datetime import date

from yichuan.common import clock
from yichuan.common.transactions import require_transaction
from yichuan.exchange.models import Assignment, Delivery, PrintedCopy
from yichuan.exchange.services.paper import carry_paper
from yichuan.exchange.services.requests import end_requests
from yichuan.exchange.services.wrapping import Wrap
from yichuan.exchange.states import DeliveryState


def put_in_place(old: Delivery, wrap: Wrap, *, counted_day: date | None, note: str = "") -> Delivery:
    """A new delivery in the wrap's box that follows `old`, which has left its state already. A step, on a locked one.

    What was printed stays counted against the same allowance. Paper that is still on its way and what the registry
    gave to its offices belong to the new one; receipts stay with the old.
    """
    require_transaction()
    new = Delivery.objects.create(
        dispatch=old.dispatch,
        unit_id=wrap.box.unit_id,
        office_id=wrap.box.office_id,
        box=wrap.box,
        addressee=old.addressee,
        addressee_office=old.addressee_office,
        role=old.role,
        order=old.order,
        allowance=old.allowance,
        printed=old.printed - old.copies.filter(state=PrintedCopy.State.RESERVED).count(),
        wrapped_key=wrap.wrapped,
        state=DeliveryState.DELIVERED,
        counted_day=counted_day,
        arrived_at=clock.now(),
        follows=old,
        note=note,
    )
    carry_paper(old, new)
    Assignment.objects.filter(delivery=old).update(delivery=new)
    end_requests(old, f"这件公文已经是「{DeliveryState(old.state).label}」，需要时请在新的一件上再提。")
    return new
