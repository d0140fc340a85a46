"""An office system that takes in deliveries: its account, and what it got."""

from support.world import World
from yichuan.exchange.services.take_in import Intake, Taken
from yichuan.interface.services.register_client import register_client
from yichuan.people.models import Account

UNIT = "市环保局"


def a_system(world: World) -> Account:
    """The account of a registered system of the unit."""
    return register_client(actor=None, name="办公系统", unit=world.units[UNIT])[0].account


def taken_of(intake: Intake) -> list[Taken]:
    """What was taken in; the refused ones left out."""
    return [each for each in intake.items.values() if isinstance(each, Taken)]
