"""Printing, granting more and sending again in one moment: what leaves on paper never passes what was allowed."""

import uuid

import pytest

from support.at_once import at_once
from support.printing import hold, print_original
from support.requests import asked_for_prints, asked_for_resend
from support.world import World
from yichuan.common.errors import Refused
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.states import SUPERSEDED


@pytest.mark.django_db(transaction=True)
def test_two_grants_two_resends_and_prints_keep_to_the_allowance(committed_world: World) -> None:
    world = committed_world
    old, clerk = world.signed_for(allowance=2), world.clerk["市环保局"]
    hold(old.unit, clerk)
    prints, resend = asked_for_prints(world, old, copies=1), asked_for_resend(world, old)

    def work(number: int) -> None:
        if number < 2:
            grant(actor=world.sending_clerk, request_id=prints.pk)
        elif number < 4:
            grant(actor=world.sending_clerk, request_id=resend.pk)
        else:
            print_original(actor=clerk, delivery_id=old.pk, copies=1, request=uuid.uuid4())

    raised = at_once(work, 7)
    assert all(isinstance(each, Refused) for each in raised), raised
    issued = PrintedCopy.objects.filter(state=PrintedCopy.State.ISSUED)
    now = Delivery.objects.exclude(state__in=SUPERSEDED).get()
    assert now.allowance in {2, 3}, "granted once, or not at all"
    assert now.printed == issued.count() <= now.allowance
    assert len({copy.number for copy in issued}) == issued.count()
    assert Delivery.objects.count() == (1 if now.pk == old.pk else 2)
