"""One imprint, for whom it concerns: the unit it stands for, and the centre's parties once they handle it."""

import uuid

from yichuan.common.errors import NotFound, Refused
from yichuan.common.permissions import Actor, check
from yichuan.common.transactions import require_transaction
from yichuan.org.models import Unit
from yichuan.seals.kinds import ApplicationState
from yichuan.seals.models import Imprint
from yichuan.seals.permissions import SealsPermission
from yichuan.seals.services.parties import operates, supervises

GONE = "没有这个印模，或者与你单位无关。请回到印模列表查看。"
MOST_DRAFTS = 20


def visible(actor: Actor, imprint_id: uuid.UUID) -> Imprint:
    """The imprint, for one who may look at it; to another one it does not exist."""
    near = ("unit", "unit_name", "made_by", "approved_by")
    found = Imprint.objects.select_related(*near).filter(pk=imprint_id).first()
    if found is None or not _sees(actor, found):
        raise NotFound("no_imprint", GONE)
    return found


def may_make(actor: Actor, unit: Unit) -> bool:
    """The unit's own people make its imprints; the operator may, of the picture that came with 附件2."""
    return actor.has_perm(SealsPermission.APPLY, unit) or operates(actor)


def open_unit(actor: Actor, unit_id: uuid.UUID) -> Unit:
    """The unit, locked, with room for one more imprint. A step."""
    require_transaction()
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    if unit.closed_at is not None:
        raise Refused("unit_closed", f"{unit.name}已经注销，不能再制作印模。")
    if not may_make(actor, unit):
        check(actor, SealsPermission.APPLY, unit)
    if Imprint.objects.filter(unit=unit, approved_at=None).count() >= MOST_DRAFTS:
        raise Refused("many_imprints", f"没有批准的印模已有 {MOST_DRAFTS} 个。请先删去不用的，再制作。")
    return unit


def open_imprint(actor: Actor, imprint_id: uuid.UUID) -> Imprint:
    """The imprint, locked, as long as it may be changed: nothing changes once it is approved. A step."""
    require_transaction()
    visible(actor, imprint_id)
    near = Imprint.objects.select_for_update(of=("self",)).select_related("unit", "unit_name")
    found = near.filter(pk=imprint_id).first()
    if found is None:
        raise NotFound("no_imprint", GONE)
    if found.approved_at is not None:
        raise Refused("imprint_approved", "印模已经批准，不能再改。要改的，请另外制作一个。")
    return found


def _sees(actor: Actor, imprint: Imprint) -> bool:
    if actor.has_perm(SealsPermission.SEE, imprint.unit):
        return True
    if not (supervises(actor) or operates(actor)):
        return False
    handled = imprint.applications.exclude(state__in=(ApplicationState.DRAFT, ApplicationState.WITHDRAWN))
    return imprint.made_by_id == actor.pk or handled.exists()
