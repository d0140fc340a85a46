"""A print that died with its process takes no copy from the delivery that is sent again in the place of its own."""

from support.printing import hold, print_original
from support.requests import asked_for_resend
from support.world import World
from yichuan.common import clock
from yichuan.exchange.models import Delivery, PrintedCopy
from yichuan.exchange.services.grant_request import grant
from yichuan.exchange.services.print_numbers import RESERVED_AT_MOST, reap_copies
from yichuan.exchange.services.sign_for import sign_for


def test_the_new_one_prints_all_that_is_allowed_under_its_numbers(world: World) -> None:
    old, clerk = world.signed_for(allowance=2), world.clerk["市环保局"]
    hold(old.unit, clerk)
    died = {"printed_by": clerk, "reserved_at": clock.now(), "state": PrintedCopy.State.RESERVED}
    PrintedCopy.objects.create(delivery=old, unit=old.unit, number=1, **died)
    Delivery.objects.filter(pk=old.pk).update(printed=1)

    request = grant(actor=world.sending_clerk, request_id=asked_for_resend(world, old).pk)
    new = request.led_to
    assert new is not None
    sign_for(actor=clerk, delivery_id=new.pk)
    assert print_original(actor=clerk, delivery_id=new.pk, copies=2).numbers == (1, 2)
    new.refresh_from_db()
    assert (new.printed, new.copies.filter(state=PrintedCopy.State.ISSUED).count()) == (2, 2)

    PrintedCopy.objects.filter(delivery=old).update(reserved_at=clock.now() - 2 * RESERVED_AT_MOST)
    assert reap_copies() == 1
    new.refresh_from_db()
    old.refresh_from_db()
    assert (old.printed, new.printed) == (0, 2)
