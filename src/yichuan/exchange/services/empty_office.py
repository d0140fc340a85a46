"""An office closes: its exchange box goes to its unit's registry with all that lies in it (U7)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from yichuan.common.errors import Unavailable
from yichuan.common.permissions import Actor
from yichuan.exchange.services.take_over import finish_take_over, plan_take_over, take_over
from yichuan.org.models import Office


@contextmanager
def office_emptied(office: Office) -> Iterator[Callable[[Actor | None], None]]:
    """`YICHUAN_OFFICE_EMPTIED` of the room below: planned on entering, moved when called, old keys gone on leaving."""
    plan = plan_take_over(office.unit, office.unit, office=office)

    def move(actor: Actor | None) -> None:
        take_over(actor=actor, plan=plan)

    yield move
    with suppress(Unavailable):  # the office is closed by now; the ticker destroys the old keys (`settle_take_overs`)
        finish_take_over(plan)
