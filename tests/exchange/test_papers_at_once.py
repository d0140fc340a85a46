"""A paper that arrives in the moment in which its document is taken back or sent again: one after the other."""

import threading
import time
from typing import Any

import pytest

from support.at_once import at_once
from support.papers import dual, sent_with_papers
from support.requests import asked_for_resend
from support.world import World
from yichuan.exchange.models import Delivery, PaperItem
from yichuan.exchange.services import resend, withdraw
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.paper_arrived import paper_arrived

UNIT = "市环保局"


@pytest.mark.parametrize("verb", ["withdraw", "resend"])
@pytest.mark.django_db(transaction=True)
def test_neither_waits_for_the_other_for_ever(committed_world: World, verb: str, monkeypatch: Any) -> None:
    world = committed_world
    dual(world, receiver=UNIT)
    sent_with_papers(world, UNIT)
    item = PaperItem.objects.get()
    delivery, begun = Delivery.objects.get(), threading.Event()
    module, name = (withdraw, "_open") if verb == "withdraw" else (resend, "counted_day")
    real = getattr(module, name)

    def slowly(given: Any) -> Any:
        begun.set()
        time.sleep(0.7)  # the other has what it locks first by now
        return real(given)

    monkeypatch.setattr(module, name, slowly)
    request = asked_for_resend(world, delivery) if verb == "resend" else None

    def work(number: int) -> None:
        if number:
            assert begun.wait(30)
            paper_arrived(actor=world.clerk[UNIT], delivery_id=delivery.pk, item_id=item.pk)
        elif request is not None:
            grant(actor=world.sending_clerk, request_id=request.pk)
        else:
            withdraw.withdraw(actor=world.sending_clerk, dispatch_id=delivery.dispatch_id, reason="附件有误")

    refused = at_once(work, 2)
    assert [getattr(each, "code", type(each).__name__) for each in refused] in ([], ["wrong_state"], ["no_paper"])
    delivery.refresh_from_db()
    assert delivery.state == ("withdrawn" if verb == "withdraw" else "replaced")
