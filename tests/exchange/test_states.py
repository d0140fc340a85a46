"""The table of a delivery's states: every pair of state and verb, what it does not list is refused (contract 5)."""

from collections.abc import Callable

import pytest
from django.forms.models import model_to_dict

from support.offices import of_office
from support.over_the_years import box_of_office
from support.printing import hold, print_original
from support.world import World
from yichuan.audit.models import Entry
from yichuan.common.errors import Refused
from yichuan.common.models import Event
from yichuan.compose.services.keys import wrap_for
from yichuan.exchange.models import Delivery, Dispatch, PrintedCopy, Receipt
from yichuan.exchange.services.ask_request import ask
from yichuan.exchange.services.check import delivered_key
from yichuan.exchange.services.forward import forward
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.read_by_interface import read
from yichuan.exchange.services.return_delivery import return_delivery
from yichuan.exchange.services.sign_for import sign_for
from yichuan.exchange.services.take_copy import take_copy
from yichuan.exchange.services.withdraw import withdraw
from yichuan.exchange.states import DELIVERY, DeliveryState
from yichuan.org.duties import Duty
from yichuan.org.models import Office
from yichuan.people.models import Account


def _forward(clerk: Account, delivery: Delivery) -> object:
    """What may be forwarded lies at an office, and its receiver does it."""
    delivery = Delivery.objects.select_related("box", "dispatch__document").get(pk=delivery.pk)
    if not DELIVERY.allows("forward", delivery.state):
        return forward(actor=clerk, delivery_id=delivery.pk)
    office = Office.objects.create(unit_id=delivery.unit_id, name=f"监测科{Office.objects.count()}")
    box = box_of_office(office)
    wrapped = wrap_for(box, delivery.dispatch.document, delivered_key(delivery))
    Delivery.objects.filter(pk=delivery.pk).update(office=office, box=box, wrapped_key=wrapped)
    receiver = of_office(office, Duty.RECEIVER, f"receiver-{Office.objects.count()}")
    return forward(actor=receiver, delivery_id=delivery.pk)


def _resend(clerk: Account, delivery: Delivery) -> object:
    """The receiver asks, the sender grants."""
    request = ask(actor=clerk, delivery_id=delivery.pk, kind="resend", copies=0, reason="打不开")
    return grant(actor=delivery.dispatch.sent_by, request_id=request.pk)


def _withdraw(dispatch: Dispatch) -> object:
    return withdraw(actor=dispatch.sent_by, dispatch_id=dispatch.pk, reason="日期写错")


def _program() -> Account:
    """The office system of the receiving unit."""
    return Account.objects.get(posts__duty=Duty.OFFICE_SYSTEM)


VERBS: dict[str, Callable[[Account, Delivery], object]] = {
    "sign_for": lambda clerk, delivery: sign_for(actor=clerk, delivery_id=delivery.pk),
    "return": lambda clerk, delivery: return_delivery(actor=clerk, delivery_id=delivery.pk, reason="退回"),
    "print": lambda clerk, delivery: print_original(actor=clerk, delivery_id=delivery.pk, copies=1),
    "copy": lambda clerk, delivery: take_copy(actor=clerk, delivery_id=delivery.pk),
    "forward": _forward,
    "resend": _resend,
    "withdraw": lambda _, delivery: _withdraw(delivery.dispatch),
    "read": lambda _, delivery: read(actor=_program(), delivery_id=delivery.pk),
}
PAIRS = [(verb, state) for verb in VERBS for state in DeliveryState]


def _everything(delivery: Delivery) -> object:
    delivery.refresh_from_db()
    counts = [model.objects.count() for model in (Entry, Receipt, PrintedCopy, Event)]
    return model_to_dict(delivery), counts


def test_the_table_knows_no_other_verb() -> None:
    assert {row.verb for row in DELIVERY.rows} == set(VERBS)


def test_what_the_table_does_not_list_is_refused_and_changes_nothing(world: World) -> None:
    delivery, clerk = world.delivery(), world.clerk["市环保局"]
    world.holder(Duty.OFFICE_SYSTEM, "市环保局")
    hold(delivery.unit, clerk)
    refused = [pair for pair in PAIRS if not DELIVERY.allows(*pair)]
    assert len(refused) == len(PAIRS) - len(DELIVERY.rows)
    for verb, state in refused:
        Delivery.objects.filter(pk=delivery.pk).update(state=state)
        before = _everything(delivery)
        with pytest.raises(Refused) as refusal:
            VERBS[verb](clerk, delivery)
        assert refusal.value.code == "wrong_state", (verb, state)
        assert state.label in refusal.value.message
        assert _everything(delivery) == before, (verb, state)


def test_what_it_lists_leads_where_it_says_under_its_name_in_the_log(world: World) -> None:
    clerk = world.clerk["市环保局"]
    world.holder(Duty.OFFICE_SYSTEM, "市环保局")
    for row in DELIVERY.rows:
        delivery = world.delivery()
        Delivery.objects.filter(pk=delivery.pk).update(state=row.source)
        VERBS[row.verb](clerk, delivery)
        delivery.refresh_from_db()
        assert delivery.state == row.target, row
        assert Entry.objects.filter(verb=row.audit, subject_id=delivery.pk).count() == 1, row
