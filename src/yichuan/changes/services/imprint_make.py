"""Making an imprint of the picture that 附件2 brought (S2, J-plan 二): cleaned here, approved by the unit's head."""

import uuid

from yichuan.changes.batch_lists import imprint
from yichuan.changes.services.batch_access import plans
from yichuan.changes.services.import_key import picture_of
from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Actor
from yichuan.org.selectors import name_of
from yichuan.seals.models import Imprint
from yichuan.seals.services.imprint_scan import take

GONE = "没有这个印模，或者不归你单位办理。"


def make_imprint(*, actor: Actor, imprint_id: uuid.UUID, diameter_mm: float) -> Imprint:
    """Hand the picture to the seals' room, under the unit's own present name. A command."""
    found = imprint(imprint_id)
    if found is None or not plans(actor):
        raise NotFound("no_imprint", GONE)
    if found.replaced_at is not None:
        raise Refused("imprint_replaced", "后来又导入了这个单位的印模，请用新的那个。")
    if found.unit.closed_at is not None:
        raise Refused("unit_closed", f"{found.unit.name}已经注销，不能再制作印模。")
    return take(
        actor=actor,
        unit=found.unit,
        unit_name=name_of(found.unit_id),
        data=picture_of(found),
        diameter_mm=diameter_mm,
        dpi=found.dpi,
    )
