"""A desk that has not signed for, at the hours of a working Friday."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from support.world import World
from yichuan.common import clock
from yichuan.exchange.models import Delivery
from yichuan.exchange.services.remind import remind

HERE = ZoneInfo("Asia/Shanghai")


def friday(hour: int, minute: int = 0) -> datetime:
    """6 June 2008, a working day."""
    return datetime(2008, 6, 6, hour, minute, tzinfo=HERE)


def monday(hour: int, minute: int = 0) -> datetime:
    """9 June 2008; in the tests' centre a working day like any Monday."""
    return datetime(2008, 6, 9, hour, minute, tzinfo=HERE)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The centre's clock stands at this moment."""
    with clock.fixed_at(moment):
        yield


def arrived(world: World, *names: str, when: datetime | None = None) -> list[Delivery]:
    """One document at these units, nobody has signed for it; it arrived on Friday at 9."""
    dispatch = world.sent(*(names or ("市环保局",)))
    dispatch.deliveries.update(arrived_at=when or friday(9))
    return list(dispatch.deliveries.order_by("order"))


def tick(moment: datetime) -> int:
    """One round of chasing at this moment."""
    with at(moment):
        return remind()
