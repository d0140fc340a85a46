"""One seal, for whom it concerns."""

import uuid

from django.db.models import QuerySet

from yichuan.common.errors import NotFound
from yichuan.common.permissions import Actor
from yichuan.common.transactions import require_transaction
from yichuan.seals.models import Seal
from yichuan.seals.selectors_applications import hats


def visible_seals(actor: Actor) -> QuerySet[Seal]:
    """The seals of the person's own units; every seal for the supervising office and the operator."""
    worn = hats(actor)
    return Seal.objects.all() if worn.supervises or worn.operates else Seal.objects.filter(unit__in=worn.sees)


def visible_seal(actor: Actor, seal_id: uuid.UUID) -> Seal:
    """The seal, for one who may see it; another one looks as if it did not exist."""
    found = visible_seals(actor).select_related("unit", "unit_name", "replaces").filter(pk=seal_id).first()
    if found is None:
        raise NotFound("no_seal", "没有这枚印章，或者不是你单位的。请回到印章列表查看。")
    return found


def locked_seal(actor: Actor, seal_id: uuid.UUID) -> Seal:
    """The same, locked until the transaction ends. A step."""
    require_transaction()
    visible_seal(actor, seal_id)
    return Seal.objects.select_for_update(of=("self",)).select_related("unit").get(pk=seal_id)
