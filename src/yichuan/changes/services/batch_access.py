"""Who works with batches: the operator plans and imports (J-6(2)), the supervising office sees all and approves."""

import uuid

from yichuan.changes.models import Batch, Import
from yichuan.changes.permissions import ChangesPermission as May
from yichuan.changes.selectors import hats, party
from yichuan.common.errors import NotAllowed, NotFound
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.org.models import CentreRole

GONE = "没有这个批次，或者不归你单位办理。请回到批次列表查看。"


def plans(actor: Actor) -> bool:
    """Whether this person plans batches, for the unit that operates the centre."""
    operator = party(CentreRole.Role.OPERATING)
    return operator is not None and actor.has_perm(May.PLAN_BATCHES, operator)


def require_sight(actor: Actor) -> None:
    """Raise `NotAllowed` unless batches are this person's business."""
    if not (plans(actor) or hats(actor).supervises):
        raise NotAllowed("not_a_party", "批次由承办单位安排、主管单位审批，你的单位不办理。")


def visible_batch(actor: Actor, number: int) -> Batch:
    """The batch, for one who may see batches; to others it looks as if there were none."""
    batch = Batch.objects.filter(pk=number).first() if number < 2**15 else None
    if batch is None or not (plans(actor) or hats(actor).supervises):
        raise NotFound("no_batch", GONE)
    return batch


def planned_batch(actor: Actor, number: int) -> Batch:
    """The batch, for the operator alone."""
    batch = visible_batch(actor, number)
    _require_operator(actor)
    return batch


def locked_batch(actor: Actor, number: int) -> Batch:
    """The same, locked. A step."""
    require_transaction()
    planned_batch(actor, number)
    return Batch.objects.select_for_update().get(pk=number)


def planned_import(actor: Actor, import_id: uuid.UUID) -> Import:
    """An import, for the operator alone."""
    found = Import.objects.select_related("batch", "taken_by").filter(pk=import_id).first()
    if found is None or not plans(actor):
        raise NotFound("no_import", "没有这次导入，或者不归你单位办理。请回到批次页查看。")
    return found


def locked_import(actor: Actor, import_id: uuid.UUID) -> Import:
    """The same, locked. A step."""
    require_transaction()
    planned_import(actor, import_id)
    return Import.objects.select_for_update().get(pk=import_id)


def _require_operator(actor: Actor) -> None:
    if not plans(actor):
        raise NotAllowed("not_operator", "这一步由承办单位办理，主管单位只查看和审批。")
