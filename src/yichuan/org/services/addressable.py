"""Whether other units may send straight to an office (D2): the unit's own decision, on record."""

import uuid

from yichuan.audit.services.record import record
from yichuan.common.errors import Refused
from yichuan.common.transactions import command
from yichuan.org.models import Box
from yichuan.org.services.offices import locked_office
from yichuan.people.models import Account


def set_addressable(*, actor: Account, office_id: uuid.UUID, allowed: bool) -> Box:
    """Let others send to an office's box, or only to the unit's registry. A command; set twice it stays as it is."""
    with command():
        office = locked_office(actor, office_id)
        box = Box.objects.select_for_update().filter(office=office, closed_at=None).first()
        if box is None:
            raise Refused("no_box", f"{office.name}还没有交换箱，请先开设。")
        if box.addressable != allowed:
            box.addressable = allowed
            box.save(update_fields=["addressable"])
            detail = {"name": office.name, "addressable": allowed}
            record(verb="org.set_addressable", actor=actor, unit_id=office.unit_id, subject=box, detail=detail)
    return box
