"""Changes of units as an application carries them out, by the steps of each room."""

from support.world import LONG_AGO, World
from yichuan.common import clock
from yichuan.common.transactions import command
from yichuan.exchange.services.take_over import Plan, finish_take_over, plan_take_over, take_over
from yichuan.org.models import Box, Office, Unit
from yichuan.org.services.close_unit import close_unit
from yichuan.org.services.register_unit import UnitEntry, make_box_keys, register_unit
from yichuan.org.services.rename_unit import rename_unit


def join(name: str, order: int) -> Unit:
    """A unit joins under this name."""
    entry = UnitEntry(f"Z{order}", name, f"江门{name}", "department", 9, LONG_AGO.date(), order)
    with command():
        return register_unit(entry)


def rename(unit: Unit, name: str) -> None:
    """The unit is called otherwise from today on."""
    with command():
        rename_unit(actor=None, unit=unit, name=f"江门{name}", short_name=name, on=clock.now().date())


def close(unit: Unit, taker: Unit, *, kept: str = "") -> Plan:
    """The unit closes: `taker` succeeds it, or only keeps what it had (`kept` names the disposal)."""
    plan = plan_take_over(unit, taker, kept=bool(kept))
    with command():
        take_over(actor=None, plan=plan)
        successor, disposal = (None, kept) if kept else (taker, Unit.Disposal.HAND_OVER.value)
        close_unit(actor=None, unit=unit, successor=successor, disposal=disposal)
    finish_take_over(plan)
    return plan


def merge_into(world: World, gone: str, stays: str) -> Plan:
    """One unit of the small centre goes into another."""
    return close(world.units[gone], world.units[stays])


def hand_over_office(office: Office, taker: Unit) -> Plan:
    """An office's box goes to another unit, as when it becomes one."""
    plan = plan_take_over(office.unit, taker, office=office)
    with command():
        take_over(actor=None, plan=plan)
    finish_take_over(plan)
    return plan


def box_of_office(office: Office) -> Box:
    """The office gets a box of its own."""
    with command():
        box = Box.objects.create(unit=office.unit, office=office, opened_at=LONG_AGO)
        make_box_keys(box)
    return box
